//! `POST /support`: opens a ticket.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use storewire_actors::desk::NewTicket;
use storewire_domain::{RoleClass, StoreId, TenantId, ticket::Priority};
use uuid::Uuid;

use super::{about, new, notice, outcome, words};
use crate::{
    api::tickets::open,
    error::WebError,
    extract::Session,
    panel::{
        respond,
        upload::Texts,
        url,
        view::{NewTicketPage, priorities},
    },
    state::AppState,
};

/// Handles the request. What is refused comes back with the form, as 422.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    state: web::Data<AppState>,
    form: Multipart,
) -> Result<HttpResponse, WebError> {
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
    let why = match opened {
        Ok(row) => return Ok(respond::see(&url::saying(&url::ticket(row.id), "ticket_opened"))),
        Err(error) => outcome::why(&error).ok_or(error)?,
    };
    let page = new::page(&session, &request, &state, texts.get("about")).await?;
    respond::page_with(StatusCode::UNPROCESSABLE_ENTITY, &filled(page, texts, priority, why))
}

/// The page with what was typed, and why it was not taken. Files must be chosen anew.
fn filled(mut page: NewTicketPage, texts: &Texts, priority: Priority, why: &str) -> NewTicketPage {
    page.frame.said = notice(why, &page.t);
    page.subject = texts.get("subject").to_owned();
    page.text = texts.get("text").to_owned();
    for store in &mut page.stores {
        store.is_chosen = store.value == texts.get("store");
    }
    if !page.priorities.is_empty() {
        page.priorities = priorities(Some(priority), &page.t);
    }
    page
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
