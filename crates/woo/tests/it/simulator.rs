//! The whole acquaintance with simulated stores of several kinds: found, tried, read to the last record, subscribed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use secrecy::SecretString;
use serde_json::Value;
use storesim::{Faults, Fleet, FleetConfig, StoreInfo};
use storewire_domain::{RemoteId, window::Window};
use storewire_woo::{
    CustomerQuery, Failure, Keys, ListQuery, Listing, OrderBy, Outbound, OutboundConfig, Page, Paging, Site,
    StoreClient, WooError, discover, normalise_store_url, probe,
};

pub async fn fleet() -> (Fleet, Outbound) {
    start(FleetConfig { stores: 4, ..FleetConfig::default() }).await
}

pub async fn start(config: FleetConfig) -> (Fleet, Outbound) {
    let fleet = Fleet::start(config).await.unwrap();
    let config = OutboundConfig {
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        ca_pem: Some(fleet.ca_pem().as_bytes().to_vec()),
        ..OutboundConfig::default()
    };
    (fleet, Outbound::new(config).unwrap())
}

pub async fn connect(outbound: &Outbound, store: &StoreInfo) -> StoreClient {
    let shop = normalise_store_url(&format!("{}/wp-admin/", store.home_url.trim_end_matches('/'))).unwrap();
    let found = discover(outbound, &shop).await.unwrap();
    let keys = Keys::new(&store.consumer_key, &store.consumer_secret);
    let tried = probe(outbound, &found, &keys).await.unwrap();
    assert_eq!((tried.currency.as_str(), tried.decimals), (store.currency.as_str(), store.decimals));
    assert_eq!(tried.woo_version.as_deref(), Some(store.version.as_str()));
    assert_eq!(tried.timezone, store.timezone);
    assert!(tried.can_manage_webhooks);
    let site = Site {
        rest_root: found.rest_root,
        home_url: tried.home_url,
        auth: tried.auth,
        keys,
        plain_http: found.plain_http,
        timezone: tried.timezone,
    };
    StoreClient::new(outbound.clone(), site)
}

#[tokio::test]
async fn the_control_request_shows_no_record_and_fails_where_only_the_index_answers() {
    let (fleet, outbound) = fleet().await;
    let store = fleet.stores().remove(0);
    let client = connect(&outbound, &store).await;
    // Every record crashes whatever shows it.
    let orders: Vec<Value> = serde_json::from_str(&fleet.truth(1, "orders").unwrap()).unwrap();
    let broken_records = orders.iter().filter_map(|order| order["id"].as_u64()).collect();
    fleet.set_faults(1, Faults { broken_records, ..Faults::default() });
    client.ping_orders().await.unwrap();
    fleet.set_faults(1, Faults { wrong_secret: true, ..Faults::default() });
    client.ping_index().await.unwrap();
    assert_eq!(client.ping_orders().await.unwrap_err().class, Failure::AuthRejected);
}

/// Walks every page of a listing.
pub async fn all<T, F>(mut ask: impl FnMut(u32) -> F) -> Vec<T>
where
    F: Future<Output = Result<Page<T>, WooError>>,
{
    let mut found = Vec::new();
    for number in 1.. {
        let page = ask(number).await.unwrap();
        let is_last = page.is_last(number);
        found.extend(page.items.into_iter().map(|item| item.map_err(|poison| poison.reason).unwrap().value));
        if is_last {
            break;
        }
    }
    found
}

pub fn truth(fleet: &Fleet, index: usize, kind: &str) -> Vec<Value> {
    serde_json::from_str(&fleet.truth(index, kind).unwrap()).unwrap()
}

fn ids(records: &[Value]) -> BTreeSet<String> {
    records.iter().map(|record| record["id"].to_string()).collect()
}

