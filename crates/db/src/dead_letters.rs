//! What was given up on, kept with its bytes and the reason until a person decides.

use jiff::Timestamp;
use storewire_domain::StoreId;
use uuid::Uuid;

use crate::{DbError, TenantTx};

/// An item to set aside.
#[derive(Clone, Debug)]
pub struct NewDeadLetter<'a> {
    /// The delivery's id, or a fresh one for an item of a page.
    pub id: Uuid,
    /// `delivery` or `page`.
    pub origin: &'static str,
    /// Webhook topic, or resource of the page.
    pub topic: &'a str,
    pub remote_id: Option<String>,
    pub reason: String,
    pub body: Vec<u8>,
    pub received_at: Timestamp,
}

/// Sets an item aside; once per id.
///
/// # Errors
/// As every statement.
pub async fn insert(tx: &TenantTx, store: StoreId, letter: &NewDeadLetter<'_>, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        include_str!("../queries/dead_letter/insert.sql"),
        &[
            &tx.tenant.uuid(),
            &store.uuid(),
            &letter.id,
            &letter.origin,
            &letter.topic,
            &letter.remote_id,
            &letter.reason,
            &letter.body,
            &letter.received_at,
            &now,
        ],
    )
    .await?;
    Ok(())
}
