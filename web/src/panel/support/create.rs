//! `POST /support`: opens a ticket.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};
use storewire_actors::{DeskError, desk::NewTicket};
use storewire_domain::{RoleClass, StoreId, TenantId, ticket::Priority};
use uuid::Uuid;

use super::{about, outcome, words};
use crate::{
    api::tickets::open,
    error::WebError,
    extract::Session,
    panel::{upload::Texts, url},
    state::AppState,
};

/// Handles the request.
pub async fn submit(session: Session, state: web::Data<AppState>, form: Multipart) -> Result<HttpResponse, WebError> {
    open::require(&session)?;
    let said = words::read_for(form, &session, &state, async |texts| home(&session, &state, texts).await).await?;
    let texts = &said.texts;
    let priority = match session.class() {
        RoleClass::Staff => texts.get("priority").parse().unwrap_or(Priority::Normal),
        RoleClass::Merchant => Priority::Normal,
    };
    let wish = NewTicket {
        tenant: home(&session, &state, texts).await?,
        store: store(texts)?,
        subject: texts.get("subject").trim().to_owned(),
        words: said.words,
        priority,
        about: about::parse(texts.get("about")),
    };
    let opened = state.engine.desk().open(said.deed, session.hand(), wish).await;
    let page = match &opened {
        Ok(row) => url::ticket(row.id),
        Err(DeskError::Refused(_)) => url::with("/support/new", &[("about", texts.get("about"))]),
        Err(_) => String::new(),
    };
    outcome::tell(opened, &page, "ticket_opened")
}

fn store(texts: &Texts) -> Result<StoreId, WebError> {
    texts
        .get("store")
        .parse::<Uuid>()
        .map(StoreId)
        .map_err(|_| WebError::BadRequest("the form names no store".to_owned()))
}

/// Whose desk it is, by the fields before the files.
async fn home(session: &Session, state: &AppState, texts: &Texts) -> Result<TenantId, WebError> {
    open::home(state, session, store(texts)?, about::parse(texts.get("about"))).await
}
