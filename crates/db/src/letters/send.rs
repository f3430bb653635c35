//! What a letter goes through until it is sent or given up.

use jiff::Timestamp;
use storewire_domain::{
    LetterId, TenantId,
    letter::{LetterState, Next, TryOutcome},
};
use uuid::Uuid;

use crate::{DbError, ReadTx, TenantTx, scope::Param};

/// A letter whose time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub tenant: TenantId,
    pub id: LetterId,
}

/// A letter in hand.
#[derive(Clone)]
pub struct Claimed {
    pub id: LetterId,
    pub to_address: String,
    pub to_name: String,
    pub subject: String,
    pub body: String,
    pub written_at: Timestamp,
    /// Which try this is, since it was last sent on its way; from 1.
    pub tries: u16,
    /// Until then nobody else takes it. Whoever marks it says so, to prove that it is still theirs.
    pub until: Timestamp,
    /// The try before this one was begun and nobody knows how it ended.
    pub was_lost: bool,
}

impl std::fmt::Debug for Claimed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Claimed").field("id", &self.id).field("tries", &self.tries).finish_non_exhaustive()
    }
}

/// How one try ended, for the log.
#[derive(Clone, Debug)]
pub struct Try<'a> {
    pub outcome: TryOutcome,
    /// The server's code and words, or ours where it had none.
    pub said: &'a str,
}

/// What is said of a try whose end was never told.
const LOST: &str = "whoever sent it ended before it could say what came of it";

/// Letters within the reader's sight whose time has come and that nobody has in hand. Those of rehearsals are in nobody's sight but the
/// platform's: the staff's scope keeps them in the house.
///
/// # Errors
/// As every statement.
pub async fn due(tx: &ReadTx, now: Timestamp, limit: u32) -> Result<Vec<Due>, DbError> {
    let rows = tx.query(include_str!("../../queries/letter/due.sql"), &[&now, &i64::from(limit)]).await?;
    rows.iter().map(|row| Ok(Due { tenant: TenantId(row.try_get(0)?), id: LetterId(row.try_get(1)?) })).collect()
}

/// Takes a letter in hand; `None` if its time has not come, or somebody else has it. To be committed before it is sent.
///
/// # Errors
/// As every statement.
pub async fn claim(tx: &TenantTx, id: LetterId, until: Timestamp, now: Timestamp) -> Result<Option<Claimed>, DbError> {
    let sql = include_str!("../../queries/letter/claim.sql");
    let params: [Param<'_>; 4] = [&tx.tenant.uuid(), &id.uuid(), &until, &now];
    let Some(row) = tx.query_opt(sql, &params).await? else { return Ok(None) };
    let lost_at: Option<Timestamp> = row.try_get("lost_at")?;
    if let Some(lost_at) = lost_at {
        add(tx, id, &Try { outcome: TryOutcome::Unknown, said: LOST }, lost_at).await?;
    }
    Ok(Some(Claimed {
        id,
        to_address: row.try_get("to_address")?,
        to_name: row.try_get("to_name")?,
        subject: row.try_get("subject")?,
        body: row.try_get("body")?,
        written_at: row.try_get("created_at")?,
        tries: row.try_get::<_, i16>("tries")?.try_into().unwrap_or(u16::MAX),
        until: row.try_get("claimed_until")?,
        was_lost: lost_at.is_some(),
    }))
}

/// Lets go of a letter with what becomes of it, and with the try if there was one. False, and nothing is written, if it was taken over by
/// somebody else meanwhile.
///
/// # Errors
/// As every statement.
pub async fn mark(
    tx: &TenantTx,
    of: &Claimed,
    tried: Option<&Try<'_>>,
    next: Next,
    now: Timestamp,
) -> Result<bool, DbError> {
    let (state, due_at, reason) = match next {
        Next::At(due_at) => (LetterState::Waiting, due_at, tried.map(|tried| tried.outcome.as_str())),
        Next::Sent => (LetterState::Sent, now, None),
        Next::Failed(fault) => (LetterState::Failed, now, Some(fault.as_str())),
    };
    let finished_at = (state != LetterState::Waiting).then_some(now);
    let params: [Param<'_>; 8] = [
        &tx.tenant.uuid(),
        &of.id.uuid(),
        &of.until,
        &state.as_str(),
        &due_at,
        &reason,
        &finished_at,
        &tried.is_some(),
    ];
    if tx.query_opt(include_str!("../../queries/letter/mark.sql"), &params).await?.is_none() {
        return Ok(false);
    }
    if let Some(tried) = tried {
        add(tx, of.id, tried, now).await?;
    }
    Ok(true)
}

/// Holds a letter still until this transaction ends, if it is there.
///
/// # Errors
/// As every statement.
pub async fn lock(tx: &TenantTx, id: LetterId) -> Result<(), DbError> {
    tx.execute(include_str!("../../queries/letter/lock.sql"), &[&tx.tenant.uuid(), &id.uuid()]).await?;
    Ok(())
}

/// Sends a letter on its way again that failed, with as many tries as a new one; false if it had not failed.
///
/// # Errors
/// As every statement.
pub async fn again(tx: &TenantTx, id: LetterId, now: Timestamp) -> Result<bool, DbError> {
    let sql = include_str!("../../queries/letter/again.sql");
    Ok(tx.query_opt(sql, &[&tx.tenant.uuid(), &id.uuid(), &now]).await?.is_some())
}

async fn add(tx: &TenantTx, id: LetterId, tried: &Try<'_>, at: Timestamp) -> Result<(), DbError> {
    let (tenant, letter): (Uuid, Uuid) = (tx.tenant.uuid(), id.uuid());
    let params: [Param<'_>; 5] = [&tenant, &letter, &at, &tried.outcome.as_str(), &tried.said];
    tx.execute(include_str!("../../queries/letter/insert_try.sql"), &params).await?;
    Ok(())
}
