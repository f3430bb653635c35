//! What tickets are about.

use storewire_domain::{RemoteId, StoreId, ticket::AboutKind};
use uuid::Uuid;

use crate::{DbError, TenantTx};

/// A record as far as a ticket is about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What people call it.
    pub title: String,
    /// Its id in the store; `None` for what is ours.
    pub remote_id: Option<RemoteId>,
}

/// This record of a store; `None` if the store has none such.
///
/// # Errors
/// As every statement.
pub async fn about(tx: &TenantTx, store: StoreId, kind: AboutKind, id: Uuid) -> Result<Option<Named>, DbError> {
    let sql = include_str!("../../queries/ticket/about.sql");
    let row = tx.query_opt(sql, &[&tx.tenant.uuid(), &store.uuid(), &kind.as_str(), &id]).await?;
    row.map(|row| {
        let remote_id = row.try_get::<_, Option<String>>("remote_id")?.map(RemoteId);
        Ok(Named { title: row.try_get("title")?, remote_id })
    })
    .transpose()
}
