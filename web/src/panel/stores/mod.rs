//! Stores, for staff: their state, connecting one, asking one for what changed. For anyone else these pages do not exist.

pub mod create;
pub mod list;
pub mod new;
pub mod show;
pub mod sync;

use storewire_guard::access::{Action, Area, allowed};

use crate::{error::WebError, extract::Session};

/// Hides the pages from who may not see stores, and refuses what a role that sees them may not do.
fn require(session: &Session, action: Action) -> Result<(), WebError> {
    if !allowed(session, Area::Stores, Action::View) {
        return Err(WebError::NotFound);
    }
    session.require(Area::Stores, action)
}
