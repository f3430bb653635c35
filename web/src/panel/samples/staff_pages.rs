//! The pages that only staff have, and those of customers.

use std::sync::Arc;

use askama::Template;
use storewire_db::StoreRow;
use storewire_domain::RoleClass;

use super::{
    data::{Cast, now},
    engine_data as data, owners,
    pages::frame,
};
use crate::panel::{
    url,
    view::{
        BudgetView, CauseView, ChangePage, ChangesPage, Choice, ControlPage, CustomerForm, CustomerPage, CustomerRow,
        CustomerView, CustomersList, CustomersPage, DeadLetterPage, DeadLettersPage, DeliveriesPage, DeliveryPage,
        DeliveryView, DiaryLine, DiaryPage, DriftPage, DriftView, Filter, Fresh, GapView, IntentView, LetterView,
        Listing, Narrowing, OwnersView, Raw, RunView, Show, Sources, Stale, StorePage, StoreView, StoresPage, Tile,
        Totals, When, change_facts, filter,
    },
    words::Words,
};

/// Every page, by name.
pub fn all(cast: Cast) -> Vec<(&'static str, String)> {
    vec![
        ("stores", stores(cast)),
        ("store", store(cast, 4)),
        ("store-importing", store(cast, 1)),
        ("diary", diary(cast)),
        ("drift", drift(cast)),
        ("control", control(cast, 7)),
        ("control-empty", control(cast, 0)),
        ("deliveries", deliveries(cast)),
        ("delivery", delivery(cast)),
        ("dead-letters", dead_letters(cast)),
        ("dead-letter", dead_letter(cast)),
        ("changes", changes(cast)),
        ("change", change(cast)),
        ("customers", customers(cast)),
        ("customer", customer(cast, RoleClass::Staff)),
        ("customer-merchant", customer(cast, RoleClass::Merchant)),
    ]
}

fn stores(cast: Cast) -> String {
    let t = Words::default();
    let rows = (0..7).map(|n| StoreView::new(&data::store(cast, n), now(), &t)).collect();
    StoresPage { frame: frame(cast, true, url::STORES, "stores"), rows, can_connect: true, t }.render().unwrap()
}

fn store(cast: Cast, n: u128) -> String {
    let t = Words::default();
    let is_known = n == 4;
    let page = StorePage {
        frame: frame(cast, true, url::STORES, "store"),
        row: StoreView::new(&data::store(cast, n), now(), &t),
        budget: is_known.then(|| BudgetView::new(&data::budget(cast, n), now(), &t)),
        hooks_checked: is_known.then(|| When::ago(now())),
        gaps: data::gaps(cast).iter().filter(|_| is_known).map(|gap| GapView::new(gap, &t)).collect(),
        runs: RunView::all(&data::walks(), &t),
        drift: data::drift(cast).iter().filter(|_| is_known).map(|drift| DriftView::new(drift, &t)).collect(),
        has_more_drift: is_known,
        diary: data::diary(cast).iter().filter(|_| is_known).take(10).map(|entry| DiaryLine::new(entry, &t)).collect(),
        has_more_diary: is_known,
        sources: Sources {
            known: vec![cast.say("https://www.copper-clay.example/")],
            suspected: if is_known { vec![cast.say("https://staging.copper-clay.example/")] } else { Vec::new() },
        },
        can_edit: is_known,
        owners: is_known.then(|| owners::form(cast)),
        t,
    };
    page.render().unwrap()
}

fn diary(cast: Cast) -> String {
    let t = Words::default();
    let store = data::store(cast, 4).id;
    let diary = data::diary(cast).iter().map(|entry| DiaryLine::new(entry, &t).of(store)).collect();
    let page = DiaryPage {
        frame: frame(cast, true, url::STORES, "store"),
        name: cast.say("Copper & Clay"),
        href: "/stores/1".to_owned(),
        diary,
        older: Some("/stores/1/diary?after=x".to_owned()),
        t,
    };
    page.render().unwrap()
}

fn drift(cast: Cast) -> String {
    let t = Words::default();
    let drift = data::drift(cast).iter().map(|drift| DriftView::new(drift, &t)).collect();
    let page = DriftPage {
        frame: frame(cast, true, url::STORES, "store"),
        name: cast.say("Copper & Clay"),
        href: "/stores/1".to_owned(),
        drift,
        older: None,
        t,
    };
    page.render().unwrap()
}

fn control(cast: Cast, count: u128) -> String {
    let t = Words::default();
    let stores: Vec<StoreRow> = (0..count).map(|n| data::store(cast, n)).collect();
    let tile =
        |(n, store): (u128, &StoreRow)| Tile::new(store, (n != 1).then(|| data::budget(cast, n)).as_ref(), now(), &t);
    let page = ControlPage {
        frame: frame(cast, true, url::CONTROL, "control"),
        home: Show::Late.href(),
        chips: Show::chips(Show::Late, &stores, now(), &t),
        totals: Totals::of(&stores, now()),
        tiles: (0..).zip(&stores).map(tile).collect(),
        is_narrowed: cast == Cast::Hostile,
        can_connect: true,
        t: t.clone(),
    };
    page.render().unwrap()
}

/// A list that is narrowed, with a further page.
pub fn narrow(cast: Cast) -> Narrowing {
    Narrowing { choice: (cast == Cast::Hostile).then(|| cast.say("odd")), is_further: true, ..Narrowing::default() }
}

