//! What people and time do with tickets: one job each, in one transaction each.
//!
//! Every job finds by its deed that it was carried out before, and says so by answering the same. Locks are taken in one order: the ticket,
//! what is done from it, the store's log.

mod act;
mod assign;
mod close;
mod goals;
mod note;
mod open;
mod read;
mod say;
mod told;

pub use act::TicketAct;
pub(super) use act::act;
pub(super) use assign::{assign, prioritise};
pub(super) use close::{close, reopen};
pub(super) use goals::see_to_what_is_due;
pub(super) use note::note;
pub(super) use open::open;
pub(super) use say::say;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use storewire_db::{
    DbError, DeskTx, TicketRow,
    attachments::{self, Carrier},
    tickets,
};
use storewire_domain::{
    AttachmentId, StoreId, TenantId, TicketId, UserId,
    ticket::{AboutKind, Priority, Side, TicketRefusal, check_words},
};
use uuid::Uuid;

use super::{Desk, DeskError, DeskShared, Hand, Refusal, RefusalKind, ticket::Deed};

/// A ticket to open, with its first message.
#[derive(Clone, Debug)]
pub struct NewTicket {
    pub tenant: TenantId,
    pub store: StoreId,
    pub subject: String,
    pub words: Words,
    /// Staff choose it; a merchant's ticket is a normal one.
    pub priority: Priority,
    /// The record that it is about, by our id.
    pub about: Option<(AboutKind, Uuid)>,
}

/// What somebody says.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub text: String,
    /// Files that they uploaded and that nothing carries yet.
    pub files: Vec<AttachmentId>,
}

/// A ticket, whatever its version: nobody's words are refused because another was faster.
#[derive(Clone, Copy, Debug)]
pub struct Thread {
    pub tenant: TenantId,
    pub id: TicketId,
}

/// A ticket as somebody saw it.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub tenant: TenantId,
    pub id: TicketId,
    /// The version that they saw.
    pub version: i64,
}

impl Desk {
    /// Somebody opens a ticket. Its id is the deed's.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn open(&self, deed: Uuid, by: Hand, wish: NewTicket) -> Result<TicketRow, DeskError> {
        self.carry_out_ticket(wish.tenant, deed, by, Deed::Open(wish)).await
    }

    /// Somebody writes in a ticket. The message's id is the deed's.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn say(&self, deed: Uuid, by: Hand, of: Thread, words: Words) -> Result<TicketRow, DeskError> {
        self.carry_out_ticket(of.tenant, deed, by, Deed::Say(of, words)).await
    }

    /// Staff note something that no merchant sees. The note's id is the deed's.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn note(&self, deed: Uuid, by: Hand, of: Thread, words: Words) -> Result<TicketRow, DeskError> {
        self.carry_out_ticket(of.tenant, deed, by, Deed::Note(of, words)).await
    }

    /// Staff give a ticket to one of them, or to nobody.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn assign(&self, deed: Uuid, by: Hand, of: Seen, to: Option<UserId>) -> Result<TicketRow, DeskError> {
        self.carry_out_ticket(of.tenant, deed, by, Deed::Assign(of, to)).await
    }

    /// Staff say how soon a ticket has to be answered.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn prioritise(&self, deed: Uuid, by: Hand, of: Seen, priority: Priority) -> Result<TicketRow, DeskError> {
        self.carry_out_ticket(of.tenant, deed, by, Deed::Prioritise(of, priority)).await
    }

    /// Somebody closes a ticket.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn close(&self, deed: Uuid, by: Hand, of: Seen) -> Result<TicketRow, DeskError> {
        self.carry_out_ticket(of.tenant, deed, by, Deed::Close(of)).await
    }

    /// Somebody takes the closing back; the ticket waits for staff.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn reopen_ticket(&self, deed: Uuid, by: Hand, of: Seen) -> Result<TicketRow, DeskError> {
        self.carry_out_ticket(of.tenant, deed, by, Deed::Reopen(of)).await
    }

    /// Staff do something about what a ticket is about, from its thread.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn act(&self, deed: Uuid, by: Hand, of: Thread, act: TicketAct) -> Result<TicketRow, DeskError> {
        self.carry_out_ticket(of.tenant, deed, by, Deed::Act(of, act)).await
    }

    /// Notes that somebody has read a ticket up to a message of this time. The first of a side to read it is news for the other.
    ///
    /// # Errors
    /// `NotFound`, or as every statement.
    pub async fn read(&self, by: &Hand, of: Thread, up_to: Timestamp) -> Result<(), DeskError> {
        read::read(&self.shared, by, of, up_to).await
    }
}

