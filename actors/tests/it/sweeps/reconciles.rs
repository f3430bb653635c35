//! The full comparison: it reports what it finds, repairs it, and goes on where it was stopped.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use storesim::Faults;

use super::{id_of, is_whole, open, person, truth};
use crate::shop::pull;

#[actix_web::test]
async fn a_reconcile_reports_what_differs_repairs_it_and_tells_people_what_it_came_to() -> Result<()> {
    let (house, store) = open(|config| config.sweep_interval = Duration::from_secs(1_000_000)).await?;
    let ada = person(&house).await?;
    let (orders, products) = (truth(&house, "orders")?, truth(&house, "products")?);
    let noted = id_of(&orders, |order| order["status"] == "completed")?;
    let gone = id_of(&orders, |order| order["status"] == "completed" && order["id"] != noted)?;
    let missed = id_of(&orders, |order| order["status"] == "processing")?;
    let is_plain = |product: &Value| product["type"] == "simple" && product["on_sale"] == false;
    let simple = id_of(&products, is_plain)?;
    for edit in [
        json!({ "kind": "orders", "ids": [noted], "fields": { "customer_note": "By SQL" }, "silent": true }),
        json!({ "kind": "products", "ids": [simple], "fields": { "regular_price": "987.65" }, "silent": true }),
    ] {
        pull(&house, 1, "POST", "edit", edit).await?;
    }
    pull(&house, 1, "DELETE", &format!("orders/{gone}"), Value::Null).await?;
    for table in ["order_line", "order_refund"] {
        let sql = format!("DELETE FROM {table} WHERE order_id = (SELECT id FROM orders WHERE remote_id = $1)");
        house.admin.execute(&sql, &[&missed.to_string()]).await?;
    }
    house.admin.execute("DELETE FROM orders WHERE remote_id = $1", &[&missed.to_string()]).await?;

    house.engine().reconcile(&house.row(store).await?, ada).await?;
    house.until("it is over", || async { Ok(!house.diary(store, "reconciled").await?.is_empty()) }).await?;
    let told = house.diary(store, "reconciled").await?;
    let told = told.first().context("the entry")?;
    for (what, count) in [("drifted", 4), ("repaired", 3), ("gone", 1), ("open", 0)] {
        ensure!(told[what] == count, "{what}: {told}");
    }
    ensure!(told["checked"].as_i64().is_some_and(|checked| checked > 70), "{told}");
    let sql = "SELECT kind, outcome, detail FROM drift WHERE store_id = $1 AND remote_id = $2";
    for (id, kind, outcome, field, theirs) in [
        (noted, "different", "repaired", "customer_note", Value::Null),
        (simple, "different", "repaired", "price", json!("987.65")),
        (gone, "extra", "gone", "status", Value::Null),
        (missed, "missing", "repaired", "", Value::Null),
    ] {
        let row = house.admin.query_opt(sql, &[&store.uuid(), &id.to_string()]).await?.context("a report")?;
        ensure!((row.get::<_, &str>(0), row.get::<_, &str>(1)) == (kind, outcome), "{row:?}");
        let detail: Value = row.get(2);
        ensure!(field.is_empty() || detail[field].get(1) == Some(&theirs), "{kind} {field}: {detail}");
    }
    is_whole(&house).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_reconcile_that_finds_nothing_says_so_and_changes_nothing() -> Result<()> {
    let (house, store) = open(|config| config.sweep_interval = Duration::from_secs(1_000_000)).await?;
    let ada = person(&house).await?;
    is_whole(&house).await?;
    let records = "SELECT count(*) FROM change WHERE kind NOT LIKE 'store.%'";
    let before = house.count(records, &[]).await?;
    house.engine().reconcile(&house.row(store).await?, ada).await?;
    house.until("it is over", || async { Ok(!house.diary(store, "reconciled").await?.is_empty()) }).await?;
    let told = house.diary(store, "reconciled").await?;
    ensure!(told[0]["drifted"] == 0 && told[0]["open"] == 0, "{told:?}");
    ensure!(house.count(records, &[]).await? == before, "something was written");
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_reconcile_that_was_stopped_goes_on_at_its_page() -> Result<()> {
    let (house, store) = open(|config| {
        config.sweep_interval = Duration::from_secs(1_000_000);
        config.page_size = 5;
    })
    .await?;
    let ada = person(&house).await?;
    let noted = id_of(&truth(&house, "orders")?, |order| order["status"] == "completed")?;
    let edit = json!({ "kind": "orders", "ids": [noted], "fields": { "customer_note": "By SQL" }, "silent": true });
    pull(&house, 1, "POST", "edit", edit).await?;
    house.fleet.set_faults(1, Faults { slow_ms: 40, ..Faults::default() });
    house.engine().reconcile(&house.row(store).await?, ada).await?;
    let stands = "SELECT run_id::text, done FROM sweep
        WHERE store_id = $1 AND purpose = 'reconcile' AND resource = 'orders' AND listing = 'any'";
    house
        .until("it is half way through the orders", || async {
            let row = house.admin.query_opt(stands, &[&store.uuid()]).await?;
            Ok(row.is_some_and(|row| row.get::<_, Option<String>>(0).is_some() && row.get::<_, i64>(1) >= 25))
        })
        .await?;
    house.stop().await;
    let row = house.admin.query_one(stands, &[&store.uuid()]).await?;
    let (run, done): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
    ensure!(done < 60, "too late to stop it");
    house.fleet.set_faults(1, Faults::default());
    let asked = house.fleet.calls(1).len();
    house.start();
    house.until("it is over", || async { Ok(!house.diary(store, "reconciled").await?.is_empty()) }).await?;
    let row = house.admin.query_one(stands, &[&store.uuid()]).await?;
    ensure!(row.try_get::<_, String>(0)? == run, "another run was begun");
    // Walks ask for no window of time; pulls do. One row is asked for to learn the store's clock.
    let calls = house.fleet.calls(1).split_off(asked);
    let walked = calls.iter().filter(|call| {
        call.path.contains("/orders?")
            && call.path.contains("per_page=5&")
            && !call.path.contains("modified_after")
            && !call.path.contains("trash")
    });
    let first = walked.filter_map(|call| page_of(&call.path)).min().context("a page of orders was asked for")?;
    ensure!(first > done / 5, "it went back to page {first} of orders, {done} of which were done");
    let told = house.diary(store, "reconciled").await?;
    ensure!(told.len() == 1 && told[0]["repaired"] == 1, "{told:?}");
    is_whole(&house).await?;
    house.close().await;
    Ok(())
}

fn page_of(path: &str) -> Option<i64> {
    let (_, rest) = path.split_once("&page=").or_else(|| path.split_once("?page="))?;
    rest.split('&').next()?.parse().ok()
}
