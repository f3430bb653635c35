//! Files that people attach, as rows: what they are, whose, and what carries them. Their bytes lie elsewhere, under the same ids.

use jiff::Timestamp;
use storewire_domain::{AttachmentId, ReturnId, TenantId, TicketId, UserId, attachment::MediaType};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    DbError, DeskTx, JanitorTx, ReadTx, TenantTx,
    decode::known,
    select::{Select, borrowed},
};

/// A file to write down, once its bytes are kept.
#[derive(Clone, Debug)]
pub struct NewAttachment<'a> {
    pub id: AttachmentId,
    pub name: &'a str,
    pub kind: MediaType,
    pub bytes: i64,
    pub by: UserId,
}

/// To what a file is attached.
#[derive(Clone, Copy, Debug)]
pub enum Carrier {
    /// A message, or a note of staff.
    Ticket { id: TicketId, entry: Uuid, for_staff: bool },
    /// An event of a return.
    Return { id: ReturnId, event: Uuid },
}

/// One file.
#[derive(Clone, Debug)]
pub struct AttachmentRow {
    pub tenant_id: TenantId,
    pub id: AttachmentId,
    /// Of a note of staff: no merchant sees it.
    pub for_staff: bool,
    pub ticket_id: Option<TicketId>,
    pub return_id: Option<ReturnId>,
    /// The message, note or event that carries it; `None` for one that was uploaded and not attached yet.
    pub carrier_id: Option<Uuid>,
    /// Without a path or anything that is not shown.
    pub name: String,
    pub kind: MediaType,
    pub bytes: i64,
    pub uploaded_by: UserId,
    pub created_at: Timestamp,
}

/// Writes a file down.
///
/// # Errors
/// As every statement.
pub async fn insert(tx: &TenantTx, new: &NewAttachment<'_>, now: Timestamp) -> Result<(), DbError> {
    let sql = include_str!("../queries/attachment/insert.sql");
    let (id, kind) = (new.id.uuid(), new.kind.as_str());
    tx.execute(sql, &[&tx.tenant.uuid(), &id, &new.name, &kind, &new.bytes, &new.by.uuid(), &now]).await?;
    Ok(())
}

/// Attaches files that this person uploaded and that nothing carries; answers how many of them there were.
///
/// # Errors
/// As every statement.
pub async fn carry(tx: &DeskTx, files: &[AttachmentId], to: Carrier, by: UserId) -> Result<u64, DbError> {
    if files.is_empty() {
        return Ok(0);
    }
    let ids: Vec<Uuid> = files.iter().map(|id| id.uuid()).collect();
    let (ticket, returned, carrier, for_staff) = match to {
        Carrier::Ticket { id, entry, for_staff } => (Some(id.uuid()), None, entry, for_staff),
        Carrier::Return { id, event } => (None, Some(id.uuid()), event, false),
    };
    let sql = include_str!("../queries/attachment/carry.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &ids, &by.uuid(), &ticket, &returned, &carrier, &for_staff]).await
}

/// One file, if the reader's scope shows it. Who may have it is decided by what carries it.
///
/// # Errors
/// As every statement.
pub async fn find(tx: &ReadTx, id: AttachmentId) -> Result<Option<AttachmentRow>, DbError> {
    let mut select = Select::new(LIST);
    select.filter("attachment.id = $", id.uuid());
    let (sql, params) = select.finish_all(ORDER);
    Ok(known(&tx.query(&sql, &borrowed(&params)).await?, file)?.pop())
}

/// The files of a tenant's ticket that the reader's scope shows, oldest first.
///
/// # Errors
/// As every statement.
pub async fn of_ticket(tx: &ReadTx, tenant: TenantId, ticket: TicketId) -> Result<Vec<AttachmentRow>, DbError> {
    of(tx, tenant, "attachment.ticket_id = $", ticket.uuid()).await
}

/// The files of a tenant's return, oldest first.
///
/// # Errors
/// As every statement.
pub async fn of_return(tx: &ReadTx, tenant: TenantId, returned: ReturnId) -> Result<Vec<AttachmentRow>, DbError> {
    of(tx, tenant, "attachment.return_id = $", returned.uuid()).await
}

/// How many bytes the files of the transaction's tenant have together.
///
/// # Errors
/// As every statement.
pub async fn sum(tx: &DeskTx) -> Result<i64, DbError> {
    Ok(tx.query_one(include_str!("../queries/attachment/sum.sql"), &[&tx.tenant.uuid()]).await?.try_get(0)?)
}

/// Which of these files have a row. To be asked in a scope that sees every tenant's.
///
/// # Errors
/// As every statement.
pub async fn known_of(tx: &ReadTx, files: &[AttachmentId]) -> Result<Vec<AttachmentId>, DbError> {
    let ids: Vec<Uuid> = files.iter().map(|id| id.uuid()).collect();
    let rows = tx.query(include_str!("../queries/attachment/known.sql"), &[&ids]).await?;
    rows.iter().map(|row| Ok(AttachmentId(row.try_get(0)?))).collect()
}

/// Deletes the rows of uploads from before `before` that nothing carries, and answers whose bytes are to go: once this is committed,
/// nobody can attach them any more.
///
/// # Errors
/// As every statement.
pub async fn forget_loose(
    tx: &JanitorTx,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<(TenantId, AttachmentId)>, DbError> {
    let rows = tx.query(include_str!("../queries/attachment/forget.sql"), &[&before, &i64::from(limit)]).await?;
    rows.iter().map(|row| Ok((TenantId(row.try_get("tenant_id")?), AttachmentId(row.try_get("id")?)))).collect()
}

const LIST: &str = include_str!("../queries/attachment/list.sql");
const ORDER: &str = "ORDER BY attachment.created_at, attachment.id";

async fn of(tx: &ReadTx, tenant: TenantId, condition: &'static str, id: Uuid) -> Result<Vec<AttachmentRow>, DbError> {
    let mut select = Select::new(LIST);
    select.filter("attachment.tenant_id = $", tenant.uuid()).filter(condition, id);
    let (sql, params) = select.finish_all(ORDER);
    known(&tx.query(&sql, &borrowed(&params)).await?, file)
}

fn file(row: &Row) -> Result<AttachmentRow, DbError> {
    let inconsistent = |column| DbError::Inconsistent { table: "attachment", column };
    Ok(AttachmentRow {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        id: AttachmentId(row.try_get("id")?),
        for_staff: row.try_get("for_staff")?,
        ticket_id: row.try_get::<_, Option<Uuid>>("ticket_id")?.map(TicketId),
        return_id: row.try_get::<_, Option<Uuid>>("return_id")?.map(ReturnId),
        carrier_id: row.try_get("carrier_id")?,
        name: row.try_get("name")?,
        kind: row.try_get::<_, &str>("media_type")?.parse().map_err(|_| inconsistent("media_type"))?,
        bytes: row.try_get("bytes")?,
        uploaded_by: UserId(row.try_get("uploaded_by")?),
        created_at: row.try_get("created_at")?,
    })
}
