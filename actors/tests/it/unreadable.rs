//! Records that the store cannot show.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use storesim::{Faults, FleetConfig};

use crate::{
    house::House,
    shop::{Poster, import_with_known_secret},
};

#[actix_web::test]
async fn a_record_that_alone_cannot_be_read_is_tried_again_in_its_own_time_and_set_aside() -> Result<()> {
    let fleet = FleetConfig { stores: 1, orders_per_store: 2, products_per_store: 2, ..FleetConfig::default() };
    // Nothing but the record's own wait has it tried again.
    let house = House::with(fleet, |config| {
        config.pull_interval = Duration::from_secs(1_000_000);
        config.hooks_interval = Duration::from_secs(1_000_000);
        config.sweep_interval = Duration::from_secs(1_000_000);
        config.recheck_attempts = 3;
    })
    .await?;
    let store = import_with_known_secret(&house, 1).await?;
    let swept = "SELECT count(*) FROM sweep WHERE store_id = $1 AND purpose = 'sweep' AND closed_at IS NULL";
    house.count_is(swept, &[&store.uuid()], 0).await?;
    let orders: Vec<Value> = serde_json::from_str(&house.fleet.truth(1, "orders").unwrap_or_default())?;
    let broken = orders[0]["id"].as_u64().unwrap_or_default();
    house.fleet.set_faults(1, Faults { broken_records: [broken].into(), ..Faults::default() });
    let word = json!({ "id": broken }).to_string();
    ensure!(Poster::of(&house, 1).post("order.deleted", word).await? == 200, "not taken");
    let letters = "SELECT count(*) FROM dead_letter WHERE store_id = $1 AND remote_id = $2 AND cause = 'unreadable'";
    house.count_is(letters, &[&store.uuid(), &broken.to_string()], 1).await?;
    house.close().await;
    Ok(())
}
