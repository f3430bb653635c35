//! Every recorded REST answer through the real client over a real socket.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::Value;
use storewire_domain::{LineKind, ManageStock, Order, RemoteId};
use storewire_woo::{CustomerQuery, Failure, Fetched, Item, ListQuery, Page, Paging, StoreClient};

use crate::{
    captures,
    oracle::{assert_lines, assert_order},
    rest_table::{WANTED, Want::*},
    server::TestStore,
};

/// A store that answers below `/<capture>/wp-json/` with that capture.
async fn replaying() -> TestStore {
    TestStore::start(|seen| captures::rest(seen.url.path_segments().unwrap().next().unwrap()).reply()).await
}

fn client(store: &TestStore, capture: &str) -> StoreClient {
    store.client(&format!("/{capture}/wp-json/"))
}

fn some_id() -> RemoteId {
    RemoteId::from(1)
}

fn all_good<T: Clone>(page: Page<T>, sent: &[Value]) -> Vec<Item<T>> {
    assert!(!page.dirty);
    assert!(page.store_now.is_some());
    let items: Vec<Item<T>> =
        page.items.into_iter().map(|item| item.map_err(|poison| poison.reason).unwrap()).collect();
    assert_eq!(items.len(), sent.len());
    for (item, json) in items.iter().zip(sent) {
        assert_eq!(&serde_json::from_str::<Value>(&item.raw).unwrap(), json);
    }
    items
}

#[test]
fn every_rest_capture_is_in_the_table() {
    let listed: BTreeSet<String> = WANTED.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(listed, captures::names("rest"));
}

#[tokio::test]
async fn every_rest_capture_becomes_what_it_is() {
    let store = replaying().await;
    for (name, want) in WANTED {
        let client = client(&store, name);
        let sent: Value = serde_json::from_slice(&captures::body("rest", name)).unwrap_or(Value::Null);
        let list = sent.as_array().map(Vec::as_slice).unwrap_or_default();
        let query = ListQuery::default();
        println!("{name}");
        match want {
            Orders => {
                let orders = all_good(client.list_orders(&query).await.unwrap(), list);
                orders.iter().zip(list).for_each(|(order, json)| assert_order(&order.value, json));
            }
            Order => {
                let order = client.get_order(&some_id()).await.unwrap().found().unwrap();
                assert_order(&order.value, &sent);
            }
            Products => {
                let products = all_good(client.list_products(&query).await.unwrap(), list);
                for (product, json) in products.iter().zip(list) {
                    assert_eq!(product.value.sku, json["sku"].as_str().unwrap());
                    assert_eq!(product.value.variation_ids.len(), json["variations"].as_array().unwrap().len());
                    assert_eq!(product.value.stock_quantity, json["stock_quantity"].as_i64().map(Decimal::from));
                    assert_eq!(product.value.is_variable(), json["type"] == "variable");
                }
            }
            Product => {
                let product = client.get_product(&some_id()).await.unwrap().found().unwrap().value;
                assert_eq!(product.name, sent["name"].as_str().unwrap());
                assert_eq!(product.regular_price.unwrap().to_string(), sent["regular_price"].as_str().unwrap());
            }
            Variations => {
                let page = client.list_variations(&some_id(), Paging::default()).await.unwrap();
                for (item, json) in all_good(page, list).iter().zip(list) {
                    assert_eq!(item.value.kind, "variation");
                    assert_eq!(item.value.parent_remote_id, json["parent_id"].as_u64().map(RemoteId::from));
                    assert_eq!(item.value.attributes.len(), json["attributes"].as_array().unwrap().len());
                }
            }
            Customers => {
                let page = client.list_customers(&CustomerQuery::default()).await.unwrap();
                for (item, json) in all_good(page, list).iter().zip(list) {
                    assert_eq!(item.value.email, json["email"].as_str().unwrap());
                    assert_eq!(item.value.billing.country, json["billing"]["country"].as_str().unwrap());
                }
            }
            Coupons => {
                let page = client.list_coupons(&query).await.unwrap();
                for (item, json) in all_good(page, list).iter().zip(list) {
                    assert_eq!(item.value.code, json["code"].as_str().unwrap());
                    assert_eq!(item.value.amount.to_string(), json["amount"].as_str().unwrap());
                }
            }
            Refunds => {
                let page = client.list_refunds(&some_id()).await.unwrap();
                for (item, json) in all_good(page, list).iter().zip(list) {
                    assert_eq!(item.value.amount.to_string(), json["amount"].as_str().unwrap());
                    assert!(item.value.created_at.is_some());
                    assert_lines(&item.value.lines, json);
                }
            }
            Webhook => {
                let made = client.create_webhook("order.created", "https://us.example/x", &"s".into()).await.unwrap();
                assert_eq!(made.topic, sent["topic"].as_str().unwrap());
                assert_eq!(made.status, sent["status"].as_str().unwrap());
                assert_eq!(made.delivery_url, sent["delivery_url"].as_str().unwrap());
            }
            PoisonList => {
                let page = client.list_orders(&query).await.unwrap();
                assert_eq!(page.items.len(), list.len());
                assert!(page.items.iter().all(Result::is_err));
            }
            NoRecord => {
                let error = client.get_order(&some_id()).await.unwrap_err();
                assert_eq!(error.class, Failure::BadJson);
            }
            Gone(code) => {
                assert_eq!(client.get_order(&some_id()).await.unwrap(), Fetched::Gone { code: (*code).to_owned() });
            }
            Fault(class, code) => {
                for error in [
                    client.list_orders(&query).await.unwrap_err(),
                    client.get_order(&some_id()).await.unwrap_err(),
                    client.create_webhook("order.created", "https://us.example/x", &"s".into()).await.unwrap_err(),
                ] {
                    assert_eq!((error.class, error.code.as_deref()), (*class, Some(*code)));
                    assert_eq!(error.status, Some(captures::rest(name).status));
                }
            }
        }
    }
}

