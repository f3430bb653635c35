//! `GET /support/new`: the form that opens a ticket, about a record if the address names one.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use storewire_db::stores;
use storewire_domain::RoleClass;
use uuid::Uuid;

use super::{
    about::{self, Found},
    words::FILES,
};
use crate::{
    api::tickets::open,
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        respond, url,
        view::{Choice, NewTicketPage, priorities},
    },
    state::AppState,
};

/// What the ticket is to be about: `order:<id>`.
#[derive(Debug, Deserialize)]
pub struct NewQuery {
    about: Option<String>,
}

/// Handles the request. A record that is not there for this reader is no page.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<NewQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    open::require(&session)?;
    let (t, now) = (words(&session), state.clock.now());
    let about = query.about.as_deref().filter(|text| !text.is_empty());
    let about = about.map(|text| about::parse(text).ok_or(WebError::NotFound)).transpose()?;
    let tx = state.db.read(&session.scope()).await?;
    let found = match about {
        Some(about) => Some(about::find(&tx, &session, about, now, &t).await?.ok_or(WebError::NotFound)?),
        None => None,
    };
    let stores = stores::glances(&tx).await?;
    tx.commit().await?;
    let chosen = found.as_ref().map(|Found { store, .. }| *store);
    // Whoever has one store is not asked which.
    let chosen = chosen.or_else(|| stores.first().filter(|_| stores.len() == 1).map(|store| store.id));
    respond::page(&NewTicketPage {
        frame: Frame::new(&request, &session, url::SUPPORT, now, &t),
        deed: Uuid::now_v7(),
        about: about.map(|(kind, id)| format!("{kind}:{id}")),
        subject: found.as_ref().map(|Found { card, .. }| card.named()).unwrap_or_default(),
        card: found.map(|Found { card, .. }| card),
        stores: stores
            .iter()
            .filter(|store| about.is_none() || Some(store.id) == chosen)
            .map(|store| Choice::store(store, chosen))
            .collect(),
        priorities: if session.class() == RoleClass::Staff { priorities(None, &t) } else { Vec::new() },
        files_hint: t.count("ticket-files-hint", FILES.into()),
        t,
    })
}
