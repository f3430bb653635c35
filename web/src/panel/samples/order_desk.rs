//! What staff do around orders, as pages: a change of many, a link that was made, and what a buyer is shown by it.

use askama::Template;
use storewire_db::{
    bulks,
    orders::{ChargeRow, ShareRow, SharedOrder},
};
use storewire_domain::Edit;

use super::{
    data::{self, Cast, before, dec, id, now},
    engine_data,
    pages::frame,
};
use crate::panel::{
    url,
    view::{BulkPage, BulkRow, OrderDesk, ShareMadePage, SharedPage, When},
    words::Words,
};

/// The pages, by name.
pub fn all(cast: Cast) -> Vec<(&'static str, String)> {
    vec![("bulk", bulk(cast)), ("share-made", made(cast)), ("share", shared(cast))]
}

/// What is around an order.
pub fn desk(cast: Cast) -> OrderDesk {
    let charge = |n: u128, is_over: bool| ChargeRow {
        id: id(n),
        order_id: data::order(cast, 0).id,
        label: cast.say("Gift wrapping"),
        amount: dec("12.50"),
        currency: "EUR".to_owned(),
        by_name: cast.say("Anna Berg"),
        created_at: before(4_000),
        ended_at: is_over.then(|| before(600)),
    };
    let share = |n: u128, is_over: bool| ShareRow {
        id: id(n),
        order_id: data::order(cast, 0).id,
        by_name: cast.say("Anna Berg"),
        created_at: before(8_000),
        expires_at: before(-90_000),
        revoked_at: is_over.then(|| before(700)),
        looks: 3,
        looked_at: Some(before(800)),
    };
    let (charges, shares) = ([charge(901, false), charge(902, true)], [share(903, false), share(904, true)]);
    OrderDesk::new(data::order(cast, 0).id, "EUR", false, (&charges, &shares), now(), &Words::default())
}

fn bulk(cast: Cast) -> String {
    let t = Words::default();
    let refused = |position: i32, word: &str| bulks::BulkRow {
        tenant_id: data::order(cast, 0).tenant_id,
        position,
        store_id: data::order(cast, 0).store_id,
        entity_id: data::order(cast, 1).id.uuid(),
        edit: Edit::OrderStatus { status: "completed".to_owned() },
        intent_id: None,
        refusal: Some(word.to_owned()),
        created_at: before(60),
    };
    let mut rows: Vec<BulkRow> = engine_data::intents(cast)
        .iter()
        .map(|intent| BulkRow::new(&refused(0, ""), Some(&data::order(cast, 0)), Some(intent), &t))
        .collect();
    for (position, word) in (90..).zip(["illegal_step", "changed", "gone", "refund_elsewhere", "nothing_to_change"]) {
        rows.push(BulkRow::new(&refused(position, word), Some(&data::order(cast, 1)), None, &t));
    }
    let page = BulkPage { counts: BulkRow::counts(&rows, &t), rows, frame: frame(cast, true, url::ORDERS, "bulk"), t };
    page.render().unwrap()
}

fn made(cast: Cast) -> String {
    let page = ShareMadePage {
        t: Words::default(),
        frame: frame(cast, true, url::ORDERS, "share-made"),
        address: cast.say("https://desk.example/s/6Q1vJm"),
        until: When::moment(before(-90_000)),
        back: url::order(data::order(cast, 0).id),
    };
    page.render().unwrap()
}

fn shared(cast: Cast) -> String {
    let order = data::order(cast, 0);
    let raw = serde_json::json!({"meta_data": [{"key": "_wc_shipment_tracking_items", "value": [
        {"custom_tracking_provider": cast.say("DHL"), "tracking_number": cast.say("1Z 999"), "custom_tracking_link": "https://t.example/1Z"},
        {"tracking_provider": "post", "tracking_number": "2"},
    ]}]});
    let order = SharedOrder {
        number: order.number,
        status: order.status,
        store_name: order.store_name,
        created_at: order.created_at,
        paid_at: Some(before(5_000)),
        completed_at: Some(before(500)),
        items: vec![(cast.say("Mug"), Some(dec("2"))), (cast.say("Voucher"), None)],
        raw: raw.to_string(),
    };
    SharedPage::new(&order, before(-90_000), Words::default()).render().unwrap()
}

#[test]
fn a_change_of_many_says_of_each_why_it_was_left_alone() {
    let page = bulk(Cast::Friendly);
    for text in
        ["Left alone", "cannot be given that one", "no longer the one that you saw", "refund the order in the store"]
    {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn a_buyer_is_shown_no_amount_no_address_and_nobodys_name() {
    let page = shared(Cast::Friendly);
    assert!(page.contains("noindex") && page.contains("1Z 999") && page.contains("× 2"), "{page}");
    let order = data::order_detail(Cast::Friendly);
    for secret in [&order.summary.customer_name, &order.summary.customer_email, &order.billing.city] {
        assert!(!secret.is_empty() && !page.contains(secret.as_str()), "{secret}");
    }
}
