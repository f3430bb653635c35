//! Every page: well-formed, with unique ids, and nothing in it that a hostile name could make run.
//!
//! With `STOREWIRE_SAMPLES` set to a folder the pages are written there, for a look.

use std::sync::Arc;

use actix_web::test::TestRequest;
use askama::Template;
use storewire_domain::{RemoteId, RoleClass};

use super::{
    data::{self, Cast, now},
    engine_data, faster_page, markup, notice_pages, order_desk, order_work,
    owners::owners,
    product_pages, rehearsal_pages, request_pages, return_pages, staff_pages, stock_pages, ticket_pages,
};
use crate::panel::{
    frame::Frame,
    url,
    view::{
        Alerts, AskForms, Choice, ConnectForm, ConnectPage, DemoPerson, ErrorPage, Filter, Fresh, IntentView, Listing,
        LoginPage, Narrowing, OrderForms, OrderPage, OrderRow, OrderView, OrdersList, OrdersPage, OwnersView,
        ProductForms, ProductPage, ProductRow, ProductView, ProductWork, ProductsList, ProductsPage, Stale, filter,
        order_steps,
    },
    words::Words,
};

pub fn frame(cast: Cast, is_staff: bool, current: &str, page: &str) -> Frame {
    let t = Words::default();
    let request = TestRequest::get().uri("/orders?q=a%22b&said=paused").to_http_request();
    let alerts = is_staff.then(|| Alerts::new(&engine_data::alerts(cast), &t));
    let frame = Frame::new(&request, &data::viewer(cast, is_staff), current, now(), &t);
    let frame = Frame { is_read_only: cast == Cast::Hostile, ..frame };
    frame.under(alerts).following(url::live(page, "742", &[("status", "on-hold")]))
}

fn login(cast: Cast) -> String {
    let person = |label: &str, role: &str| DemoPerson {
        email: cast.say("admin@demo.example"),
        password: cast.say("correct horse"),
        label: cast.say(label),
        role: cast.say(role),
        initial: label.chars().take(1).collect(),
    };
    let page = LoginPage {
        t: Words::default(),
        theme: "",
        next: cast.say("/orders"),
        email: cast.say("anna@example.com"),
        problem: (cast == Cast::Hostile).then(|| cast.say("E-mail or password is wrong.")),
        people: vec![person("Anna Berg", "Platform admin"), person("Mert Aksoy", "Merchant, Copper & Clay")],
    };
    page.render().unwrap()
}

fn orders(cast: Cast, rows: u128) -> String {
    let t = Words::default();
    let stores: Vec<_> = (2..5).map(|n| engine_data::glance(cast, n)).collect();
    let stale = Stale::of(&stores, None, RoleClass::Staff, now(), &t);
    let narrowing = Narrowing {
        choice: (cast == Cast::Hostile).then(|| cast.say("odd")),
        q: (cast == Cast::Hostile).then(|| cast.say("mug")),
        ..Narrowing::default()
    };
    let list = OrdersList {
        filter: Filter::new(filter::orders(narrowing.choice.as_deref(), &t), &narrowing, &stores),
        rows: (0..rows)
            .map(|n| OrderRow::new(&data::order(cast, n), &t).of_stale(n == 2).to_pick(&data::order(cast, n)))
            .collect(),
        steps: order_steps(&[cast.say("packed")], &t),
        older: (rows > 0).then(|| url::with(url::ORDERS, &[("q", &cast.say("a")), ("after", "1_2")])),
        fresh: Fresh::of(&stores, None, now()),
        stale,
        t: t.clone(),
    };
    let listing = Arc::new(Listing::new(&list, None, None).unwrap());
    OrdersPage { frame: frame(cast, true, url::ORDERS, "orders"), listing, bulk: Some(data::id(900)), t }
        .render()
        .unwrap()
}

fn products(cast: Cast) -> String {
    let t = Words::default();
    let stores = [engine_data::glance(cast, 2)];
    let list = ProductsList {
        filter: Filter::new(filter::products(&t), &Narrowing::default(), &stores),
        rows: (0..5).map(|n| ProductRow::new(&data::product(cast, n), &t)).collect(),
        next: Some(url::with(url::PRODUCTS, &[("after", &cast.say("a"))])),
        fresh: Fresh::of(&stores, None, now()),
        stale: Stale::of(&[engine_data::glance(cast, 4)], None, RoleClass::Merchant, now(), &t),
        t: t.clone(),
    };
    let listing = Arc::new(Listing::new(&list, None, None).unwrap());
    let frame = frame(cast, false, url::PRODUCTS, "products");
    ProductsPage { frame, new_product: Some("/products/new"), listing, t }.render().unwrap()
}

fn connect(cast: Cast) -> String {
    let wrong = |text: &str| (cast == Cast::Hostile).then(|| cast.say(text));
    let form = ConnectForm {
        tenants: vec![Choice { value: cast.say("t"), label: cast.say("Berg Brands"), is_chosen: true }],
        url: cast.say("https://shop.example"),
        name: cast.say("Shop"),
        plain_http: cast == Cast::Hostile,
        problem: wrong("The store refused our key."),
        tenant_error: wrong("Choose a tenant."),
        url_error: wrong("Give the address."),
        key_error: wrong("A key begins with ck_."),
        secret_error: wrong("A secret begins with cs_."),
    };
    ConnectPage { t: Words::default(), frame: frame(cast, true, url::STORES, "stores"), form }.render().unwrap()
}

