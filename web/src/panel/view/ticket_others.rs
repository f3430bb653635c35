//! What else the person behind a ticket's record ordered, in whichever store of the merchant.

use storewire_db::OrderSummary;

use super::{Badge, Money, When, status, text::plain};
use crate::panel::{url, words::Words};

/// The newest orders of a person.
#[derive(Clone, Debug)]
pub struct OtherOrders {
    pub title: String,
    /// Newest first.
    pub orders: Vec<OtherOrder>,
    /// All of them, as a list of its own.
    pub all_href: String,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct OtherOrder {
    pub href: String,
    pub number: String,
    pub store: String,
    pub status: Badge,
    pub total: Money,
    pub sold: When,
}

impl OtherOrder {
    #[must_use]
    pub fn new(order: &OrderSummary, t: &Words) -> Self {
        Self {
            href: url::order(order.id),
            number: format!("#{}", order.number),
            store: plain(&order.store_name),
            status: status::order(&order.status, t),
            total: Money::new(order.total, &order.currency),
            sold: When::moment(order.created_at),
        }
    }
}
