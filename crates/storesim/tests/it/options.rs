//! What a shop says about its orders' states, its own and those of plugins.

use serde_json::{Value, json};
use storesim::{FleetConfig, ShopSettings, Storage};

use crate::captures::capture;
use crate::client::Lab;

#[tokio::test]
async fn the_states_are_those_of_the_capture() {
    let lab = Lab::of(1).await;
    let ours = lab.rest(1, "OPTIONS", "orders", None).await.json();
    let theirs: Value = serde_json::from_str(&capture("options-orders")).unwrap();
    for place in [
        "/schema/properties/status",
        "/endpoints/0/args/status",
        "/endpoints/1/args/status",
        "/endpoints/0/args/per_page/maximum",
        "/methods",
        "/namespace",
    ] {
        assert_eq!(ours.pointer(place), theirs.pointer(place), "{place}");
    }
    let totals = lab.get(1, "reports/orders/totals").await.json();
    let captured: Value = serde_json::from_str(&capture("reports-orders-totals")).unwrap();
    let names = |rows: &Value| -> Vec<(Value, Value)> {
        rows.as_array().unwrap().iter().map(|row| (row["slug"].clone(), row["name"].clone())).collect()
    };
    assert_eq!(names(&totals), names(&captured));
    let listed = lab.get(1, "orders?status=completed&per_page=1").await.header("x-wp-total").to_owned();
    let counted = totals.as_array().unwrap().iter().find(|row| row["slug"] == "completed").unwrap();
    assert_eq!(counted["total"].to_string(), listed);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_plugins_state_lives_as_long_as_the_plugin() {
    let with = |storage| ShopSettings {
        storage: Some(storage),
        statuses: Some(vec!["shipped".to_owned()]),
        ..ShopSettings::default()
    };
    let shops = vec![with(Storage::Hpos), with(Storage::Posts)];
    let lab = Lab::start(FleetConfig { stores: 2, shops, ..FleetConfig::default() }).await;
    for index in [1, 2] {
        let schema = lab.rest(index, "OPTIONS", "orders", None).await.json();
        let states = schema["schema"]["properties"]["status"]["enum"].as_array().unwrap().clone();
        assert!(states.contains(&json!("shipped")) && !states.contains(&json!("packed")));
        let order = lab.get(index, "orders?per_page=1&status=processing").await.ids()[0];
        let path = format!("orders/{order}");
        let moved = lab.rest(index, "PUT", &path, Some(json!({"status": "shipped"}))).await;
        assert_eq!((moved.status, moved.json()["status"].as_str()), (200, Some("shipped")));
        assert!(lab.get(index, "orders?status=shipped").await.ids().contains(&order));
        assert_eq!(lab.rest(index, "PUT", &path, Some(json!({"status": "packed"}))).await.status, 400);

        lab.pull(&format!("stores/{index}/settings"), json!({"statuses": []})).await;
        assert_eq!(lab.rest(index, "PUT", &path, Some(json!({"status": "shipped"}))).await.status, 400);
        let is_listed = lab.get(index, "orders?per_page=100").await.ids().contains(&order);
        assert_eq!(is_listed, index == 2, "HPOS hides it, posts show it");
        assert_eq!(lab.get(index, &path).await.json()["status"], "shipped");
    }
    lab.fleet.stop().await;
}
