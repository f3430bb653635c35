//! Whose orders belong together: a store knows accounts, and people buy without one, or in a merchant's other store.

use storewire_domain::{StoreId, TenantId};
use uuid::Uuid;

use super::OrderSummary;
use crate::{DbError, ReadTx, select::Select};

/// A customer as orders tell of one: by the account in its store, and by their e-mail addresses in any store of the merchant.
#[derive(Clone, Debug)]
pub struct Buyer {
    pub tenant: TenantId,
    pub store: StoreId,
    /// The store's own id of the account; empty for none.
    pub remote_id: String,
    /// As the account and its orders have them; empty ones are nobody's.
    pub emails: Vec<String>,
}

/// Who bought an order.
#[derive(Clone, Debug)]
pub struct Bought {
    pub buyer: Buyer,
    /// Our id of the account, if we hold it.
    pub customer: Option<Uuid>,
}

impl Buyer {
    /// Narrows orders to this buyer's, by the indexes orders_of_customer and orders_of_buyer.
    pub(super) fn narrow(&self, select: &mut Select) {
        // Many shops fold an address to lower case at the till, and few in the account.
        let mut emails: Vec<String> =
            self.emails.iter().flat_map(|email| [email.clone(), email.to_lowercase()]).collect();
        emails.sort_unstable();
        emails.dedup();
        select.filter_each(
            "orders.tenant_id = $ AND ((orders.store_id = $ AND orders.customer_remote_id = $) \
             OR (orders.customer_email = ANY ($) AND orders.customer_email <> ''))",
            vec![
                Box::new(self.tenant.uuid()),
                Box::new(self.store.uuid()),
                Box::new(self.remote_id.clone()),
                Box::new(emails),
            ],
        );
    }
}

/// Who bought an order that the reader sees: by its account and by the addresses of both.
///
/// # Errors
/// As every statement.
pub async fn buyer(tx: &ReadTx, order: &OrderSummary) -> Result<Bought, DbError> {
    let sql = include_str!("../../queries/order/buyer.sql");
    let row = tx.query_one(sql, &[&order.tenant_id.uuid(), &order.id.uuid()]).await?;
    let remote_id: Option<String> = row.try_get("customer_remote_id")?;
    let mut emails = vec![row.try_get("customer_email")?];
    for column in ["email", "billing_email"] {
        emails.extend(row.try_get::<_, Option<String>>(column)?);
    }
    let (tenant, store) = (order.tenant_id, order.store_id);
    Ok(Bought {
        buyer: Buyer { tenant, store, remote_id: remote_id.unwrap_or_default(), emails },
        customer: row.try_get("customer_id")?,
    })
}
