//! What left by e-mail: the delivery log on the pages of what letters are about.

mod send;

use jiff::Timestamp;
use storewire_db::{ReadTx, letters};
use storewire_domain::RoleClass;
use uuid::Uuid;

use super::{table::Table, view::LetterLog, words::Words};
use crate::{error::WebError, extract::Session};

/// The newest letters of a page.
const SHOWN: u32 = 50;

/// Mounts what is done with letters.
pub fn configure(table: &mut Table<'_>) {
    table.post("/letters/{id}/send", send::submit);
}

/// What was written about something, and how its deliveries went; `None` for merchants.
pub async fn of(
    tx: &ReadTx,
    session: &Session,
    about: Uuid,
    now: Timestamp,
    t: &Words,
) -> Result<Option<LetterLog>, WebError> {
    if session.class() != RoleClass::Staff {
        return Ok(None);
    }
    Ok(Some(LetterLog::new(&letters::of(tx, about, SHOWN).await?, now, t)))
}
