//! Listings that lie: what they lack is asked for before anybody is told that it is gone.

use anyhow::{Result, ensure};
use serde_json::json;
use storesim::Faults;

use super::{id_of, is_swept, is_whole, open, person, truth};
use crate::{house::House, shop::pull};

async fn deletions(house: &House) -> Result<i64> {
    house.count("SELECT count(*) FROM change WHERE kind LIKE '%.deleted'", &[]).await
}

#[actix_web::test]
async fn a_listing_that_is_suddenly_empty_is_not_believed() -> Result<()> {
    let (house, store) = open(|_| ()).await?;
    let ada = person(&house).await?;
    house.fleet.set_faults(1, Faults { empty_list: true, drop_webhooks: 1.0, ..Faults::default() });
    is_swept(&house, store).await?;
    house.engine().reconcile(&house.row(store).await?, ada).await?;
    house.until("it is over", || async { Ok(!house.diary(store, "reconciled").await?.is_empty()) }).await?;
    let told = house.diary(store, "sweep_disbelieved").await?;
    for purpose in ["sweep", "reconcile"] {
        let is_told = told.iter().any(|entry| entry["purpose"] == purpose && entry["resource"] == "orders");
        ensure!(is_told, "{purpose}: {told:?}");
    }
    ensure!(deletions(&house).await? == 0, "an empty listing was believed");
    let gone = "SELECT count(*) FROM drift WHERE outcome = 'gone'";
    ensure!(house.count(gone, &[]).await? == 0);
    house.fleet.set_faults(1, Faults::default());
    is_swept(&house, store).await?;
    is_whole(&house).await?;
    ensure!(deletions(&house).await? == 0);
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn an_order_that_no_listing_shows_and_the_store_still_has_is_kept() -> Result<()> {
    let (house, store) = open(|_| ()).await?;
    pull(&house, 1, "POST", "settings", json!({ "statuses": ["shipped"], "storage": "hpos" })).await?;
    let order = id_of(&truth(&house, "orders")?, |order| order["status"] == "processing")?;
    pull(&house, 1, "POST", &format!("orders/{order}/status"), json!({ "status": "shipped" })).await?;
    let shipped = "SELECT count(*) FROM orders WHERE remote_id = $1 AND status = 'shipped' AND deleted_at IS NULL";
    house.count_is(shipped, &[&order.to_string()], 1).await?;
    // With the plugin goes its state: such orders are listed no more.
    pull(&house, 1, "POST", "settings", json!({ "statuses": [] })).await?;
    let asked = house.fleet.calls(1).len();
    is_swept(&house, store).await?;
    let path = format!("/wp-json/wc/v3/orders/{order}?");
    let calls = house.fleet.calls(1);
    let about_it: Vec<_> = calls[asked..].iter().filter(|call| call.path.starts_with(&path)).collect();
    ensure!(about_it.iter().any(|call| call.status == 200), "nobody asked for it: {about_it:?}");
    ensure!(house.count(shipped, &[&order.to_string()]).await? == 1, "it was thrown away");
    let same = "SELECT count(*) FROM drift WHERE remote_id = $1 AND kind = 'extra' AND outcome = 'same'";
    ensure!(house.count(same, &[&order.to_string()]).await? >= 1, "the report does not say that it is there");
    is_whole(&house).await?;
    house.close().await;
    Ok(())
}
