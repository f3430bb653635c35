//! Notes of an order. WordPress keeps them as comments: writing or deleting one moves no date of the order and tells nobody.

use crate::model::Change;
use crate::model::order::Status;

/// The author of what WooCommerce notes by itself, and of what comes by the API.
pub const SYSTEM: &str = "WooCommerce";

/// A note.
#[derive(Clone, Debug)]
pub struct Note {
    /// A comment's id, not a post's.
    pub id: u64,
    pub author: &'static str,
    pub created: i64,
    pub text: String,
    /// Mailed to the customer.
    pub is_for_customer: bool,
}

impl Change<'_> {
    /// Adds a note to an order that exists; its id.
    pub fn add_note(
        &mut self,
        order_id: u64,
        text: String,
        is_for_customer: bool,
        author: &'static str,
    ) -> Option<u64> {
        let (id, created) = (self.records.ids.comment(), self.now);
        let order = self.records.orders.get_mut(&order_id)?;
        order.notes.push(Note { id, author, created, text, is_for_customer });
        Some(id)
    }

    pub(super) fn note_status(&mut self, order_id: u64, from: Status, to: Status) {
        let text = format!("Order status changed from {} to {}.", from.title(), to.title());
        self.add_note(order_id, text, false, SYSTEM);
    }
}