fn all(cast: Cast) -> Vec<(&'static str, String)> {
    let t = Words::default();
    let order = |class| OrderView::new(&data::order_detail(cast), class, now(), &t);
    let order_page = |is_staff, class| OrderPage {
        t: t.clone(),
        frame: frame(cast, is_staff, url::ORDERS, "order"),
        order: order(class),
        returns: return_pages::of_order(cast, is_staff),
        forms: is_staff.then(|| OrderForms::new(&data::order_detail(cast), &[cast.say("awaiting-pickup")], &t)),
        intents: is_staff.then(|| engine_data::intents(cast).iter().map(|row| IntentView::new(row, &t)).collect()),
        asks: request_pages::asks(
            cast,
            (!is_staff).then(|| AskForms::of_order(data::order(cast, 0).id).within(&owners(cast), &t)),
        ),
        desk: is_staff.then(|| order_desk::desk(cast)),
        owners: OwnersView::of_order(owners(cast), &t),
        stale: Stale::default(),
    };
    let categories =
        [("3", "Kitchen"), ("5", "Gifts"), ("9", "Sale")].map(|(id, name)| (RemoteId(id.to_owned()), cast.say(name)));
    let product = ProductPage {
        t: t.clone(),
        frame: frame(cast, true, url::PRODUCTS, "product"),
        product: ProductView::new(&data::product_detail(cast), RoleClass::Staff, now(), &t),
        owners: OwnersView::of_product(owners(cast), &t),
        forms: Some(ProductForms::new(&data::product_detail(cast), &categories, &t)),
        intents: Some(Vec::new()),
        asks: request_pages::asks(
            cast,
            Some(
                AskForms::of_product(&data::product(cast, 0), &t)
                    .with_texts(ProductWork::new(&data::product_detail(cast), &t).texts)
                    .with_categories(&data::product_detail(cast), &categories)
                    .within(&owners(cast), &t),
            ),
        ),
        stale: Stale::of(&[engine_data::glance(cast, 4)], None, RoleClass::Staff, now(), &t),
    };
    let error =
        ErrorPage { t: t.clone(), theme: "dark", code: 404, title: cast.say("Not here"), hint: cast.say("Moved.") };
    let mut pages = vec![
        ("login", login(cast)),
        ("orders", orders(cast, 9)),
        ("orders-empty", orders(cast, 0)),
        ("order", order_page(true, RoleClass::Staff).render().unwrap()),
        ("order-merchant", order_page(false, RoleClass::Merchant).render().unwrap()),
        ("products", products(cast)),
        ("product-new", product_pages::new(cast)),
        ("product-new-store", product_pages::which_store(cast)),
        ("product", product.render().unwrap()),
        ("connect", connect(cast)),
        ("error", error.render().unwrap()),
    ];
    pages.extend(staff_pages::all(cast));
    pages.extend(rehearsal_pages::all(cast));
    pages.extend(notice_pages::all(cast));
    pages.extend(request_pages::all(cast));
    pages.extend(ticket_pages::all(cast));
    pages.extend(stock_pages::all(cast));
    pages.extend(return_pages::all(cast));
    pages.extend(faster_page::all(cast));
    pages.extend(order_desk::all(cast));
    pages.extend(order_work::all(cast));
    pages
}

#[test]
fn every_page_is_well_formed_and_runs_nothing_of_what_it_shows() {
    for (cast, set) in [(Cast::Friendly, "friendly"), (Cast::Hostile, "hostile")] {
        for (name, html) in all(cast) {
            if let Ok(folder) = std::env::var("STOREWIRE_SAMPLES") {
                std::fs::write(format!("{folder}/{set}-{name}.html"), &html).unwrap();
            }
            markup::check(&format!("{set} {name}"), &html);
            markup::check_unique_ids(&format!("{set} {name}"), &html);
        }
    }
}

#[test]
fn raw_data_and_store_pages_are_for_staff_only() {
    let pages = all(Cast::Friendly);
    let html = |wanted: &str| pages.iter().find(|(name, _)| *name == wanted).unwrap().1.clone();
    let raw = Words::default().get("raw-title");
    assert!(html("order").contains(&raw) && html("order").contains("/stores/"));
    assert!(!html("order-merchant").contains(&raw) && !html("order-merchant").contains("/stores"));
    assert!(!html("products").contains("href=\"/stores\""));
}

#[test]
fn a_filter_that_matches_nothing_offers_the_way_back() {
    let html = orders(Cast::Hostile, 0);
    assert!(html.contains(&Words::default().get("orders-none")));
    assert!(!orders(Cast::Friendly, 0).contains(&Words::default().get("orders-none")));
}

#[test]
fn a_later_page_and_a_search_take_no_new_rows() {
    let t = Words::default();
    let filter = |narrowing: &Narrowing| Filter::new(filter::orders(None, &t), narrowing, &[]);
    assert!(filter(&Narrowing::default()).follows);
    assert!(!filter(&Narrowing { is_further: true, ..Narrowing::default() }).follows);
    assert!(!filter(&Narrowing { q: Some("mug".to_owned()), ..Narrowing::default() }).follows);
}
