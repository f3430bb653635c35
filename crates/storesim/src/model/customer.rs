//! Registered customers (WordPress users, so their ids are not post ids).

use std::sync::Arc;

use crate::model::Change;
use crate::model::address::Address;

/// A customer.
#[derive(Clone, Debug)]
pub struct Customer {
    pub id: u64,
    pub created: i64,
    pub modified: Option<i64>,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub role: &'static str,
    pub username: String,
    pub billing: Arc<Address>,
    pub shipping: Arc<Address>,
    pub is_paying: bool,
}

impl Customer {
    /// A fresh customer with an empty address.
    #[must_use]
    pub fn new(id: u64, email: String, now: i64) -> Self {
        let username = email.split('@').next().unwrap_or_default().to_owned();
        Self {
            id,
            created: now,
            modified: Some(now),
            email,
            first_name: String::new(),
            last_name: String::new(),
            role: "customer",
            username,
            billing: Arc::default(),
            shipping: Arc::default(),
            is_paying: false,
        }
    }
}

impl Change<'_> {
    /// Notes that a customer changed.
    pub fn touch_customer(&mut self, id: u64) {
        if let Some(customer) = self.records.customers.get_mut(&id) {
            customer.modified = Some(self.now);
            self.events.raise("customer.updated", id);
        }
    }

    /// Deletes a customer for good. Orders lose their owner by direct SQL: their modified date does not move.
    pub fn delete_customer(&mut self, id: u64) -> Option<Customer> {
        let customer = self.records.customers.remove(&id)?;
        for order in self.records.orders.values_mut().filter(|order| order.customer_id == id) {
            order.customer_id = 0;
        }
        if customer.role == "customer" {
            self.events.raise("customer.deleted", id);
        }
        Some(customer)
    }
}
