//! Simulated stores written to by everything that the client can change, and read back.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use secrecy::SecretString;
use serde_json::{Value, json};
use storesim::{Faults, FleetConfig, ShopSettings};
use storewire_domain::{RemoteId, window::Window};
use storewire_woo::{
    CustomerQuery, Failure, Fetched, ItemOutcome, ListQuery, NewNote, OrderBy, Paging, Patch, StoreClient,
};

use crate::simulator::{connect, fleet, start, truth};

fn patch(value: Value) -> Patch {
    value.as_object().unwrap().clone()
}

fn many() -> ListQuery {
    ListQuery { per_page: 100, ..ListQuery::default() }
}

async fn first_products(client: &StoreClient, kind: &str, count: usize) -> Vec<RemoteId> {
    let page = client.list_products(&many()).await.unwrap();
    let of_kind = page.good().filter(|item| item.value.kind == kind).map(|item| item.value.remote_id.clone());
    of_kind.take(count).collect()
}

#[tokio::test]
async fn single_changes_arrive_once_and_are_read_back() {
    let (fleet, outbound) = fleet().await;
    for store in fleet.stores() {
        let client = connect(&outbound, &store).await;
        let orders = client.list_orders(&many()).await.unwrap();
        let order = orders.good().find(|item| item.value.status == "processing").unwrap().value.remote_id.clone();
        let done = client.update_order(&order, &patch(json!({ "status": "completed" }))).await.unwrap();
        assert_eq!(done.value.status, "completed");

        let product = first_products(&client, "simple", 1).await.remove(0);
        let stock = patch(json!({ "manage_stock": true, "stock_quantity": 41, "regular_price": "12.50" }));
        client.update_product(&product, &stock).await.unwrap();
        let read = client.get_product(&product).await.unwrap().found().unwrap().value;
        assert_eq!(read.stock_quantity.unwrap().to_string(), "41");

        let parent = first_products(&client, "variable", 1).await.remove(0);
        let variations = client.list_variations(&parent, Paging::default()).await.unwrap();
        let variation = variations.items[0].as_ref().unwrap().value.remote_id.clone();
        let changed = client.update_variation(&parent, &variation, &patch(json!({ "sku": "NEW-7" }))).await.unwrap();
        assert_eq!((changed.value.sku.as_str(), changed.value.parent_remote_id), ("NEW-7", Some(parent)));
        let refused = client.update_product(&variation, &patch(json!({ "sku": "NEW-8" }))).await.unwrap_err();
        assert!(refused.is_certainly_not_applied() && refused.class != Failure::Gone, "{refused}");

        let customers = client.list_customers(&CustomerQuery::default()).await.unwrap();
        let customer = customers.items[0].as_ref().unwrap().value.remote_id.clone();
        let called = client.update_customer(&customer, &patch(json!({ "first_name": "Ayşe" }))).await.unwrap();
        assert_eq!(called.value.first_name, "Ayşe");

        let effective = |kind: &str| fleet.writes(store.index).iter().filter(|w| w.kind == kind && w.effective).count();
        for kind in ["order", "product", "variation", "customer"] {
            assert_eq!(effective(kind), 1, "{kind} {}", store.name);
        }
        let missing = client.update_order(&RemoteId::from(99_999_999), &Patch::new()).await.unwrap_err();
        assert_eq!((missing.class, missing.is_certainly_not_applied()), (Failure::Gone, true));
    }
    fleet.stop().await;
}

#[tokio::test]
async fn descriptions_are_read_as_they_were_typed_and_as_visitors_see_them() {
    let (fleet, outbound) = fleet().await;
    let client = connect(&outbound, &fleet.stores()[0]).await;
    let typed = "Open\n\n[opening_hours]";
    let texts = patch(json!({ "description": typed }));
    let product = first_products(&client, "simple", 1).await.remove(0);
    let parent = first_products(&client, "variable", 1).await.remove(0);
    let variations = client.list_variations(&parent, Paging::default()).await.unwrap();
    let variation = variations.items[0].as_ref().unwrap().value.remote_id.clone();
    client.update_product(&product, &texts).await.unwrap();
    client.update_variation(&parent, &variation, &texts).await.unwrap();
    for (of, id) in [(None, &product), (Some(&parent), &variation)] {
        let to_edit = client.get_product_to_edit(of, id).await.unwrap().found().unwrap().value;
        assert_eq!((to_edit.description.as_str(), &to_edit.remote_id), (typed, id));
        let shown = match of {
            Some(parent) => client.get_variation(parent, id).await,
            None => client.get_product(id).await,
        };
        let shown = shown.unwrap().found().unwrap().value.description;
        assert!(shown.starts_with("<p>Open</p>\n<p><table>"), "{shown}");
    }
    let missing = client.get_product_to_edit(None, &RemoteId::from(99_999_999)).await.unwrap();
    assert!(missing.found().is_none());
    fleet.stop().await;
}