#[tokio::test]
async fn every_record_of_every_kind_of_store_is_read() {
    let (fleet, outbound) = fleet().await;
    for store in fleet.stores() {
        let client = connect(&outbound, &store).await;
        let listed = |status: Listing| {
            let client = client.clone();
            move |page| {
                let client = client.clone();
                async move { client.list_orders(&ListQuery { page, per_page: 7, status, ..ListQuery::default() }).await }
            }
        };
        let mut orders = all(listed(Listing::Any)).await;
        orders.extend(all(listed(Listing::Trash)).await);
        let totals: BTreeMap<String, Decimal> =
            orders.iter().map(|order| (order.remote_id.to_string(), order.total)).collect();
        let sent = truth(&fleet, store.index, "orders");
        let expected: BTreeMap<String, Decimal> = sent
            .iter()
            .map(|order| (order["id"].to_string(), order["total"].as_str().unwrap().parse().unwrap()))
            .collect();
        assert_eq!(totals, expected, "{}", store.name);

        let products = all(|page| {
            let client = client.clone();
            async move { client.list_products(&ListQuery { page, per_page: 5, ..ListQuery::default() }).await }
        })
        .await;
        let mut found: BTreeSet<String> = BTreeSet::new();
        for product in &products {
            found.insert(product.remote_id.to_string());
            if product.is_variable() {
                let paging = |page| Paging { page, per_page: 3 };
                let parent = &product.remote_id;
                let variations = all(|page| client.list_variations(parent, paging(page))).await;
                assert!(variations.iter().all(|one| one.parent_remote_id.as_ref() == Some(parent)));
                let of_parent: BTreeSet<&RemoteId> = variations.iter().map(|one| &one.remote_id).collect();
                assert_eq!(of_parent, product.variation_ids.iter().collect());
            }
        }
        let listed: BTreeSet<String> = truth(&fleet, store.index, "products")
            .iter()
            .filter(|product| product["type"] != "variation" && product["status"] != "trash")
            .map(|product| product["id"].to_string())
            .collect();
        assert_eq!(found, listed, "{}", store.name);

        let coupons = all(|page| {
            let client = client.clone();
            async move { client.list_coupons(&ListQuery { page, per_page: 3, ..ListQuery::default() }).await }
        })
        .await;
        let coupons: BTreeSet<String> = coupons.into_iter().map(|coupon| coupon.remote_id.0).collect();
        assert_eq!(coupons, ids(&truth(&fleet, store.index, "coupons")));
        let customers = all(|page| {
            let client = client.clone();
            async move { client.list_customers(&CustomerQuery { page, per_page: 4, ..CustomerQuery::default() }).await }
        })
        .await;
        let customers: BTreeSet<String> = customers.into_iter().map(|customer| customer.remote_id.0).collect();
        assert_eq!(customers, ids(&truth(&fleet, store.index, "customers")));

        let refunded = orders.iter().filter(|order| !order.refunds.is_empty() && !order.is_trashed());
        for order in refunded {
            let refunds = client.list_refunds(&order.remote_id).await.unwrap();
            let told: BTreeMap<_, _> = order.refunds.iter().map(|refund| (&refund.remote_id, refund.amount)).collect();
            let read: BTreeMap<_, _> = refunds.good().map(|item| (&item.value.remote_id, item.value.amount)).collect();
            assert_eq!(told, read);
        }
        client.ping_index().await.unwrap();
    }
    fleet.stop().await;
}

#[tokio::test]
async fn a_sale_lies_in_the_window_of_its_second_in_every_zone() {
    let (fleet, outbound) = fleet().await;
    for store in fleet.stores() {
        let client = connect(&outbound, &store).await;
        let bought = RemoteId::from(fleet.buy(store.index, None, 1).unwrap());
        let order = client.get_order(&bought).await.unwrap().found().unwrap().value;
        let sold: Timestamp = order.modified_at.unwrap();
        let second = SignedDuration::from_secs(1);
        let window = |after: Timestamp, before: Timestamp| ListQuery {
            window: Some(Window { after, before }),
            order_by: OrderBy::Modified,
            per_page: 100,
            ..ListQuery::default()
        };
        let inside = client.list_orders(&window(sold - second, sold + second)).await.unwrap();
        assert!(inside.good().any(|item| item.value.remote_id == bought), "{}", store.timezone);
        let after = client.list_orders(&window(sold, sold + second)).await.unwrap();
        assert!(after.good().all(|item| item.value.remote_id != bought), "{}", store.timezone);
    }
    fleet.stop().await;
}

#[tokio::test]
async fn webhooks_are_registered_listed_and_deleted() {
    let (fleet, outbound) = fleet().await;
    let store = &fleet.stores()[0];
    let client = connect(&outbound, store).await;
    assert_eq!(client.list_webhooks().await.unwrap(), [], "the probe left a webhook behind");
    let secret = SecretString::from("0123456789abcdef0123456789abcdef");
    let url = "https://127.0.0.1:9/hooks/woo/token";
    let made = client.create_webhook("order.updated", url, &secret).await.unwrap();
    assert_eq!(client.list_webhooks().await.unwrap(), std::slice::from_ref(&made));
    client.delete_webhook(&made.id).await.unwrap();
    client.delete_webhook(&made.id).await.unwrap();
    assert_eq!(client.list_webhooks().await.unwrap(), []);
    fleet.stop().await;
}

#[tokio::test]
async fn keys_with_too_few_rights_are_told_apart() {
    let (fleet, outbound) = fleet().await;
    let store = &fleet.stores()[0];
    let found = discover(&outbound, &normalise_store_url(&store.home_url).unwrap()).await.unwrap();
    let read_only = Keys::new(&store.read_only_key, &store.read_only_secret);
    assert!(!probe(&outbound, &found, &read_only).await.unwrap().can_manage_webhooks);
    let write_only = Keys::new(&store.write_only_key, &store.write_only_secret);
    assert_eq!(probe(&outbound, &found, &write_only).await.unwrap_err().class, Failure::AuthRejected);
    let unknown = Keys::new("ck_nobody", "cs_nobody");
    // The signed tries reach WooCommerce, which says that it knows no such key.
    assert_eq!(probe(&outbound, &found, &unknown).await.unwrap_err().class, Failure::AuthRejected);
    fleet.stop().await;
}
