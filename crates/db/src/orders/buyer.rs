//! Whose orders belong together: a store knows accounts, and people buy without one, or in a merchant's other store.

use storewire_domain::{StoreId, TenantId};

use crate::select::Select;

/// A customer as orders tell of one: by the account in its store, and by the e-mail address in any store of the merchant.
#[derive(Clone, Debug)]
pub struct Buyer {
    pub tenant: TenantId,
    pub store: StoreId,
    /// The store's own id of the account.
    pub remote_id: String,
    /// As the account has it; empty for none.
    pub email: String,
}

impl Buyer {
    /// Narrows orders to this buyer's, by the indexes orders_of_customer and orders_of_buyer.
    pub(super) fn narrow(&self, select: &mut Select) {
        // Many shops fold an address to lower case at the till, and few in the account.
        let emails = vec![self.email.clone(), self.email.to_lowercase()];
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
