//! Letters as staff see them, with the log of tries.

use jiff::Timestamp;
use storewire_domain::{
    LetterId, StoreId, TenantId,
    letter::{LetterFault, LetterState, TryOutcome},
};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    DbError, ReadTx,
    decode::known,
    select::{Finished, Select, borrowed},
};

/// One letter with its tries.
#[derive(Clone, Debug)]
pub struct LetterRow {
    pub tenant_id: TenantId,
    pub id: LetterId,
    pub store_id: Option<StoreId>,
    pub to_address: String,
    pub to_name: String,
    pub subject: String,
    pub body: String,
    /// `request`, `ticket` or `return`.
    pub about_kind: String,
    pub about_id: Uuid,
    pub state: LetterState,
    /// When it is tried next, while it waits.
    pub due_at: Timestamp,
    /// Why it failed.
    pub fault: Option<LetterFault>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// Oldest first.
    pub tries: Vec<TryRow>,
}

/// One try to send a letter.
#[derive(Clone, Debug)]
pub struct TryRow {
    /// From 1.
    pub number: i16,
    pub at: Timestamp,
    pub outcome: TryOutcome,
    /// The server's code and words; ours where it had none.
    pub said: String,
}

/// The latest letters about something, newest first, at most `limit`.
///
/// # Errors
/// As every statement; rows that do not decode are left out.
pub async fn of(tx: &ReadTx, about: Uuid, limit: u32) -> Result<Vec<LetterRow>, DbError> {
    let mut select = within_sight(tx);
    select.filter("letter.about_id = $", about);
    letters(tx, select.finish(ORDER, limit)).await
}

/// One letter, if the reader may see it.
///
/// # Errors
/// As [`of`].
pub async fn find(tx: &ReadTx, id: LetterId) -> Result<Option<LetterRow>, DbError> {
    let mut select = within_sight(tx);
    select.filter("letter.id = $", id.uuid());
    Ok(letters(tx, select.finish_all(ORDER)).await?.pop())
}

const ORDER: &str = "ORDER BY letter.id DESC";

fn within_sight(tx: &ReadTx) -> Select {
    let mut select = Select::new(include_str!("../../queries/letter/list.sql"));
    if let Some(stores) = tx.stores_in_sight() {
        select.filter("letter.store_id = ANY ($)", stores);
    }
    select
}

async fn letters(tx: &ReadTx, (sql, params): Finished) -> Result<Vec<LetterRow>, DbError> {
    with_tries(tx, known(&tx.query(&sql, &borrowed(&params)).await?, letter)?).await
}

/// What letters are about is one tenant's, and so are they.
async fn with_tries(tx: &ReadTx, mut letters: Vec<LetterRow>) -> Result<Vec<LetterRow>, DbError> {
    let Some(tenant) = letters.first().map(|letter| letter.tenant_id) else { return Ok(letters) };
    let ids: Vec<Uuid> = letters.iter().map(|letter| letter.id.uuid()).collect();
    for row in tx.query(include_str!("../../queries/letter/tries.sql"), &[&tenant.uuid(), &ids]).await? {
        let id = LetterId(row.try_get("letter_id")?);
        let tried = TryRow {
            number: row.try_get("number")?,
            at: row.try_get("at")?,
            outcome: word(row.try_get("outcome")?, "letter_try", "outcome")?,
            said: row.try_get("said")?,
        };
        if let Some(letter) = letters.iter_mut().find(|letter| letter.id == id) {
            letter.tries.push(tried);
        }
    }
    Ok(letters)
}

fn letter(row: &Row) -> Result<LetterRow, DbError> {
    let state: LetterState = word(row.try_get("state")?, "letter", "state")?;
    // While it waits, it is the outcome of the latest try.
    let reason: Option<&str> = row.try_get("reason")?;
    let fault = reason.filter(|_| state == LetterState::Failed).map(|text| word(text, "letter", "reason"));
    Ok(LetterRow {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        id: LetterId(row.try_get("id")?),
        store_id: row.try_get::<_, Option<Uuid>>("store_id")?.map(StoreId),
        to_address: row.try_get("to_address")?,
        to_name: row.try_get("to_name")?,
        subject: row.try_get("subject")?,
        body: row.try_get("body")?,
        about_kind: row.try_get("about_kind")?,
        about_id: row.try_get("about_id")?,
        state,
        due_at: row.try_get("due_at")?,
        fault: fault.transpose()?,
        created_at: row.try_get("created_at")?,
        finished_at: row.try_get("finished_at")?,
        tries: Vec::new(),
    })
}

fn word<T: std::str::FromStr>(text: &str, table: &'static str, column: &'static str) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::Inconsistent { table, column })
}
