//! Tickets as people see them.

use jiff::Timestamp;
use storewire_domain::{
    StoreId, TenantId, TicketId, UserId,
    ticket::{AboutKind, Priority, TicketState},
};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    DbError, ReadTx,
    decode::known,
    scope::Tx,
    select::{Finished, Select, borrowed},
};

/// Which tickets a list shows.
#[derive(Clone, Debug)]
pub struct TicketFilter {
    pub store: Option<StoreId>,
    pub state: Option<TicketState>,
    pub priority: Option<Priority>,
    /// Only those that this person was given.
    pub assignee: Option<UserId>,
    /// Only what this person opened.
    pub own: Option<UserId>,
    /// About this record of ours.
    pub about: Option<Uuid>,
    /// The last ticket of the page before: its newest message, and its id.
    pub before: Option<(Timestamp, TicketId)>,
    /// The longest list wanted.
    pub limit: u32,
}

impl Default for TicketFilter {
    fn default() -> Self {
        Self {
            store: None,
            state: None,
            priority: None,
            assignee: None,
            own: None,
            about: None,
            before: None,
            limit: 50,
        }
    }
}

/// The record that a ticket is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    pub kind: AboutKind,
    /// Our id of it.
    pub id: Uuid,
    /// What it was called when the ticket was opened.
    pub title: String,
}

/// One ticket.
#[derive(Clone, Debug)]
pub struct TicketRow {
    pub tenant_id: TenantId,
    pub store_id: StoreId,
    pub store_name: String,
    pub id: TicketId,
    /// By which people call it: `T-7`.
    pub number: i64,
    pub subject: String,
    pub state: TicketState,
    pub priority: Priority,
    /// Which of the platform's people answers it.
    pub assignee: Option<UserId>,
    pub assignee_name: Option<String>,
    pub about: Option<About>,
    pub opened_by: UserId,
    pub opened_name: String,
    pub opened_by_staff: bool,
    pub opened_at: Timestamp,
    /// The newest message that both sides see.
    pub last_message_at: Timestamp,
    pub last_by_staff: bool,
    /// When staff have to have answered first; `None` for one that staff opened.
    pub answer_due_at: Option<Timestamp>,
    pub first_answer_at: Option<Timestamp>,
    /// When it was noticed that they had not.
    pub answer_late_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// Moves with everything that both sides see.
    pub version: i64,
    /// The deed of the last such step.
    pub deed_id: Uuid,
    pub updated_at: Timestamp,
}

/// A page of tickets, those first that were spoken in last.
///
/// # Errors
/// As every statement; rows that do not decode are left out.
pub async fn list(tx: &ReadTx, filter: &TicketFilter) -> Result<Vec<TicketRow>, DbError> {
    let mut select = within_sight(tx);
    if let Some(store) = filter.store {
        select.filter("ticket.store_id = $", store.uuid());
    }
    if let Some(state) = filter.state {
        select.filter("ticket.state = $", state.as_str());
    }
    if let Some(priority) = filter.priority {
        select.filter("ticket.priority = $", priority.as_str());
    }
    if let Some(assignee) = filter.assignee {
        select.filter("ticket.assignee = $", assignee.uuid());
    }
    if let Some(own) = filter.own {
        select.filter("ticket.opened_by = $", own.uuid());
    }
    if let Some(about) = filter.about {
        select.filter("ticket.about_id = $", about);
    }
    if let Some((at, id)) = filter.before {
        select.after("(ticket.last_message_at, ticket.id) < ($, $)", at, id.uuid());
    }
    rows(tx, select.finish(ORDER, filter.limit)).await
}

/// These tickets, in no order; ids out of the reader's sight are left out.
///
/// # Errors
/// As [`list`].
pub async fn by_ids(tx: &ReadTx, ids: &[Uuid]) -> Result<Vec<TicketRow>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = within_sight(tx);
    select.filter("ticket.id = ANY ($)", ids.to_vec());
    rows(tx, select.finish_all(ORDER)).await
}

/// One ticket, if the reader may see it.
///
/// # Errors
/// As [`list`].
pub async fn find(tx: &ReadTx, id: TicketId) -> Result<Option<TicketRow>, DbError> {
    Ok(by_ids(tx, &[id.uuid()]).await?.pop())
}

/// One ticket of the transaction's tenant, for who is to move it.
pub(super) fn one(tenant: TenantId, id: TicketId) -> Finished {
    let mut select = Select::new(LIST);
    select.filter("ticket.tenant_id = $", tenant.uuid()).filter("ticket.id = $", id.uuid());
    select.finish_all(ORDER)
}

fn within_sight(tx: &ReadTx) -> Select {
    let mut select = Select::new(LIST);
    if let Some(stores) = tx.stores_in_sight() {
        select.filter("ticket.store_id = ANY ($)", stores);
    }
    select
}

const LIST: &str = include_str!("../../queries/ticket/list.sql");
const ORDER: &str = "ORDER BY ticket.last_message_at DESC, ticket.id DESC";

pub(super) async fn rows(tx: &Tx, (sql, params): Finished) -> Result<Vec<TicketRow>, DbError> {
    known(&tx.query(&sql, &borrowed(&params)).await?, ticket)
}

fn ticket(row: &Row) -> Result<TicketRow, DbError> {
    Ok(TicketRow {
        tenant_id: TenantId(row.try_get("tenant_id")?),
        store_id: StoreId(row.try_get("store_id")?),
        store_name: row.try_get("store_name")?,
        id: TicketId(row.try_get("id")?),
        number: row.try_get("number")?,
        subject: row.try_get("subject")?,
        state: word(row.try_get("state")?, "state")?,
        priority: word(row.try_get("priority")?, "priority")?,
        assignee: row.try_get::<_, Option<Uuid>>("assignee")?.map(UserId),
        assignee_name: row.try_get("assignee_name")?,
        about: about(row)?,
        opened_by: UserId(row.try_get("opened_by")?),
        opened_name: row.try_get("opened_name")?,
        opened_by_staff: row.try_get("opened_by_staff")?,
        opened_at: row.try_get("opened_at")?,
        last_message_at: row.try_get("last_message_at")?,
        last_by_staff: row.try_get("last_by_staff")?,
        answer_due_at: row.try_get("answer_due_at")?,
        first_answer_at: row.try_get("first_answer_at")?,
        answer_late_at: row.try_get("answer_late_at")?,
        closed_at: row.try_get("closed_at")?,
        version: row.try_get("version")?,
        deed_id: row.try_get("deed_id")?,
        updated_at: row.try_get("updated_at")?,
    })
}

fn about(row: &Row) -> Result<Option<About>, DbError> {
    let kind: Option<&str> = row.try_get("about_kind")?;
    let id: Option<Uuid> = row.try_get("about_id")?;
    let Some((kind, id)) = kind.zip(id) else { return Ok(None) };
    Ok(Some(About { kind: word(kind, "about_kind")?, id, title: row.try_get("about_title")? }))
}

pub(super) fn word<T: std::str::FromStr>(text: &str, column: &'static str) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::Inconsistent { table: "ticket", column })
}
