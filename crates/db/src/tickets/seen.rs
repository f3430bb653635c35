//! Up to where each side of a ticket has read, whoever of it did.

use jiff::Timestamp;
use storewire_domain::{TenantId, TicketId, ticket::Side};

use crate::{DbError, scope::Tx};

/// The newest message that somebody of each side has read, by its time; `None` while nobody has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeenUpTo {
    pub by_merchant: Option<Timestamp>,
    pub by_staff: Option<Timestamp>,
}

impl SeenUpTo {
    #[must_use]
    pub const fn by(self, side: Side) -> Option<Timestamp> {
        match side {
            Side::Merchant => self.by_merchant,
            Side::Staff => self.by_staff,
        }
    }
}

/// How far a tenant's ticket was read.
///
/// # Errors
/// As every statement.
pub async fn seen(tx: &Tx, tenant: TenantId, ticket: TicketId) -> Result<SeenUpTo, DbError> {
    let row = tx.query_one(include_str!("../../queries/ticket/seen.sql"), &[&tenant.uuid(), &ticket.uuid()]).await?;
    Ok(SeenUpTo { by_merchant: row.try_get("by_merchant")?, by_staff: row.try_get("by_staff")? })
}
