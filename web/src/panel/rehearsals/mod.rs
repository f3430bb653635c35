//! Rehearsals, for staff who keep every store: begun, followed, stopped, read. For anyone else these pages do not exist.

pub mod begin;
pub mod clear;
pub mod leave;
pub mod list;
pub mod show;
pub mod stop;
pub mod watch;

use actix_web::{HttpRequest, HttpResponse};
use storewire_db::rehearsals::RehearsalRow;
use storewire_domain::TenantId;
use storewire_guard::access::may_rehearse;

use super::respond;
use crate::{
    error::WebError,
    extract::{Client, Session, cookie},
    rehearsals::addressed,
    state::AppState,
};

/// Hides the pages from who may not rehearse.
fn require(session: &Session) -> Result<(), WebError> {
    if may_rehearse(session) { Ok(()) } else { Err(WebError::NotFound) }
}

/// The rehearsal that a page or a form is about.
async fn named(session: &Session, state: &AppState, id: TenantId) -> Result<RehearsalRow, WebError> {
    require(session)?;
    addressed(session, state, id).await
}

/// On to `path`, with this browser watching that rehearsal or none.
fn sent(request: &HttpRequest, watched: Option<TenantId>, path: &str) -> Result<HttpResponse, WebError> {
    let mut response = respond::see(path);
    let cookie = cookie::watch(watched, &Client::of(request));
    response.add_cookie(&cookie).map_err(|error| WebError::Internal(Box::new(error)))?;
    Ok(response)
}
