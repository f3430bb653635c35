//! Any record by its kind and id.

use crate::model::product::Kind;
use crate::php_json::Object;
use crate::view::View;

impl View<'_> {
    /// A record as its own route shows it. `kind` is `order`, `product` (of variations too), `variation`, `customer`, `coupon`, `refund`,
    /// `webhook` or `note`; a note is looked for in the order `parent_id`.
    #[must_use]
    pub fn record(&self, kind: &str, id: u64, parent_id: u64) -> Option<Object> {
        let records = self.records;
        match kind {
            "order" => records.orders.get(&id).map(|order| self.order(order)),
            "product" | "variation" => records
                .products
                .get(&id)
                .map(|one| if one.kind == Kind::Variation { self.variation(one) } else { self.product(one) }),
            "customer" => records.customers.get(&id).map(|customer| self.customer(customer)),
            "coupon" => records.coupons.get(&id).map(|coupon| self.coupon(coupon)),
            "refund" => records.refunds.get(&id).map(|refund| self.refund(refund, false)),
            "webhook" => records.webhooks.get(&id).map(|hook| self.webhook(hook)),
            "note" => {
                let note = records.orders.get(&parent_id)?.notes.iter().find(|note| note.id == id)?;
                Some(self.note(parent_id, note))
            }
            _ => None,
        }
    }
}