#[tokio::test]
async fn a_batch_of_a_whole_catalog_tells_of_each() {
    let (fleet, outbound) = fleet().await;
    let store = &fleet.stores()[0];
    let client = connect(&outbound, store).await;
    let mut changes: Vec<(RemoteId, Patch)> = first_products(&client, "simple", 5)
        .await
        .into_iter()
        .map(|id| (id, patch(json!({ "manage_stock": true, "stock_quantity": 33 }))))
        .collect();
    changes.insert(2, (RemoteId::from(99_999_999), Patch::new()));
    for (place, (id, outcome)) in client.update_products(&changes).await.unwrap().into_iter().enumerate() {
        assert_eq!(id, changes[place].0);
        match outcome {
            ItemOutcome::Applied(item) => assert_eq!(item.value.stock_quantity.unwrap().to_string(), "33"),
            ItemOutcome::Refused { code, .. } => {
                assert_eq!((place, code.as_str()), (2, "woocommerce_rest_product_invalid_id"))
            }
            ItemOutcome::Unknown => panic!("{id} is unknown"),
        }
    }
    let parent = first_products(&client, "variable", 1).await.remove(0);
    let variations = client.list_variations(&parent, Paging::default()).await.unwrap();
    let changes: Vec<(RemoteId, Patch)> = variations
        .good()
        .map(|item| (item.value.remote_id.clone(), patch(json!({ "regular_price": "7.25" }))))
        .collect();
    let outcomes = client.update_variations(&parent, &changes).await.unwrap();
    assert!(outcomes.iter().all(|(_, outcome)| matches!(outcome, ItemOutcome::Applied(_))));
    let page = client.list_orders(&many()).await.unwrap();
    let changes: Vec<(RemoteId, Patch)> = page
        .good()
        .take(3)
        .map(|item| (item.value.remote_id.clone(), patch(json!({ "customer_note": "ring twice" }))))
        .collect();
    for (_, outcome) in client.update_orders(&changes).await.unwrap() {
        assert!(matches!(outcome, ItemOutcome::Applied(item) if item.value.customer_note == "ring twice"));
    }
    fleet.stop().await;
}

#[tokio::test]
async fn notes_statuses_and_webhooks_are_written_and_read() {
    let shops = vec![ShopSettings { statuses: Some(vec!["packed".to_owned()]), ..ShopSettings::default() }];
    let (fleet, outbound) = start(FleetConfig { stores: 1, shops, ..FleetConfig::default() }).await;
    let client = connect(&outbound, &fleet.stores()[0]).await;
    let orders = client.list_orders(&many()).await.unwrap();
    let order = &orders.items[0].as_ref().unwrap().value;
    let before = client.list_order_notes(&order.remote_id).await.unwrap();
    let note = NewNote { text: "Left at the door, 2 < 3".to_owned(), for_customer: false };
    let made = client.create_order_note(&order.remote_id, &note).await.unwrap();
    let after = client.list_order_notes(&order.remote_id).await.unwrap();
    assert_eq!(after.len(), before.len() + 1);
    assert!(after.contains(&made) && !before.contains(&made) && !made.for_customer);
    let Fetched::Found(unmoved) = client.get_order(&order.remote_id).await.unwrap() else { panic!("gone") };
    assert_eq!(unmoved.value.modified_at, order.modified_at, "a note does not move its order");

    let statuses = client.order_statuses().await.unwrap();
    assert!(["pending", "completed", "packed"].iter().all(|wanted| statuses.iter().any(|one| one == wanted)));
    assert!(statuses.iter().all(|status| !status.starts_with("wc-")));

    let secret = SecretString::from("0123456789abcdef0123456789abcdef");
    let url = "https://127.0.0.1:9/hooks/woo/token";
    let made = client.create_webhook("order.updated", url, &secret).await.unwrap();
    let paused = client.update_webhook(&made.id, &patch(json!({ "status": "paused" }))).await.unwrap();
    assert_eq!((paused.status.as_str(), &paused.id), ("paused", &made.id));
    fleet.stop().await;
}

