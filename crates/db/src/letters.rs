//! Letters: written with their cause and once for it, sent by whoever has one in hand, with every try kept.
//!
//! To send a letter is to take it in hand for a while, first. Whoever dies with it in hand leaves it to the next, who writes down that
//! there was a try of which nobody knows the end.

mod read;
mod send;

pub use read::{LetterRow, TryRow, find, of};
pub use send::{Claimed, Due, Try, again, claim, due, lock, mark};

use jiff::Timestamp;
use storewire_domain::{LetterId, StoreId, UserId};

use crate::{DbError, TenantTx, scope::Param};

/// A letter to write.
#[derive(Clone, Debug)]
pub struct NewLetter<'a> {
    pub id: LetterId,
    pub store: Option<StoreId>,
    pub to: To<'a>,
    pub subject: &'a str,
    pub body: &'a str,
    /// `request`, `ticket` or `return`.
    pub about_kind: &'static str,
    pub about_id: uuid::Uuid,
    /// What caused it: one cause writes one letter.
    pub once: &'a str,
}

/// Whom a letter is for.
#[derive(Clone, Copy)]
pub enum To<'a> {
    /// One of the tenant's people, at the address with which they log in. Nobody writes to one who has left.
    Person(UserId),
    Address {
        address: &'a str,
        name: &'a str,
    },
}

impl std::fmt::Debug for To<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(user) => write!(f, "Person({user})"),
            Self::Address { .. } => f.write_str("Address(…)"),
        }
    }
}

/// Writes a letter in the transaction of its cause; false if it was written before, or the person has left.
///
/// # Errors
/// As every statement.
pub async fn write(tx: &TenantTx, new: &NewLetter<'_>, now: Timestamp) -> Result<bool, DbError> {
    let (tenant, id) = (tx.tenant.uuid(), new.id.uuid());
    let store = new.store.map(StoreId::uuid);
    let common: [Param<'_>; 9] =
        [&tenant, &id, &store, &new.subject, &new.body, &new.about_kind, &new.about_id, &new.once, &now];
    let written = match new.to {
        To::Person(user) => {
            let user = user.uuid();
            let params = [&common[..], &[&user as Param<'_>]].concat();
            tx.execute(include_str!("../queries/letter/insert_to_person.sql"), &params).await?
        }
        To::Address { address, name } => {
            let params = [&common[..], &[&address as Param<'_>, &name]].concat();
            tx.execute(include_str!("../queries/letter/insert.sql"), &params).await?
        }
    };
    Ok(written > 0)
}
