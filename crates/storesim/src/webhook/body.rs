//! What a delivery says: the resource as REST v3 shows it at this moment.

use crate::faults::Faults;
use crate::php_json::{Json, Object, object};
use crate::rest::error::ApiError;
use crate::view::View;

/// The body for a topic. A resource that is gone is told as the error object that REST would answer.
#[must_use]
pub fn build(view: View<'_>, faults: &Faults, topic: &str, id: u64) -> String {
    let (resource, event) = topic.split_once('.').unwrap_or((topic, ""));
    if event == "deleted" {
        return Json::from(object! { "id" => id }).to_text();
    }
    match of_resource(view, resource, id) {
        Some(mut shown) => {
            faults.damage(&mut shown);
            Json::Object(shown).to_text()
        }
        None => ApiError::gone(resource).to_json().to_text(),
    }
}

/// What is told when the webhook's owner was deleted or demoted.
#[must_use]
pub fn lost_access() -> String {
    ApiError::new(401, "woocommerce_rest_cannot_view", "Sorry, you cannot view this resource.").to_json().to_text()
}

fn of_resource(view: View<'_>, resource: &str, id: u64) -> Option<Object> {
    let records = view.records;
    match resource {
        "order" => records.orders.get(&id).map(|order| view.order(order)),
        "product" => records.products.get(&id).map(|product| view.product(product)),
        "customer" => records.customers.get(&id).map(|customer| view.customer(customer)),
        "coupon" => records.coupons.get(&id).map(|coupon| view.coupon(coupon)),
        _ => None,
    }
}
