//! Light listings, the newer listings, and what they ask for.

use rust_decimal::Decimal;
use storewire_domain::{ManageStock, RemoteId};
use storewire_woo::{CustomerOrder, CustomerQuery, Failure, ListQuery, Listing, OrderBy};

use crate::{
    captures,
    server::{Reply, TestStore},
};

#[tokio::test]
async fn a_glance_asks_for_little_and_reads_what_it_is_given() {
    let store = TestStore::start(|seen| match seen.url.path().rsplit('/').next() {
        Some("orders") => captures::rest("order-refunds").reply(),
        Some("products") => captures::rest("products").reply(),
        Some("coupons") => captures::rest("coupons").reply(),
        _ => captures::rest("customers-all-roles").reply(),
    })
    .await;
    let client = store.client("/wp-json/");
    let query = ListQuery { order_by: OrderBy::Modified, status: Listing::Trash, ..ListQuery::default() };
    let orders = client.glance_orders(&query).await.unwrap();
    let whole = client.list_orders(&query).await.unwrap();
    for (glance, order) in orders.good().zip(whole.good()) {
        let (glance, order) = (&glance.value, &order.value);
        assert_eq!((&glance.remote_id, &glance.status), (&order.remote_id, &order.status));
        assert_eq!((glance.total, glance.modified_at), (Some(order.total), order.modified_at));
        let refunds: Vec<_> = order.refunds.iter().map(|refund| refund.remote_id.clone()).collect();
        assert_eq!(glance.refunds, refunds);
    }
    assert_eq!(orders.good().count(), 3);
    let products = client.glance_products(&query).await.unwrap();
    let whole = client.list_products(&query).await.unwrap();
    for (glance, product) in products.good().zip(whole.good()) {
        let (glance, product) = (&glance.value, &product.value);
        assert_eq!((&glance.kind, glance.price), (&product.kind, product.price));
        assert_eq!((glance.manage_stock, glance.stock_quantity), (Some(product.manage_stock), product.stock_quantity));
        assert_eq!((&glance.stock_status, glance.modified_at), (&product.stock_status, product.modified_at));
    }
    assert!(products.good().count() > 5);
    assert!(client.glance_coupons(&query).await.unwrap().good().count() > 0);
    let customers = client.glance_customers(&CustomerQuery::default()).await.unwrap();
    assert!(customers.good().any(|glance| glance.value.kind == "administrator"));
    let seen = store.requests();
    let fields: Vec<Option<String>> = seen.iter().map(|seen| seen.param("_fields")).collect();
    assert_eq!(fields[0].as_deref(), Some("id,status,date_modified_gmt,total,refunds"));
    assert_eq!(fields.iter().flatten().count(), 4);
    assert_eq!(seen[0].param("status").as_deref(), Some("trash"));
    assert_eq!(seen[0].param("orderby").as_deref(), Some("modified"));
}

#[tokio::test]
async fn a_glance_needs_nothing_but_an_id() {
    const LIST: &str = r#"[{"id":"7"},{"id":8,"total":1e99,"refunds":"no","price":[],"stock_quantity":"2.5",
        "manage_stock":"parent","status":"wc-packed","date_modified_gmt":"0000-00-00T00:00:00"},{"status":"x"}]"#;
    let store = TestStore::start(|_| Reply::json(LIST)).await;
    let page = store.client("/wp-json/").glance_products(&ListQuery::default()).await.unwrap();
    let bare = &page.items[0].as_ref().unwrap().value;
    assert_eq!((bare.remote_id.as_str(), bare.manage_stock, bare.modified_at), ("7", None, None));
    let odd = &page.items[1].as_ref().unwrap().value;
    assert_eq!((odd.total, odd.price, odd.modified_at, odd.refunds.len()), (None, None, None, 0));
    assert_eq!((odd.manage_stock, odd.stock_quantity), (Some(ManageStock::Parent), Some(Decimal::new(25, 1))));
    assert_eq!(odd.status, "packed");
    assert_eq!(page.items[2].as_ref().unwrap_err().reason, "id: missing");
}

#[tokio::test]
async fn a_store_that_refuses_to_trim_its_records_gives_them_whole_from_then_on() {
    let store = TestStore::start(|seen| match seen.param("_fields") {
        Some(_) => Reply::with(
            400,
            "application/json",
            r#"{"code":"rest_invalid_param","message":"x","data":{"status":400,"params":{"_fields":"x"}}}"#,
        ),
        None => captures::rest("orders-p1").reply(),
    })
    .await;
    let client = store.client("/wp-json/");
    for _ in 0..2 {
        assert_eq!(client.glance_orders(&ListQuery::default()).await.unwrap().good().count(), 20);
    }
    assert_eq!(store.requests().len(), 3);
}

#[tokio::test]
async fn customers_of_every_role_are_asked_for_in_either_order() {
    let store = TestStore::start(|_| captures::rest("customers-all-roles").reply()).await;
    let client = store.client("/wp-json/");
    let newest = CustomerQuery { order_by: CustomerOrder::Registered, ascending: false, ..CustomerQuery::default() };
    client.list_customers(&newest).await.unwrap();
    let some =
        CustomerQuery { include: vec![RemoteId::from(4), RemoteId::from(5)], page: 3, ..CustomerQuery::default() };
    client.list_customers(&some).await.unwrap();
    let seen = store.requests();
    for (place, name, value) in [
        (0, "role", Some("all")),
        (0, "orderby", Some("registered_date")),
        (0, "order", Some("desc")),
        (0, "include", None),
        (1, "role", Some("all")),
        (1, "orderby", Some("id")),
        (1, "order", Some("asc")),
        (1, "include", Some("4,5")),
        (1, "page", Some("3")),
    ] {
        assert_eq!(seen[place].param(name).as_deref(), value, "{place} {name}");
    }
    let bad = CustomerQuery { include: vec![RemoteId::from("1&role=none")], ..CustomerQuery::default() };
    assert_eq!(client.list_customers(&bad).await.unwrap_err().code.as_deref(), Some("bad_id"));
    assert_eq!(store.requests().len(), 2);
}

#[tokio::test]
async fn the_listing_of_all_variations_is_there_or_is_not_but_never_quietly_empty() {
    let new = TestStore::start(|seen| match seen.url.path() {
        "/wp-json/wc/v3/variations" => captures::rest("variations-all").reply(),
        _ => Reply::error(500, "x"),
    })
    .await;
    let found = new.client("/wp-json/").list_all_variations(&ListQuery::default()).await.unwrap().unwrap();
    assert!(found.good().count() > 0 && found.good().all(|item| item.value.parent_remote_id.is_some()));
    let old = TestStore::start(|_| captures::rest("404-route").reply()).await;
    assert!(old.client("/wp-json/").list_all_variations(&ListQuery::default()).await.unwrap().is_none());
    for (reply, class) in [
        ((|| Reply::with(404, "text/html", "<p>gone</p>")) as fn() -> Reply, Failure::NoRoute),
        (|| Reply::with(500, "text/html", ""), Failure::Overloaded),
    ] {
        let broken = TestStore::start(move |_| reply()).await;
        let error = broken.client("/wp-json/").list_all_variations(&ListQuery::default()).await.unwrap_err();
        assert_eq!(error.class, class);
    }
}