/// A ticket as it stands, as the platform sees it.
async fn find(shared: &DeskShared, tenant: TenantId, id: TicketId) -> Result<TicketRow, DeskError> {
    perhaps(shared, tenant, id).await?.ok_or(DeskError::NotFound)
}

/// The same, of one that may not be there.
async fn perhaps(shared: &DeskShared, tenant: TenantId, id: TicketId) -> Result<Option<TicketRow>, DbError> {
    let tx = shared.db.platform().await?;
    let (found, ended) = tokio::join!(biased; tickets::find(&tx, id), tx.end());
    ended?;
    Ok(found?.filter(|row| row.tenant_id == tenant))
}

/// The ticket, held still for this transaction.
async fn lock(tx: &DeskTx, id: TicketId) -> Result<TicketRow, DeskError> {
    tickets::lock(tx, id).await?.ok_or(DeskError::NotFound)
}

/// Refuses everybody but the platform's people.
fn staff_only(by: &Hand) -> Result<(), DeskError> {
    if Side::from(by.class).is_staff() { Ok(()) } else { Err(TicketRefusal::StaffOnly.into()) }
}

/// Refuses words that cannot be taken.
fn check(shared: &DeskShared, words: &Words) -> Result<(), DeskError> {
    check_words(&words.text, !words.files.is_empty())?;
    if words.files.len() > shared.config.files_per_message {
        return Err(TicketRefusal::TooManyFiles.into());
    }
    Ok(())
}

/// Attaches all of these files, or refuses.
pub(super) async fn carry(tx: &DeskTx, files: &[AttachmentId], to: Carrier, by: &Hand) -> Result<(), DeskError> {
    let carried = attachments::carry(tx, files, to, by.user).await?;
    if usize::try_from(carried).is_ok_and(|carried| carried == files.len()) {
        Ok(())
    } else {
        Err(TicketRefusal::NotYours.into())
    }
}

/// Later than everything that was said, by whose clock ever: a thread is read in this order.
fn moment(shared: &DeskShared, row: &TicketRow) -> Timestamp {
    let next = row.last_message_at.checked_add(SignedDuration::from_micros(1)).unwrap_or(row.last_message_at);
    shared.clock.now().max(next)
}

/// A step on a ticket that is no longer as it was seen.
fn changed(row: &TicketRow) -> DeskError {
    let detail = json!({
        "version": row.version, "state": row.state, "priority": row.priority, "assignee": row.assignee_name,
    });
    refused(TicketRefusal::Changed, detail)
}

pub(super) fn refused(why: TicketRefusal, detail: Value) -> DeskError {
    let kind = match why {
        TicketRefusal::StaffOnly => RefusalKind::Forbidden,
        TicketRefusal::Changed => RefusalKind::Outdated,
        TicketRefusal::NothingToChange | TicketRefusal::Full => RefusalKind::Conflict,
        TicketRefusal::Empty
        | TicketRefusal::TooLong
        | TicketRefusal::BadText
        | TicketRefusal::NotStaff
        | TicketRefusal::TooManyFiles
        | TicketRefusal::NotYours => RefusalKind::Unprocessable,
        TicketRefusal::TooLarge => RefusalKind::TooLarge,
        TicketRefusal::BadType => RefusalKind::BadType,
    };
    DeskError::Refused(Box::new(Refusal { code: why.as_str(), kind, words: why.words(), detail }))
}

impl From<TicketRefusal> for DeskError {
    fn from(why: TicketRefusal) -> Self {
        refused(why, Value::Null)
    }
}
