//! What was given up on, for staff: by cause, each with its bytes, to be tried again or discarded.

pub mod discard;
pub mod list;
pub mod retry;
pub mod show;

use serde::Deserialize;
use storewire_actors::DeadSelection;
use storewire_db::{StoreRow, stores};
use storewire_domain::StoreId;
use storewire_guard::access::Action;
use uuid::Uuid;

use super::{stores as pages, url};
use crate::{error::WebError, extract::Session, state::AppState};

/// The dead letters that a form is about: one, or all of a cause.
#[derive(Debug, Deserialize)]
pub struct DeadForm {
    store: StoreId,
    id: Option<Uuid>,
    cause: Option<String>,
    /// The page to return to; the letter's own, or all of them, if none is given.
    next: Option<String>,
}

impl DeadForm {
    /// What is meant, and the page to return to.
    fn selection(&self) -> Result<(DeadSelection, String), WebError> {
        let (which, own) = match (self.id, self.cause.as_deref()) {
            (Some(id), _) => (DeadSelection::Ids(vec![id]), url::dead_letter(id)),
            (None, Some(cause)) if !cause.is_empty() => {
                (DeadSelection::Cause(cause.to_owned()), url::DEAD_LETTERS.to_owned())
            }
            (None, _) => return Err(WebError::BadRequest("neither a letter nor a cause is named".to_owned())),
        };
        Ok((which, self.next.as_deref().map_or(own, |next| url::same_site(next).to_owned())))
    }
}

/// The store that a form is about, if its sender may decide over its dead letters.
async fn addressed(session: &Session, state: &AppState, id: StoreId) -> Result<StoreRow, WebError> {
    pages::require(session, Action::Sync)?;
    let tx = state.db.read(&session.scope()).await?;
    let store = stores::find(&tx, id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    Ok(store)
}
