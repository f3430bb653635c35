//! The card of an order beside a ticket: its items, its parcels, and what else its buyer ordered.

use serde_json::json;
use storewire_db::{OrderDetail, ProductSummary};
use storewire_domain::RoleClass;

use super::{
    data::{self, Cast},
    ticket_pages::show,
};
use crate::panel::{
    url,
    view::{CardView, Ordered, OtherOrder, OtherOrders},
    words::Words,
};

/// An order that left in two parcels, of which one can be followed.
pub fn ordered(cast: Cast) -> OrderDetail {
    let parcel = |number: &str, link: &str| json!({"custom_tracking_provider": cast.say("Kargo"), "tracking_number": cast.say(number), "custom_tracking_link": link});
    let link = match cast {
        Cast::Friendly => "https://kargo.example/TR1",
        Cast::Hostile => "javascript:alert(1)",
    };
    let parcels = [parcel("TR1", link), parcel("TR2", "")];
    let raw = json!({"meta_data": [{"id": 1, "key": "_wc_shipment_tracking_items", "value": parcels}]});
    OrderDetail { raw: raw.to_string(), ..data::order_detail(cast) }
}

pub fn card(cast: Cast, order: &OrderDetail) -> CardView {
    let t = Words::default();
    let product = ProductSummary { remote_id: "7".to_owned(), ..data::product(cast, 1) };
    let others = OtherOrders {
        title: cast.say("Other orders"),
        orders: (1..4).map(|n| OtherOrder::new(&data::order(cast, n), &t)).collect(),
        all_href: url::with(url::ORDERS, &[("q", &cast.say("mira@example.org"))]),
    };
    CardView::order(order, Ordered::of(order, &[product], &t), Some(others), &t)
}

#[test]
fn the_card_tells_what_is_left_where_the_parcels_are_and_to_staff_when_the_store_last_delivered() {
    let staff = show(Cast::Friendly, RoleClass::Staff);
    let merchant = show(Cast::Friendly, RoleClass::Merchant);
    for text in ["× 4", "3 In stock", "https://kargo.example/TR1", "TR2", "Other orders", "As of"] {
        assert!(staff.contains(text) && merchant.contains(text), "{text}");
    }
    assert!(staff.contains("Last delivery") && !merchant.contains("Last delivery"));
    assert!(staff.contains("Seen by the merchant") && !staff.contains("Seen by staff"));
    assert!(merchant.contains("Seen by staff") && !merchant.contains("Seen by the merchant"));
}
