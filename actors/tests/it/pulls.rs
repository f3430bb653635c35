//! What pulls find, while no delivery helps them.

mod any_order;
mod clocks;
mod history;
mod imports;
mod moving;
mod zones;

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use serde_json::Value;
use storesim::Faults;
use storewire_domain::StoreId;

use crate::house::House;

/// No delivery of a shop arrives from now on.
fn silence(house: &House, number: usize) {
    house.fleet.set_faults(number, Faults { drop_webhooks: 1.0, ..Faults::default() });
}

/// Waits until orders and products of all stores were read up to this moment of the shops' clock.
async fn are_read_up_to(house: &House, moment: Timestamp) -> Result<()> {
    let behind = "SELECT count(*) FROM checkpoint
        WHERE listing = 'any' AND resource IN ('orders', 'products') AND position < $1";
    house.count_is(behind, &[&moment], 0).await
}

/// Shop 1's records of a kind.
fn truth(house: &House, kind: &str) -> Result<Vec<Value>> {
    let text = house.fleet.truth(1, kind).with_context(|| format!("the shop's {kind}"))?;
    Ok(serde_json::from_str(&text)?)
}

fn ids(records: &[Value]) -> Vec<u64> {
    records.iter().filter_map(|record| record["id"].as_u64()).collect()
}

async fn orders(house: &House, store: StoreId) -> Result<i64> {
    house.count("SELECT count(*) FROM orders WHERE store_id = $1 AND deleted_at IS NULL", &[&store.uuid()]).await
}
