//! Stores, for staff: their state, connecting one, and what people do to one. For anyone else these pages do not exist.

pub mod accept_source;
pub mod create;
pub mod diary;
pub mod drift;
pub mod list;
pub mod new;
pub mod pause;
pub mod reconcile;
pub mod resume;
pub mod rotate_secret;
pub mod set_goal;
pub mod set_owners;
pub mod show;
pub mod sync;

use actix_web::HttpResponse;
use serde::Deserialize;
use storewire_db::{StoreRow, stores};
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area, allowed};

use super::{respond, url};
use crate::{error::WebError, extract::Session, state::AppState};

/// A form that only says where it was pressed.
#[derive(Debug, Default, Deserialize)]
pub struct Pressed {
    /// The page to return to; the store's own if none is given.
    next: Option<String>,
}

impl Pressed {
    /// Back to where the button is, with what became of the deed.
    fn back(&self, store: StoreId, word: &str) -> HttpResponse {
        let own = url::store(store);
        let next = self.next.as_deref().map_or(own.as_str(), url::same_site);
        respond::see(&url::saying(next, word))
    }
}

/// Hides the pages from who may not see stores, and refuses what a role that sees them may not do.
pub fn require(session: &Session, action: Action) -> Result<(), WebError> {
    if !allowed(session, Area::Stores, Action::View) {
        return Err(WebError::NotFound);
    }
    session.require(Area::Stores, action)
}

/// The store that a form is about, if its sender may do that to it.
async fn addressed(session: &Session, state: &AppState, id: StoreId, action: Action) -> Result<StoreRow, WebError> {
    require(session, action)?;
    let tx = state.db.read(&session.scope()).await?;
    let store = stores::find(&tx, id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    Ok(store)
}
