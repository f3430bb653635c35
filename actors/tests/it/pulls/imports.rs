//! The first import: long, interrupted, and of shops that do not stand still meanwhile.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Result, ensure};
use storesim::{Call, Faults, FleetConfig};
use storewire_oracle::compare_kinds;

use super::{orders, silence};
use crate::house::House;

/// The pages of orders that the import was shown.
fn pages(calls: &[Call]) -> Vec<&str> {
    let of_import = |call: &&Call| {
        let path = &call.path;
        path.contains("/orders?") && path.contains("status=any") && path.contains("modified_after=1970")
    };
    calls.iter().filter(of_import).filter(|call| call.status == 200).map(|call| call.path.as_str()).collect()
}

#[actix_web::test]
async fn b11_an_import_that_is_killed_at_many_pages_reads_again_no_more_than_was_on_its_way_each_time() -> Result<()> {
    const KILLS: usize = 8;
    /// The most that a walk asks for before it has stored what it asked for first, and the page that it stores.
    const ON_ITS_WAY: usize = 4 + 1;
    let fleet = FleetConfig { stores: 1, orders_per_store: 1_000, products_per_store: 2, ..FleetConfig::default() };
    let house = House::with(fleet, |config| config.page_size = 10).await?;
    house.fleet.set_faults(1, Faults { slow_ms: 25, drop_webhooks: 1.0, ..Faults::default() });
    let store = house.connect(1).await?;
    for kill in 1..=KILLS {
        house
            .until("some more pages were read", || async { Ok(pages(&house.fleet.calls(1)).len() >= kill * 4) })
            .await?;
        house.stop().await;
        let row = house.row(store).await?;
        ensure!(row.state.as_str() != "live", "the import was over before it was killed {kill} times");
        house.start();
    }
    house.until("it is read whole", || async { Ok(house.row(store).await?.state.as_str() == "live") }).await?;
    let calls = house.fleet.calls(1);
    let (shown, distinct) = (pages(&calls), pages(&calls).into_iter().collect::<BTreeSet<_>>());
    // The first page tells how many there are, and is read once more as the last.
    let again = shown.len() - distinct.len();
    ensure!(again <= 1 + KILLS * ON_ITS_WAY, "{again} of {} pages were read again after {KILLS} kills", distinct.len());
    house.converges().await?;
    let created = "SELECT count(*) FROM change WHERE kind IN ('order.created', 'order.trashed')";
    ensure!(house.count(created, &[]).await? == orders(&house, store).await?, "orders were told of twice");
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn fault_11_more_than_five_thousand_orders_are_all_read_and_the_changes_made_meanwhile() -> Result<()> {
    const ORDERS: usize = 5_200;
    let fleet = FleetConfig { stores: 1, orders_per_store: ORDERS, products_per_store: 2, ..FleetConfig::default() };
    let house = House::with(fleet, |config| {
        config.sweep_interval = Duration::from_secs(1_000_000);
    })
    .await?;
    silence(&house, 1);
    let store = house.connect(1).await?;
    house.until("the import has begun", || async { Ok(orders(&house, store).await? > 0) }).await?;
    house.fleet.set_rate(40.0);
    house.until("it has come half way", || async { Ok(orders(&house, store).await? > 2_600) }).await?;
    house.fleet.set_rate(0.0);
    house.fleet.quiesce().await;
    house.until("it is read whole", || async { Ok(house.row(store).await?.state.as_str() == "live") }).await?;
    house
        .until("the copy is the shop", || async {
            Ok(compare_kinds(&house.sim, &house.admin, &["orders", "products"]).await?.is_equal())
        })
        .await?;
    ensure!(usize::try_from(orders(&house, store).await?)? > ORDERS, "nothing was sold meanwhile");
    house.close().await;
    Ok(())
}
