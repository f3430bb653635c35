//! What people are told in the panel: a line for one person, written with its cause and once for it.

use jiff::Timestamp;
use serde_json::Value;
use storewire_domain::{TenantId, UserId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, DeskTx, ReadTx, TenantTx};

/// A line to write.
#[derive(Clone, Debug)]
pub struct NewNotice {
    pub user: UserId,
    /// To one of the platform's people: no merchant sees it.
    pub for_staff: bool,
    /// A key of the panel's texts.
    pub kind: &'static str,
    /// Its numbers and names.
    pub detail: Value,
    /// `request`, `ticket`, `return`, `product` or `order`.
    pub about_kind: &'static str,
    pub about_id: Uuid,
    /// What caused it: one cause tells one person once.
    pub once: String,
}

/// A line as its reader sees it.
#[derive(Clone, Debug)]
pub struct NoticeRow {
    pub tenant_id: TenantId,
    pub id: Uuid,
    pub for_staff: bool,
    pub kind: String,
    pub detail: Value,
    pub about_kind: String,
    pub about_id: Uuid,
    pub created_at: Timestamp,
    pub read_at: Option<Timestamp>,
}

/// Which of a person's lines are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which<'a> {
    These(&'a [Uuid]),
    /// All that were told before this one, and itself.
    UpTo(Uuid),
}

/// As many unread lines are found in one go.
const MOST_UNREAD: i64 = 1_000;

/// Tells people, within the transaction of the cause.
///
/// # Errors
/// As every statement.
pub async fn tell(tx: &TenantTx, notices: &[NewNotice], now: Timestamp) -> Result<(), DbError> {
    if notices.is_empty() {
        return Ok(());
    }
    macro_rules! column {
        (|$notice:ident| $value:expr) => {
            notices.iter().map(|$notice| $value).collect::<Vec<_>>()
        };
    }
    let ids: Vec<Uuid> = notices.iter().map(|_| Uuid::now_v7()).collect();
    tx.execute(
        include_str!("../queries/notice/insert.sql"),
        &[
            &tx.tenant.uuid(),
            &ids,
            &column!(|notice| notice.user.uuid()),
            &column!(|notice| notice.for_staff),
            &column!(|notice| notice.kind),
            &column!(|notice| &notice.detail),
            &column!(|notice| notice.about_kind),
            &column!(|notice| notice.about_id),
            &column!(|notice| notice.once.as_str()),
            &now,
        ],
    )
    .await?;
    Ok(())
}

/// What one person was told within the reader's sight, newest first; `before` is the last of the page before.
///
/// # Errors
/// As every statement.
pub async fn list(tx: &ReadTx, user: UserId, before: Option<Uuid>, limit: u32) -> Result<Vec<NoticeRow>, DbError> {
    let sql = include_str!("../queries/notice/list.sql");
    tx.query(sql, &[&user.uuid(), &before, &i64::from(limit)]).await?.iter().map(notice).collect()
}

/// How much of the last hundred lines to one person is unread.
///
/// # Errors
/// As every statement.
pub async fn unread(tx: &ReadTx, user: UserId) -> Result<i64, DbError> {
    Ok(tx.query_one(include_str!("../queries/notice/unread_count.sql"), &[&user.uuid()]).await?.try_get(0)?)
}

/// What one person was told within the reader's sight and has not read, of those that are meant: the newest thousand.
///
/// # Errors
/// As every statement.
pub async fn unread_of(tx: &ReadTx, user: UserId, which: Which<'_>) -> Result<Vec<(TenantId, Uuid)>, DbError> {
    let (ids, up_to) = match which {
        Which::These(ids) => (Some(ids), None),
        Which::UpTo(id) => (None, Some(id)),
    };
    let sql = include_str!("../queries/notice/unread.sql");
    let rows = tx.query(sql, &[&user.uuid(), &ids, &up_to, &MOST_UNREAD]).await?;
    rows.iter().map(|row| Ok((TenantId(row.try_get(0)?), row.try_get(1)?))).collect()
}

/// Notes that one person has read these lines of the transaction's tenant.
///
/// # Errors
/// As every statement.
pub async fn read(tx: &DeskTx, user: UserId, ids: &[Uuid], now: Timestamp) -> Result<(), DbError> {
    let sql = include_str!("../queries/notice/read.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &user.uuid(), &ids, &now]).await?;
    Ok(())
}

fn notice(row: &Row) -> Result<NoticeRow, DbError> {
    Ok(NoticeRow {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        id: row.try_get("id")?,
        for_staff: row.try_get("for_staff")?,
        kind: row.try_get("kind")?,
        detail: row.try_get("detail")?,
        about_kind: row.try_get("about_kind")?,
        about_id: row.try_get("about_id")?,
        created_at: row.try_get("created_at")?,
        read_at: row.try_get("read_at")?,
    })
}
