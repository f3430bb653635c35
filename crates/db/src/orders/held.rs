//! An order of the transaction's tenant, as far as work around it goes.

use storewire_domain::{OrderId, StoreId};

use crate::{DbError, TenantTx};

/// See the module.
#[derive(Clone, Debug)]
pub struct HeldOrder {
    pub store: StoreId,
    /// ISO 4217 code.
    pub currency: String,
    /// The store has it in the trash, or no more.
    pub is_gone: bool,
}

/// The order with this id of ours, if the tenant has one.
///
/// # Errors
/// As every statement.
pub async fn held(tx: &TenantTx, id: OrderId) -> Result<Option<HeldOrder>, DbError> {
    let row = tx.query_opt(include_str!("../../queries/order/held.sql"), &[&tx.tenant.uuid(), &id.uuid()]).await?;
    row.map(|row| {
        Ok(HeldOrder {
            store: StoreId(row.try_get("store_id")?),
            currency: row.try_get("currency")?,
            is_gone: row.try_get("is_gone")?,
        })
    })
    .transpose()
}