#[tokio::test]
async fn a_firewall_that_stops_put_is_gone_around_and_each_change_arrives_once() {
    let (fleet, outbound) = fleet().await;
    let client = connect(&outbound, &fleet.stores()[0]).await;
    fleet.set_faults(1, Faults { block_put: true, ..Faults::default() });
    let products = first_products(&client, "simple", 3).await;
    for product in &products {
        client.update_product(product, &patch(json!({ "manage_stock": true, "stock_quantity": 77 }))).await.unwrap();
    }
    assert!(client.uses_method_override());
    let writes = fleet.writes(1);
    assert_eq!(writes.iter().filter(|write| write.kind == "product" && write.effective).count(), 3);
    let made = client.create_webhook("order.updated", "https://127.0.0.1:9/x", &"secret".into()).await.unwrap();
    client.delete_webhook(&made.id).await.unwrap();
    assert_eq!(client.list_webhooks().await.unwrap(), []);
    fleet.stop().await;
}

#[tokio::test]
async fn light_listings_agree_with_whole_ones_on_every_kind_of_store() {
    let (fleet, outbound) = fleet().await;
    for store in fleet.stores() {
        let client = connect(&outbound, &store).await;
        let (glances, orders) =
            (client.glance_orders(&many()).await.unwrap(), client.list_orders(&many()).await.unwrap());
        for (glance, order) in glances.good().zip(orders.good()) {
            assert!(glance.raw.len() * 3 < order.raw.len(), "the store did not trim");
            let (glance, order) = (&glance.value, &order.value);
            assert_eq!((&glance.remote_id, glance.modified_at), (&order.remote_id, order.modified_at));
            assert_eq!((&glance.status, glance.total), (&order.status, Some(order.total)));
            assert_eq!(glance.refunds.len(), order.refunds.len());
        }
        assert_eq!(glances.total, orders.total);
        let glances = client.glance_products(&many()).await.unwrap();
        for (glance, product) in glances.good().zip(client.list_products(&many()).await.unwrap().good()) {
            let (glance, product) = (&glance.value, &product.value);
            assert_eq!((&glance.remote_id, glance.modified_at), (&product.remote_id, product.modified_at));
            assert_eq!(
                (glance.stock_quantity, glance.manage_stock),
                (product.stock_quantity, Some(product.manage_stock))
            );
            assert_eq!((&glance.kind, glance.price), (&product.kind, product.price));
        }
        let customers =
            client.glance_customers(&CustomerQuery { per_page: 100, ..CustomerQuery::default() }).await.unwrap();
        assert_eq!(customers.good().count(), truth(&fleet, store.index, "customers").len());
        assert!(client.glance_coupons(&many()).await.unwrap().good().count() > 0);

        let variations = client.list_all_variations(&many()).await.unwrap();
        let listed: Option<BTreeSet<String>> =
            variations.map(|page| page.good().map(|item| item.value.remote_id.to_string()).collect());
        let held: BTreeSet<String> = truth(&fleet, store.index, "products")
            .iter()
            .filter(|product| product["type"] == "variation" && product["status"] != "trash")
            .map(|product| product["id"].to_string())
            .collect();
        let is_new = !store.version.starts_with("8.") && !store.version.starts_with("9.");
        assert_eq!(listed, is_new.then_some(held), "{}", store.version);
    }
    fleet.stop().await;
}

#[tokio::test]
async fn coupons_are_listed_by_their_date_of_change() {
    let (fleet, outbound) = fleet().await;
    for store in fleet.stores() {
        let client = connect(&outbound, &store).await;
        let all = client.list_coupons(&many()).await.unwrap();
        let newest = all.good().filter_map(|item| item.value.modified_at).max().unwrap();
        let second = SignedDuration::from_secs(1);
        let query =
            |after, before| ListQuery { window: Some(Window { after, before }), order_by: OrderBy::Modified, ..many() };
        let inside = client.list_coupons(&query(newest - second, newest + second)).await.unwrap();
        assert!(inside.good().count() > 0 && inside.good().all(|item| item.value.modified_at == Some(newest)));
        let after = client.list_coupons(&query(newest, newest + second)).await.unwrap();
        assert_eq!(after.good().count(), 0, "{}", store.timezone);
    }
    fleet.stop().await;
}