fn sums(orders: &[Item<Order>]) -> (usize, String, String, [usize; 5], usize, String) {
    let orders = || orders.iter().map(|item| &item.value);
    let kinds = [LineKind::Item, LineKind::Tax, LineKind::Shipping, LineKind::Fee, LineKind::Coupon];
    let lines = kinds.map(|kind| orders().flat_map(|order| &order.lines).filter(|line| line.kind == kind).count());
    let refunds = || orders().flat_map(|order| &order.refunds);
    (
        orders().count(),
        orders().map(|order| order.total).sum::<Decimal>().to_string(),
        orders().map(|order| order.total_tax).sum::<Decimal>().to_string(),
        lines,
        refunds().count(),
        refunds().map(|refund| refund.amount).sum::<Decimal>().to_string(),
    )
}

#[tokio::test]
async fn counts_and_sums_of_the_listings_are_those_of_the_shop() {
    let store = replaying().await;
    for (name, orders, total, tax, lines, refunds, refunded) in [
        ("orders-p1", 20, "5225.20", "248.67", [51, 10, 20, 2, 4], 0, "0"),
        ("orders-p2", 20, "4957.98", "233.02", [54, 12, 20, 3, 9], 0, "0"),
        ("orders-modified-gmt", 10, "2369.20", "136.29", [26, 6, 10, 2, 1], 6, "730.89"),
        ("order-refunds", 3, "468.86", "54.80", [8, 2, 3, 0, 1], 3, "468.86"),
        ("orders-offset", 5, "1083.61", "73.32", [10, 3, 5, 0, 2], 0, "0"),
    ] {
        let page = client(&store, name).list_orders(&ListQuery::default()).await.unwrap();
        let found: Vec<Item<Order>> = page.items.into_iter().map(Result::unwrap).collect();
        let expected = (orders, total.to_owned(), tax.to_owned(), lines, refunds, refunded.to_owned());
        assert_eq!(sums(&found), expected, "{name}");
    }
}

#[tokio::test]
async fn headers_tell_totals_pages_and_the_stores_clock() {
    let store = replaying().await;
    let page = client(&store, "orders-p1").list_orders(&ListQuery::default()).await.unwrap();
    assert_eq!((page.total, page.total_pages, page.has_next_link), (Some(319), Some(16), true));
    assert_eq!(page.store_now, Some("2026-11-21T05:55:16Z".parse().unwrap()));
    assert!(!page.is_last(1) && !page.is_last(15) && page.is_last(16));
    let past = client(&store, "orders-page-past-end").list_orders(&ListQuery::default()).await.unwrap();
    assert_eq!((past.total, past.total_pages, past.has_next_link), (Some(0), Some(0), false));
    assert!(past.is_last(99));
}

#[tokio::test]
async fn details_that_people_look_at_are_kept() {
    let store = replaying().await;
    let page = client(&store, "orders-status-any").list_orders(&ListQuery::default()).await.unwrap();
    let order = &page.items[0].as_ref().unwrap().value;
    assert_eq!((order.number.as_str(), order.total.to_string().as_str()), ("475", "510.68"));
    assert_eq!(order.billing.last_name, "Kişi");
    assert_eq!(order.lines[0].name, "Novel 📚 #43");
    let chosen = order.lines.iter().find(|line| line.sku == "RW-042-YESIL-S").unwrap();
    assert_eq!(chosen.detail.get("Color").map(String::as_str), Some("Yeşil"));
    assert_eq!(chosen.variation_remote_id, Some(RemoteId::from(92)));
    let tax = order.lines.iter().find(|line| line.kind == LineKind::Tax).unwrap();
    assert_eq!((tax.detail["rate_code"].as_str(), tax.detail["rate_percent"].as_str()), ("US-NY-NY TAX-1", "8.875"));

    let page = client(&store, "products").list_products(&ListQuery::default()).await.unwrap();
    let product = page.good().find(|item| item.value.remote_id.as_str() == "122").unwrap().value.clone();
    assert_eq!((product.manage_stock, product.stock_quantity), (ManageStock::Yes, Some(Decimal::from(805))));
    let trashed = client(&store, "get-trashed-order").get_order(&some_id()).await.unwrap().found().unwrap();
    assert!(trashed.value.is_trashed());
}

#[tokio::test]
async fn all_pages_of_the_webhooks_are_read() {
    let store = TestStore::start(|seen| match seen.param("page").as_deref() {
        Some("1") => captures::rest("webhooks").reply(),
        _ => crate::server::Reply::json("[]").header("X-WP-TotalPages", "2"),
    })
    .await;
    let found = store.client("/wp-json/").list_webhooks().await.unwrap();
    assert_eq!(found.len(), 10);
    assert!(found.iter().any(|hook| hook.topic == "coupon.created" && hook.status == "active"));
    assert_eq!(store.requests().len(), 2);
    assert!(!format!("{found:?}").contains("127.0.0.1"));
}
