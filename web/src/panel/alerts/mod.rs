//! What is wrong with stores now, above every page of staff.

pub mod show;

use storewire_db::{DbError, ReadTx, alerts};
use storewire_guard::access::{Action, Area, allowed};

use super::{frame::words, view::Alerts, words::Words};
use crate::extract::Session;

/// The open alerts of the stores that the reader keeps; `None` for who keeps none.
///
/// # Errors
/// As every statement.
pub async fn of(tx: &ReadTx, session: &Session) -> Result<Option<Alerts>, DbError> {
    for_keeper(tx, allowed(session, Area::Stores, Action::View), &words(session)).await
}

/// The same for somebody of whom it is known whether they keep stores.
///
/// # Errors
/// As every statement.
pub async fn for_keeper(tx: &ReadTx, keeps_stores: bool, t: &Words) -> Result<Option<Alerts>, DbError> {
    if !keeps_stores {
        return Ok(None);
    }
    Ok(Some(Alerts::new(&alerts::open(tx).await?, t)))
}
