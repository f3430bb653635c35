//! `GET /support/new`: the form that opens a ticket, about a record if the address names one.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use storewire_db::stores;
use storewire_domain::RoleClass;
use uuid::Uuid;

use super::{
    about::{self, Found},
    words::caps,
};
use crate::{
    api::tickets::open,
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        respond, url,
        view::{Choice, NewTicketPage, files_hint, priorities},
    },
    state::AppState,
};

/// A subject's characters.
const SUBJECT: usize = 200;

/// What the ticket is to be about.
#[derive(Debug, Deserialize)]
pub struct NewQuery {
    /// `order:<id>`.
    about: Option<String>,
    /// What befell it, from the page that tells of an error; the record's name if there is none.
    subject: Option<String>,
}

/// Handles the request. A record that is not there for this reader is no page.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<NewQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let about = query.about.as_deref().unwrap_or_default();
    let mut page = page(&session, &request, &state, about).await?;
    if let Some(subject) = query.subject.as_deref().filter(|text| !text.trim().is_empty()) {
        page.subject = subject.chars().take(SUBJECT).collect();
    }
    respond::page(&page)
}

/// The page of a form about a record in the words of an address; about none if those are empty.
pub(super) async fn page(
    session: &Session,
    request: &HttpRequest,
    state: &AppState,
    about: &str,
) -> Result<NewTicketPage, WebError> {
    open::require(session)?;
    let (t, now) = (words(session), state.clock.now());
    let about = Some(about).filter(|text| !text.is_empty());
    let about = about.map(|text| about::parse(text).ok_or(WebError::NotFound)).transpose()?;
    let tx = state.db.read(&session.scope()).await?;
    let found = match about {
        Some(about) => Some(about::find(&tx, session, about, now, &t).await?.ok_or(WebError::NotFound)?),
        None => None,
    };
    let stores = stores::glances(&tx).await?;
    tx.commit().await?;
    let chosen = found.as_ref().map(|Found { store, .. }| *store);
    // Whoever has one store is not asked which.
    let chosen = chosen.or_else(|| stores.first().filter(|_| stores.len() == 1).map(|store| store.id));
    let caps = caps(state);
    Ok(NewTicketPage {
        frame: Frame::new(request, session, url::SUPPORT, now, &t),
        deed: Uuid::now_v7(),
        about: about.map(|(kind, id)| format!("{kind}:{id}")),
        subject: found.as_ref().map(|Found { card, .. }| card.named()).unwrap_or_default(),
        text: String::new(),
        card: found.map(|Found { card, .. }| card),
        stores: stores
            .iter()
            .filter(|store| about.is_none() || Some(store.id) == chosen)
            .map(|store| Choice::store(store, chosen))
            .collect(),
        priorities: if session.class() == RoleClass::Staff { priorities(None, &t) } else { Vec::new() },
        files_hint: files_hint(caps.files, caps.file_bytes, &t),
        t,
    })
}
