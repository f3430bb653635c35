//! The panel's pages for staff: who may open them, what their buttons do, and what a form's wish becomes.

use actix_web::{cookie::Cookie, http::StatusCode};
use storewire_db::{Sent, customers, intents, intents::IntentFilter, stores};
use storewire_domain::{Address, Customer, Edit, IntentState, RemoteId, StoreState};
use uuid::Uuid;

use crate::{
    app::{TestApp, get},
    panel::{form, log_in, open},
    seed::{ADMIN, Merchant, STAFF, World},
};

/// What a page gave a form that adds something.
const DEED: (&str, &str) = ("deed", "01981f00-0000-7000-8000-000000000001");
const ANOTHER: (&str, &str) = ("deed", "01981f00-0000-7000-8000-000000000002");

/// The address that a form leads to.
async fn send(app: &TestApp, cookie: &Cookie<'static>, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let answer = app.call(form(path, fields).cookie(cookie.clone())).await;
    (answer.status, answer.header("location").unwrap_or_default().to_owned())
}

async fn customer(app: &TestApp, merchant: &Merchant, number: u64, last_name: &str) -> Uuid {
    let customer = Customer {
        remote_id: RemoteId::from(number),
        email: format!("{}@example.test", last_name.to_lowercase()),
        first_name: "Ada".to_owned(),
        last_name: last_name.to_owned(),
        username: "ada".to_owned(),
        role: "customer".to_owned(),
        created_at: Some(app.clock.now()),
        modified_at: None,
        billing: Address { city: "Izmir".to_owned(), ..Address::default() },
        shipping: Address::default(),
    };
    let id = Uuid::now_v7();
    let raw = format!(r#"{{"first_name": "Ada", "last_name": "{last_name}", "email": "{}"}}"#, customer.email);
    let tx = app.db.db().tenant(merchant.tenant).await.unwrap();
    let sent = Sent { raw: &raw, content_hash: [0; 32], read_at: None };
    customers::upsert(&tx, merchant.store, id, &customer, sent, app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn wishes(app: &TestApp, entity: Uuid) -> Vec<intents::IntentRow> {
    let tx = app.db.db().platform().await.unwrap();
    let found = intents::list(&tx, &IntentFilter { entity: Some(entity), ..IntentFilter::default() }).await.unwrap();
    tx.commit().await.unwrap();
    found
}

async fn state(app: &TestApp, merchant: &Merchant) -> StoreState {
    let tx = app.db.db().platform().await.unwrap();
    let store = stores::find(&tx, merchant.store).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    store.state
}

#[actix_web::test]
async fn staff_pages_do_not_exist_for_merchants() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let (merchant, staff) = (log_in(&app, &world.coffee.admin).await, log_in(&app, STAFF).await);
    let store = format!("/stores/{}", world.coffee.store);
    let pages = ["/control", "/control?show=late", "/alerts", "/changes", "/deliveries", "/dead-letters"];
    let own = [format!("{store}/diary"), format!("{store}/drift")];
    for path in pages.into_iter().chain(own.iter().map(String::as_str)) {
        assert_eq!(open(&app, &merchant, path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(open(&app, &staff, path).await.status, StatusCode::OK, "{path}");
        assert_eq!(app.call(get(path)).await.status, StatusCode::SEE_OTHER, "{path} for a stranger");
    }
    let id = Uuid::now_v7();
    let dead = world.coffee.store.to_string();
    for (path, fields) in [
        (format!("{store}/pause"), vec![]),
        (format!("{store}/resume"), vec![]),
        (format!("{store}/reconcile"), vec![]),
        (format!("{store}/webhook-secret"), vec![]),
        (format!("{store}/freshness"), vec![("minutes", "5")]),
        (format!("{store}/sources"), vec![("source", "https://coffee.example")]),
        (format!("/deliveries/{id}/replay"), vec![]),
        (format!("/changes/{id}/retry"), vec![]),
        (format!("/changes/{id}/cancel"), vec![]),
        ("/dead-letters/retry".to_owned(), vec![("store", dead.as_str()), ("cause", "crashed")]),
        ("/dead-letters/discard".to_owned(), vec![("store", dead.as_str()), ("cause", "crashed")]),
    ] {
        assert_eq!(send(&app, &merchant, &path, &fields).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    for bad in
        ["/control?show=x", "/deliveries?topic=x", "/deliveries?state=%27", "/changes?state=x", "/dead-letters?store=7"]
    {
        assert_eq!(open(&app, &staff, bad).await.status, StatusCode::NOT_FOUND, "{bad}");
    }
    for missing in ["deliveries", "dead-letters", "changes", "customers"] {
        assert_eq!(open(&app, &staff, &format!("/{missing}/{id}")).await.status, StatusCode::NOT_FOUND, "{missing}");
    }
}

#[actix_web::test]
async fn a_store_is_paused_and_resumed_from_where_the_button_is() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let staff = log_in(&app, STAFF).await;
    let store = format!("/stores/{}", world.coffee.store);
    let (status, next) = send(&app, &staff, &format!("{store}/resume"), &[("next", "/control?show=paused")]).await;
    assert_eq!((status, next.as_str()), (StatusCode::SEE_OTHER, "/control?show=paused&said=resumed"));
    assert_ne!(state(&app, &world.coffee).await, StoreState::Paused);
    let (_, next) = send(&app, &staff, &format!("{store}/pause"), &[("next", "//evil.example")]).await;
    assert_eq!(next, "/orders?said=paused", "no form leads to another site");
    assert_eq!(state(&app, &world.coffee).await, StoreState::Paused);
    let page = open(&app, &staff, "/control?show=paused").await;
    assert!(page.text.contains("coffee shop") && page.text.contains("outdoor shop"));
    assert!(!open(&app, &staff, "/control?show=late").await.text.contains("coffee shop</bdi></a><small>"));
    let page = open(&app, &staff, &store).await;
    assert!(page.text.contains("Paused.") && page.text.contains("A Person"), "the diary tells who did it");
}

#[actix_web::test]
async fn a_goal_a_secret_and_an_address_are_for_admins_to_set() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let (admin, staff) = (log_in(&app, ADMIN).await, log_in(&app, STAFF).await);
    let store = format!("/stores/{}", world.coffee.store);
    for (path, fields) in [
        ("freshness", vec![("minutes", "5")]),
        ("webhook-secret", vec![]),
        ("sources", vec![("source", "https://www.coffee.example/")]),
    ] {
        assert_eq!(send(&app, &staff, &format!("{store}/{path}"), &fields).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    let (_, next) = send(&app, &admin, &format!("{store}/freshness"), &[("minutes", "5")]).await;
    assert_eq!(next, format!("{store}?said=goal"));
    for bad in ["0", "-1", "x", "", "10081", "1.5"] {
        let (_, next) = send(&app, &admin, &format!("{store}/freshness"), &[("minutes", bad)]).await;
        assert_eq!(next, format!("{store}?said=invalid"), "{bad}");
    }
    assert!(open(&app, &admin, &store).await.text.contains("name=\"minutes\" value=\"5\""));
    let (_, next) = send(&app, &admin, &format!("{store}/sources"), &[("source", "javascript:alert(1)")]).await;
    assert_eq!(next, format!("{store}?said=invalid"));
}

#[actix_web::test]
async fn a_form_s_wish_waits_with_what_the_person_saw_and_can_be_taken_back() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let staff = log_in(&app, STAFF).await;
    let product = world.coffee.stock(&app, 1).await[0];
    let path = format!("/products/{product}");
    let page = open(&app, &staff, &path).await;
    assert!(
        page.text.contains("name=\"seen\" value=\"1\"") && page.text.contains("name=\"seen_regular\" value=\"9.5\"")
    );

    let (_, next) = send(&app, &staff, &format!("{path}/stock"), &[("seen", "1"), ("quantity", "1.234,5")]).await;
    assert_eq!(next, format!("{path}?said=proposed"));
    let found = wishes(&app, product.uuid()).await;
    assert_eq!(found[0].edit, Edit::Stock { quantity: "1234.5".parse().unwrap() });
    assert_eq!(found[0].expected, Some(serde_json::json!({ "stock_quantity": "1" })));

    let own = format!("/changes/{}", found[0].id);
    let page = open(&app, &staff, &path).await;
    assert!(page.text.contains("Stock to 1,234.5") && page.text.contains(&format!("{own}/cancel")));
    assert!(open(&app, &staff, "/changes?state=waiting").await.text.contains(&own));
    let (_, next) = send(&app, &staff, &format!("{own}/cancel"), &[("next", &path)]).await;
    assert_eq!(next, format!("{path}?said=cancelled"));
    assert_eq!(wishes(&app, product.uuid()).await[0].state, IntentState::Failed);
    let (_, next) = send(&app, &staff, &format!("{own}/cancel"), &[]).await;
    assert_eq!(next, format!("{own}?said=too_late"));
    let (_, next) = send(&app, &staff, &format!("{own}/retry"), &[]).await;
    assert_eq!(next, format!("{own}?said=proposed"));
}

#[actix_web::test]
async fn what_makes_no_sense_comes_back_with_a_reason_and_becomes_no_wish() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let staff = log_in(&app, STAFF).await;
    let product = world.coffee.stock(&app, 1).await[0];
    let order = world.coffee.sell(&app, 1).await[0];
    let (of_product, of_order) = (format!("/products/{product}"), format!("/orders/{order}"));
    let price = |regular, sale| vec![("seen_regular", "9.5"), ("seen_sale", ""), ("regular", regular), ("sale", sale)];
    for (page, form, fields, word) in [
        (&of_product, "stock", vec![("seen", "1"), ("quantity", "many")], "amount"),
        (&of_product, "stock", vec![("seen", "1"), ("quantity", "-1")], "negative"),
        (&of_product, "price", price("9", "10"), "sale_not_below_regular"),
        (&of_product, "price", price("9.555", ""), "too_precise"),
        (&of_product, "price", price("1,234", ""), "amount"),
        (&of_product, "status", vec![("seen", "publish"), ("status", "trash")], "bad_status"),
        (&of_product, "categories", vec![("category", "77")], "bad_category"),
        (&of_order, "status", vec![("seen", "processing"), ("status", "trash")], "bad_status"),
        (&of_order, "notes", vec![DEED, ("text", "  ")], "empty"),
        (&of_order, "tracking", vec![DEED, ("provider", "DHL"), ("number", "1"), ("url", "javascript:x")], "bad_url"),
    ] {
        let (status, next) = send(&app, &staff, &format!("{page}/{form}"), &fields).await;
        assert_eq!((status, next), (StatusCode::SEE_OTHER, format!("{page}?said={word}")), "{form}");
        let told = open(&app, &staff, &format!("{page}?said={word}")).await;
        assert!(told.text.contains("notice tone-bad"), "{word} is told: {} {}", told.status, told.text);
    }
    assert!(wishes(&app, product.uuid()).await.is_empty() && wishes(&app, order.uuid()).await.is_empty());
}

#[actix_web::test]
async fn every_form_of_an_order_becomes_its_own_wish() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let staff = log_in(&app, STAFF).await;
    let order = world.coffee.sell(&app, 1).await[0];
    let path = format!("/orders/{order}");
    for (form, fields) in [
        ("status", vec![("seen", "processing"), ("status", "completed")]),
        ("notes", vec![DEED, ("text", "two\r\nboxes"), ("for_customer", "yes")]),
        ("tracking", vec![ANOTHER, ("provider", "DHL"), ("number", "1Z"), ("url", "")]),
    ] {
        let (_, next) = send(&app, &staff, &format!("{path}/{form}"), &fields).await;
        assert_eq!(next, format!("{path}?said=proposed"), "{form}");
    }
    let edits: Vec<Edit> = wishes(&app, order.uuid()).await.into_iter().rev().map(|intent| intent.edit).collect();
    assert_eq!(
        edits,
        [
            Edit::OrderNote { text: "two\nboxes".to_owned(), for_customer: true },
            Edit::Tracking { provider: "DHL".to_owned(), number: "1Z".to_owned(), url: None },
            Edit::OrderStatus { status: "completed".to_owned() },
        ]
    );
}

#[actix_web::test]
async fn a_note_or_a_parcel_that_is_sent_twice_is_added_once() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let staff = log_in(&app, STAFF).await;
    let order = world.coffee.sell(&app, 1).await[0];
    let path = format!("/orders/{order}");
    for (count, (form, fields)) in
        [("notes", vec![("text", "two boxes")]), ("tracking", vec![("provider", "DHL"), ("number", "1Z"), ("url", "")])]
            .into_iter()
            .enumerate()
    {
        let page = open(&app, &staff, &path).await;
        let html = page.text.split(&format!("action=\"{path}/{form}\"")).nth(1).unwrap();
        let deed = html.split("name=\"deed\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let fields = [vec![("deed", deed)], fields].concat();
        for _ in 0..2 {
            let (_, next) = send(&app, &staff, &format!("{path}/{form}"), &fields).await;
            assert_eq!(next, format!("{path}?said=proposed"), "{form}");
        }
        // Somebody went back and typed something else: it is neither added nor called sent.
        let mut other = fields.clone();
        other[if form == "notes" { 1 } else { 2 }].1 = "another";
        let (_, next) = send(&app, &staff, &format!("{path}/{form}"), &other).await;
        assert_eq!(next, format!("{path}?said=sent_before"), "{form}");
        assert_eq!(wishes(&app, order.uuid()).await.len(), count + 1, "{form}");
        let unmarked = send(&app, &staff, &format!("{path}/{form}"), &fields[1..]).await;
        assert_eq!(unmarked.0, StatusCode::BAD_REQUEST, "{form}");
    }
}

#[actix_web::test]
async fn merchants_see_their_customers_and_change_nothing() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let own = customer(&app, &world.coffee, 1, "Lovelace").await;
    let foreign = customer(&app, &world.outdoor, 1, "Byron").await;
    let product = world.coffee.stock(&app, 1).await[0];
    let order = world.coffee.sell(&app, 1).await[0];
    let merchant = log_in(&app, &world.coffee.admin).await;
    let list = open(&app, &merchant, "/customers").await;
    assert!(list.text.contains("Ada Lovelace") && !list.text.contains("Byron"));
    let page = open(&app, &merchant, &format!("/customers/{own}")).await;
    assert!(page.text.contains("lovelace@example.test") && !page.text.contains("<form class=\"panel__body edit\""));
    assert_eq!(open(&app, &merchant, &format!("/customers/{foreign}")).await.status, StatusCode::NOT_FOUND);

    let fields = [("seen.email", "a@b.example"), ("email", "c@d.example")];
    for (path, status) in
        [(format!("/customers/{own}"), StatusCode::FORBIDDEN), (format!("/customers/{foreign}"), StatusCode::NOT_FOUND)]
    {
        assert_eq!(send(&app, &merchant, &path, &fields).await.0, status, "{path}");
    }
    for (path, fields) in [
        (format!("/products/{product}/stock"), vec![("seen", "1"), ("quantity", "5")]),
        (format!("/products/{product}/categories"), vec![("category", "1")]),
        (format!("/orders/{order}/status"), vec![("seen", "processing"), ("status", "completed")]),
        (format!("/orders/{order}/notes"), vec![DEED, ("text", "x")]),
    ] {
        assert_eq!(send(&app, &merchant, &path, &fields).await.0, StatusCode::FORBIDDEN, "{path}");
        let page = open(&app, &merchant, path.rsplit_once('/').unwrap().0).await;
        assert!(!page.text.contains("id=\"edit\"") && !page.text.contains("id=\"intents\""), "{path}");
    }
}

#[actix_web::test]
async fn only_the_fields_that_a_person_changed_are_wished() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let staff = log_in(&app, STAFF).await;
    let id = customer(&app, &world.coffee, 1, "Lovelace").await;
    let path = format!("/customers/{id}");
    let page = open(&app, &staff, &path).await;
    assert!(page.text.contains("name=\"seen.billing.city\" value=\"Izmir\""));
    assert!(page.text.contains("name=\"seen.last_name\" value=\"Lovelace\""));
    let same = [("seen.billing.city", "Izmir"), ("billing.city", "Izmir")];
    assert_eq!(send(&app, &staff, &path, &same).await.1, format!("{path}?said=unchanged"));
    let fields = [("seen.billing.city", "Izmir"), ("billing.city", "İzmir"), ("seen.email", "x"), ("email", "x")];
    assert_eq!(send(&app, &staff, &path, &fields).await.1, format!("{path}?said=proposed"));
    let found = wishes(&app, id).await;
    assert_eq!(found[0].expected, Some(serde_json::json!({ "billing.city": "Izmir" })));
    assert_eq!(found.len(), 1);
}

#[actix_web::test]
async fn customers_are_paged_by_name_and_found_by_mail() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    for number in 0..60 {
        customer(&app, &world.coffee, number, &format!("Name{:03}", number / 2)).await;
    }
    let staff = log_in(&app, STAFF).await;
    let first = open(&app, &staff, "/customers").await;
    assert_eq!(first.text.matches("<tr class=\"row").count(), 50);
    let next = first.text.split("href=\"/customers?").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let second = open(&app, &staff, &format!("/customers?{}", next.replace("&#38;", "&"))).await;
    assert_eq!(second.text.matches("<tr class=\"row").count(), 10);
    let found = open(&app, &staff, "/customers?q=NAME007%40").await;
    assert_eq!(found.text.matches("<tr class=\"row").count(), 2);
}
