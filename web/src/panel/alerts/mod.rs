//! What is wrong with stores now, above every page of staff.

pub mod show;

use storewire_db::{DbError, ReadTx, alerts};
use storewire_guard::access::{Action, Area, allowed};

use super::{frame::words, view::Alerts};
use crate::extract::Session;

/// The open alerts of the stores that the reader keeps; `None` for who keeps none.
///
/// # Errors
/// As every statement.
pub async fn of(tx: &ReadTx, session: &Session) -> Result<Option<Alerts>, DbError> {
    if !allowed(session, Area::Stores, Action::View) {
        return Ok(None);
    }
    Ok(Some(Alerts::new(&alerts::open(tx).await?, &words(session))))
}
