//! Several changes in one request, each with an outcome of its own.

use anyhow::{Result, ensure};
use serde_json::json;
use storesim::{Faults, FleetConfig};
use uuid::Uuid;

use super::{Bench, order_status, stock};

fn many() -> FleetConfig {
    FleetConfig { stores: 1, orders_per_store: 20, products_per_store: 18, ..FleetConfig::default() }
}

fn simple(bench: &Bench) -> Result<Vec<u64>> {
    let shown = bench.shop("products")?;
    let counted = shown.iter().filter(|one| one["type"] == "simple" && one["manage_stock"] == true);
    Ok(counted.filter_map(|one| one["id"].as_u64()).take(10).collect())
}

/// Proposes all while the shop is down, so that they are due together.
async fn propose_all(bench: &Bench, ids: &[u64], quantity: i64) -> Result<Vec<Uuid>> {
    bench.house.fleet.set_faults(1, Faults { status_503: Some(storesim::Throttle::default()), ..Faults::default() });
    let mut wishes = Vec::new();
    for id in ids {
        wishes.push(bench.propose(*id, stock(quantity), None).await?.id);
    }
    Ok(wishes)
}

#[actix_web::test]
async fn b14_three_refused_changes_of_a_batch_fail_by_themselves_and_the_others_are_made() -> Result<()> {
    let bench = Bench::of(many(), |_| ()).await?;
    let ids = simple(&bench)?;
    ensure!(ids.len() == 10, "too few products");
    let wishes = propose_all(&bench, &ids, 77).await?;
    // The batch is held up at the door for so long that three of its records can vanish after they were read.
    bench.house.fleet.set_faults(1, Faults { slow_ms: 700, ..Faults::default() });
    bench.house.engine().sync_now(&bench.house.row(bench.store).await?, bench.by).await?;
    bench.stands(wishes[9], "sending").await?;
    for id in &ids[..3] {
        bench.house.fleet.sim("DELETE", &format!("stores/1/products/{id}"), &json!(null)).await;
    }
    bench.stands(wishes[9], "done").await?;
    bench.house.fleet.set_faults(1, Faults::default());
    for (number, wish) in wishes.iter().enumerate() {
        let ended = bench.ends(*wish).await?;
        let wanted = if number < 3 { "failed" } else { "done" };
        ensure!(ended.state.as_str() == wanted && ended.attempts == 1, "{number}: {ended:?}");
        if number < 3 {
            ensure!(ended.reason.as_deref() == Some("woocommerce_rest_product_invalid_id"), "{ended:?}");
        } else {
            ensure!(bench.record("products", ids[number])?["stock_quantity"] == 77, "not written");
            ensure!(bench.writes("product", ids[number]).len() == 1, "written again");
        }
    }
    let batches = bench.house.fleet.calls(1).iter().filter(|call| call.path.contains("/products/batch")).count();
    ensure!(batches == 1, "{batches} batches were sent");
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_batch_whose_answer_was_lost_is_read_record_by_record() -> Result<()> {
    let bench = Bench::of(many(), |_| ()).await?;
    let ids = simple(&bench)?;
    let wishes = propose_all(&bench, &ids, 78).await?;
    bench.house.fleet.set_faults(1, Faults { cut_after_apply_part: 1.0, ..Faults::default() });
    for wish in &wishes {
        let done = bench.ends(*wish).await?;
        ensure!(done.state.as_str() == "done" && done.attempts == 1, "{done:?}");
    }
    for id in &ids {
        ensure!(bench.writes("product", *id).len() == 1, "{:?}", bench.writes("product", *id));
    }
    bench.house.fleet.set_faults(1, Faults::default());
    bench.house.converges().await?;
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn variations_of_one_parent_and_statuses_of_orders_go_together_and_an_unknown_status_stays_behind() -> Result<()>
{
    let bench = Bench::of(many(), |_| ()).await?;
    let parent = bench.pick("products", |one| one["type"] == "variable")?;
    let shown = bench.shop("products")?;
    let own = shown.iter().filter(|one| one["parent_id"] == parent && one["manage_stock"] == true);
    let variations: Vec<u64> = own.filter_map(|one| one["id"].as_u64()).take(4).collect();
    ensure!(variations.len() > 1, "too few variations");
    let mut wishes = propose_all(&bench, &variations, 9).await?;
    let placed = bench.shop("orders")?;
    let orders: Vec<u64> = placed
        .iter()
        .filter(|one| one["status"] == "processing")
        .filter_map(|one| one["id"].as_u64())
        .take(4)
        .collect();
    ensure!(orders.len() > 2, "too few orders");
    for (number, order) in orders.iter().enumerate() {
        let status = if number == 0 { "teleported" } else { "completed" };
        wishes.push(bench.propose(*order, order_status(status), None).await?.id);
    }
    bench.house.fleet.set_faults(1, Faults::default());
    for wish in &wishes {
        let ended = bench.ends(*wish).await?;
        let is_bad = ended.edit == order_status("teleported");
        ensure!(ended.state.as_str() == if is_bad { "failed" } else { "done" }, "{ended:?}");
    }
    ensure!(bench.record("orders", orders[0])?["status"] == "processing", "an unchecked word reached the shop");
    ensure!(
        orders[1..].iter().all(|id| bench.record("orders", *id).is_ok_and(|one| one["status"] == "completed")),
        "not written"
    );
    let calls = bench.house.fleet.calls(1);
    let batches = |path: &str| calls.iter().filter(|call| call.path.contains(path)).count();
    ensure!(batches("/variations/batch") == 1 && batches("/orders/batch") == 1, "not sent together");
    bench.house.converges().await?;
    bench.house.close().await;
    Ok(())
}