fn deliveries(cast: Cast) -> String {
    let t = Words::default();
    let page = DeliveriesPage {
        frame: frame(cast, true, url::DELIVERIES, "deliveries"),
        filter: Filter::new(filter::deliveries(&t), &narrow(cast), &[data::glance(cast, 2)]),
        topic: cast.say("order.updated"),
        topics: vec![Choice { value: cast.say("order.updated"), label: cast.say("order.updated"), is_chosen: true }],
        rows: (0..5).map(|n| DeliveryView::new(&data::delivery(cast, n), &t)).collect(),
        older: Some("/deliveries?after=x".to_owned()),
        t,
    };
    page.render().unwrap()
}

fn body(cast: Cast) -> Raw {
    Raw::of_bytes(format!("{{\"id\": 4711, \"note\": \"{}\"}}\0", cast.say("x")).as_bytes())
}

fn delivery(cast: Cast) -> String {
    let t = Words::default();
    let row = DeliveryView::new(&data::delivery(cast, 3), &t);
    let frame = frame(cast, true, url::DELIVERIES, "deliveries");
    DeliveryPage { frame, row, body: body(cast), can_replay: true, t }.render().unwrap()
}

fn dead_letters(cast: Cast) -> String {
    let t = Words::default();
    let mut heaps = CauseView::heaps(&data::causes(cast), &t);
    assert_eq!(heaps.len(), 3, "one heap per cause, whatever the topics");
    heaps[0].is_open = true;
    heaps[0].letters = (0..3).map(|n| LetterView::new(&data::letter(cast, n), &t)).collect();
    heaps[0].older = Some("/dead-letters?after=x".to_owned());
    let page = DeadLettersPage {
        frame: frame(cast, true, url::DEAD_LETTERS, "deliveries"),
        stores: vec![Choice { value: cast.say("s"), label: cast.say("Kyoto Tea"), is_chosen: false }],
        is_narrowed: true,
        heaps,
        can_retry: true,
        t,
    };
    page.render().unwrap()
}

fn dead_letter(cast: Cast) -> String {
    let t = Words::default();
    let row = LetterView::new(&data::letter(cast, 1), &t);
    let frame = frame(cast, true, url::DEAD_LETTERS, "deliveries");
    DeadLetterPage { frame, row, body: body(cast), can_retry: true, t }.render().unwrap()
}

fn changes(cast: Cast) -> String {
    let t = Words::default();
    let page = ChangesPage {
        frame: frame(cast, true, url::CHANGES, "changes"),
        filter: Filter::new(filter::intents(&t), &narrow(cast), &[data::glance(cast, 2)]),
        takes_new: true,
        rows: data::intents(cast).iter().map(|row| IntentView::new(row, &t)).collect(),
        older: Some("/changes?after=x".to_owned()),
        t,
    };
    page.render().unwrap()
}

fn change(cast: Cast) -> String {
    let t = Words::default();
    let intent = &data::intents(cast)[1];
    let page = ChangePage {
        frame: frame(cast, true, url::CHANGES, "changes"),
        intent: IntentView::new(intent, &t),
        facts: change_facts(intent, &t),
        store: cast.say("Copper & Clay"),
        store_href: "/stores/1".to_owned(),
        t,
    };
    page.render().unwrap()
}

fn customers(cast: Cast) -> String {
    let t = Words::default();
    let stores = [data::glance(cast, 2)];
    let list = CustomersList {
        filter: Filter::new(filter::customers(&[cast.say("vip")], &t), &narrow(cast), &stores),
        rows: (0..4).map(|n| CustomerRow::new(&data::customer(cast, n), n == 1, &t)).collect(),
        next: Some("/customers?after=x".to_owned()),
        fresh: Fresh::of(&stores, None, now()),
        stale: Stale::default(),
        t: t.clone(),
    };
    let listing = Arc::new(Listing::new(&list, None, None).unwrap());
    CustomersPage { frame: frame(cast, true, url::CUSTOMERS, "customers"), listing, t }.render().unwrap()
}

fn customer(cast: Cast, class: RoleClass) -> String {
    let t = Words::default();
    let is_staff = class == RoleClass::Staff;
    let page = CustomerPage {
        frame: frame(cast, is_staff, url::CUSTOMERS, "customer"),
        customer: CustomerView::new(&data::customer_detail(cast), class, now(), &t),
        owners: OwnersView::of_customer(owners::owners(cast), &t),
        form: is_staff.then(|| CustomerForm::new(&data::customer_detail(cast), &t)),
        intents: is_staff.then(|| data::intents(cast).iter().map(|row| IntentView::new(row, &t)).collect()),
        stale: Stale::of(&[data::glance(cast, 4)], None, class, now(), &t),
        t,
    };
    page.render().unwrap()
}

#[test]
fn a_merchant_s_pages_offer_no_change_and_tell_of_none() {
    let t = Words::default();
    let staff = customer(Cast::Friendly, RoleClass::Staff);
    let merchant = customer(Cast::Friendly, RoleClass::Merchant);
    for words in [t.get("customer-edit"), t.get("intents-title"), t.get("raw-title"), t.get("advice-auth")] {
        assert!(staff.contains(&words), "{words}");
        assert!(!merchant.contains(&words), "{words}");
    }
    assert!(merchant.contains(&t.get("stale-as-of")), "that the numbers are old is told to everybody");
}
