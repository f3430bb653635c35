//! A refund as REST v3 shows it.

use crate::dates;
use crate::model::refund::Refund;
use crate::php_json::{Json, Object, object};
use crate::view::{View, meta};

impl View<'_> {
    /// A refund; the collection of all names its order (`parent_id`), the one of an order does not.
    #[must_use]
    pub fn refund(&self, refund: &Refund, names_order: bool) -> Object {
        let collection = format!("orders/{}/refunds", refund.order_id);
        let mut shown = object! { "id" => refund.id };
        if names_order {
            shown.push("parent_id", refund.order_id);
        }
        shown.push("date_created", self.local(refund.created));
        shown.push("date_created_gmt", dates::gmt(refund.created));
        shown.push("amount", self.fixed(refund.amount));
        shown.push("reason", refund.reason.clone());
        shown.push("refunded_by", 1);
        shown.push("refunded_payment", false);
        shown.push("meta_data", meta(&refund.meta));
        shown.push("line_items", refund.lines.iter().map(|line| self.line(line)).collect::<Vec<_>>());
        shown.push("shipping_lines", Json::none());
        shown.push("tax_lines", Json::none());
        shown.push("fee_lines", Json::none());
        shown.push(
            "_links",
            object! {
                "self" => self.self_link(&format!("{collection}/{}", refund.id), &["GET", "DELETE"]),
                "collection" => self.link(&collection),
                "up" => self.link(&format!("orders/{}", refund.order_id)),
            },
        );
        shown
    }
}
