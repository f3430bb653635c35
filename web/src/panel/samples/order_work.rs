//! The figures of stores, the form of an order that is placed, and the request that it becomes.

use std::collections::BTreeMap;

use askama::Template;
use jiff::civil::date;
use storewire_db::{orders::Sales, products::Assortment};
use storewire_domain::{
    Address, Edit, RemoteId, RoleClass, StoreId,
    intent::{CustomerField, EditFault, NewLine, NewOrder, Rejected},
    request::RequestState,
    zone::Days,
};

use super::{
    data::{self, Cast, dec, id},
    engine_data,
    pages::frame,
    request_pages,
};
use crate::panel::{
    orders::draft::Draft,
    url,
    view::{AssortmentRow, Choice, DraftArticle, DraftForm, NewOrderPage, SalesRow, StatsPage, order_fault},
    words::Words,
};

/// The pages, by name.
pub fn all(cast: Cast) -> Vec<(&'static str, String)> {
    vec![
        ("order-stats", stats(cast)),
        ("order-new", new(cast, None)),
        ("order-new-wrong", new(cast, Some(Rejected { field: "billing.city", fault: EditFault::Empty }))),
        ("request-placed", request_pages::page(cast, RoleClass::Staff, &placed(cast))),
    ]
}

fn stats(cast: Cast) -> String {
    let t = Words::default();
    let (name, store_id) = (cast.say("Copper & Clay"), StoreId(id(12)));
    let by = |pairs: &[(&str, i64)]| -> BTreeMap<String, i64> {
        pairs.iter().map(|(word, count)| (cast.say(word), *count)).collect()
    };
    let sales = Sales {
        store_id,
        store_name: name.clone(),
        currency: cast.say("TRY"),
        days: Days { first: date(2026, 3, 1), last: date(2026, 3, 30) },
        orders: 1_204,
        gross: dec("88412.5"),
        by_status: by(&[("completed", 1_200), ("packed", 4), ("cancelled", 3)]),
    };
    let held = Assortment {
        store_id,
        store_name: name,
        products: 340,
        by_status: by(&[("publish", 300), ("draft", 40)]),
        by_stock_status: by(&[("instock", 330), ("outofstock", 10)]),
        low: 7,
    };
    let page = StatsPage {
        frame: frame(cast, true, url::ORDERS, "orders"),
        stores: vec![Choice::store(&engine_data::glance(cast, 2), None)],
        from: "2026-03-01".to_owned(),
        to: "2026-03-30".to_owned(),
        sales: vec![SalesRow::new(&sales, &t)],
        held: vec![AssortmentRow::new(&held, &t)],
        t,
    };
    page.render().unwrap()
}

fn new(cast: Cast, fault: Option<Rejected>) -> String {
    let t = Words::default();
    let typed = CustomerField::ALL.iter().map(|field| (field.as_str().to_owned(), cast.say("Rose Lane 1")));
    let more = [("q", "mug"), ("customer_note", "Ring twice"), ("note", "By phone"), ("status", "on-hold")];
    let more = more.into_iter().map(|(name, value)| (name.to_owned(), cast.say(value)));
    let draft = Draft { deed: id(2_900), ..Draft::read(&typed.chain(more).collect::<Vec<_>>()) };
    let article = |n, count: Option<&String>| DraftArticle::new(&data::product(cast, n), count, &t);
    let page = NewOrderPage {
        frame: frame(cast, false, url::ORDERS, "orders"),
        stores: vec![Choice::store(&engine_data::glance(cast, 2), None)],
        found: vec![article(1, None), article(2, None)],
        has_searched: true,
        chosen: vec![article(3, Some(&cast.say("2")))],
        form: DraftForm::new(&draft, &t),
        problem: fault.map(|fault| order_fault(fault, &t)),
        t,
    };
    page.render().unwrap()
}

fn placed(cast: Cast) -> storewire_db::RequestRow {
    let order = NewOrder {
        lines: vec![NewLine {
            product: RemoteId::from(7),
            variation: None,
            quantity: 2,
            name: cast.say("Stoneware mug, 300 ml"),
        }],
        billing: data::address(cast),
        shipping: Some(Address { city: cast.say("Ankara"), ..data::address(cast) }),
        note: cast.say("Ring twice"),
        status: "on-hold".to_owned(),
    };
    let row = request_pages::row(cast, RequestState::Waiting);
    storewire_db::RequestRow {
        edit: Edit::PlaceOrder { order: Box::new(order) },
        kind: "order.place".to_owned(),
        ..row
    }
}

#[test]
fn what_must_be_corrected_is_said_in_words() {
    let t = Words::default();
    let said = |field, fault| order_fault(Rejected { field, fault }, &t);
    for (field, fault, words) in [
        ("billing.first_name", EditFault::Empty, "Say who pays: a name or a company."),
        ("shipping.first_name", EditFault::Empty, "Say who receives it: a name or a company."),
        ("billing.city", EditFault::Empty, "City (billing) is missing."),
        ("billing.email", EditFault::BadEmail, "E-mail (billing) cannot be taken as it is."),
        ("lines", EditFault::Empty, "Choose at least one article."),
        ("lines.quantity", EditFault::Empty, "Each article needs a count of one or more."),
        ("note", EditFault::BadText, "note cannot be taken as it is."),
    ] {
        let told: String = said(field, fault).chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect();
        assert_eq!(told, words, "{field}");
    }
}
