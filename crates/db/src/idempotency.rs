//! Keys that make a retried request happen once: a person's own, with a digest of the request and the answer it was given.
//!
//! A key is taken before the work and answered after it, in transactions of their own. A request that was cut off between the two
//! may be carried out again once its time is over; what it makes is given the same id as before, so nothing is made twice.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use storewire_domain::UserId;
use uuid::Uuid;

use crate::{DbError, TenantTx};

/// For so long an answer is kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// A request that carries a key.
#[derive(Clone, Debug)]
pub struct Keyed {
    pub user: UserId,
    /// As the person sent it.
    pub key: String,
    /// SHA-256 of what makes it this request: method, address and body.
    pub digest: [u8; 32],
}

/// What a request with a key is to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// Carry it out; what it makes is given ids derived from this one.
    Yours(Uuid),
    /// It was carried out: answer this again.
    Answered(Value),
    /// Another one carries it out at this moment.
    Taken,
    /// The key belongs to another request.
    Reused,
}

/// Keys that are older belong to nobody.
pub(crate) fn over(now: Timestamp) -> Timestamp {
    now.checked_sub(KEPT).unwrap_or(Timestamp::MIN)
}

/// Takes the key for the request until `until`, if it is to be had. A key that is new is to give ids from `deed`: whoever does not know
/// what became of a claim asks again with the same, and finds that the key is its own.
///
/// # Errors
/// As every statement.
pub async fn claim(tx: &TenantTx, wish: &Keyed, deed: Uuid, now: Timestamp, until: Timestamp) -> Result<Turn, DbError> {
    let (tenant, user) = (tx.tenant.uuid(), wish.user.uuid());
    tx.execute(include_str!("../queries/idempotency/forget.sql"), &[&tenant, &user, &over(now)]).await?;
    let claimed = tx
        .query_opt(
            include_str!("../queries/idempotency/claim.sql"),
            &[&tenant, &user, &wish.key, &wish.digest.as_slice(), &deed, &until, &now],
        )
        .await?;
    if let Some(row) = claimed {
        return Ok(Turn::Yours(row.try_get("deed_id")?));
    }
    let row = tx.query_opt(include_str!("../queries/idempotency/find.sql"), &[&tenant, &user, &wish.key]).await?;
    // It was forgotten a moment ago: the next look finds it free.
    let Some(row) = row else { return Ok(Turn::Taken) };
    if row.try_get::<_, &[u8]>("request_digest")? != wish.digest {
        return Ok(Turn::Reused);
    }
    let is_ours = row.try_get::<_, Option<Uuid>>("taken_by")? == Some(deed);
    let otherwise = if is_ours { Turn::Yours(row.try_get("deed_id")?) } else { Turn::Taken };
    Ok(row.try_get::<_, Option<Value>>("answer")?.map_or(otherwise, Turn::Answered))
}

/// Keeps the answer of a request that was carried out.
///
/// # Errors
/// As every statement.
pub async fn answer(tx: &TenantTx, wish: &Keyed, answer: &Value) -> Result<(), DbError> {
    let sql = include_str!("../queries/idempotency/answer.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &wish.user.uuid(), &wish.key, answer]).await?;
    Ok(())
}

/// Gives the key of a request that failed back: the same request may be tried again at once.
///
/// # Errors
/// As every statement.
pub async fn release(tx: &TenantTx, wish: &Keyed, now: Timestamp) -> Result<(), DbError> {
    let sql = include_str!("../queries/idempotency/release.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &wish.user.uuid(), &wish.key, &now]).await?;
    Ok(())
}
