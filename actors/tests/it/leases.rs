//! Who may write a store, and what becomes of a node that may not.

use std::time::Duration;

use anyhow::{Context as _, Result};
use jiff::SignedDuration;
use storesim::FleetConfig;
use storewire_domain::{Clock, UserId, retry::RetryPolicy};

use crate::house::House;

#[actix_web::test]
async fn a_node_that_was_without_its_stores_for_long_takes_them_up_again() -> Result<()> {
    let fleet = FleetConfig { stores: 1, orders_per_store: 4, products_per_store: 3, ..FleetConfig::default() };
    let house = House::with(fleet, |config| {
        config.restart_limit = 2;
        config.restart = RetryPolicy { base: Duration::from_millis(10), cap: Duration::from_millis(20) };
        // Long enough for the moment without an actor to be seen.
        config.supervise_interval = Duration::from_secs(1);
    })
    .await?;
    let store = house.import(1).await?;
    let before = house.row(store).await?.orders;
    let until = |seconds| Clock::system().now() + SignedDuration::from_secs(seconds);
    let taken = "UPDATE shard_lease SET owner = gen_random_uuid(), epoch = epoch + 1, expires_at = $1";
    house.admin.execute(taken, &[&until(600)]).await?;
    house.fleet.buy(1, None, 1).context("something is for sale")?;
    // Refused every write, its actor ends again and again, and not even that it is parked can be written down.
    house
        .until("its actor is gone", || async {
            let row = house.row(store).await?;
            Ok(!house.engine().sync_now(&row, UserId::fresh()).await?)
        })
        .await?;
    house.admin.execute("UPDATE shard_lease SET expires_at = $1", &[&until(-1)]).await?;
    house.until("the sale is there", || async { Ok(house.row(store).await?.orders == before + 1) }).await?;
    house.converges().await?;
    house.close().await;
    Ok(())
}
