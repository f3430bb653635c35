//! Stores that start together: each waits for its turn, and what waits for one of them does not.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use storewire_domain::Edit;

use crate::push::Bench;

const HOUR: Duration = Duration::from_secs(3_600);

#[actix_web::test]
async fn c7_what_waits_for_a_store_is_done_at_once_however_far_away_its_turn_is() -> Result<()> {
    let mut bench = Bench::open().await?;
    let product = bench.counted_product()?;
    let entity = bench.entity("product", product).await?;
    bench.house.stop().await;
    bench.house.config.pull_interval = HOUR;
    bench.house.config.hooks_interval = HOUR;
    // A person's wish, a record in doubt, and an order of which no webhook could tell.
    let wish = bench.write_down(entity, product, Edit::Stock { quantity: 41.into() }).await?;
    let order = bench.house.fleet.buy(1, None, 1).context("something is for sale")?;
    let missed = bench.house.fleet.buy(1, None, 1).context("something is for sale")?;
    bench.house.fleet.quiesce().await;
    let doubt = "INSERT INTO recheck (tenant_id, store_id, kind, remote_id, reason, source, wanted_at, due_at)
        SELECT tenant_id, id, 'order', $1, 'doubtful', 'webhook', now(), now() FROM store";
    bench.house.admin.execute(doubt, &[&order.to_string()]).await?;
    bench.house.start();

    let house = &bench.house;
    house.count_is("SELECT count(*) FROM intent WHERE state = 'done' AND id = $1", &[&wish], 1).await?;
    let held = "SELECT count(*) FROM orders WHERE remote_id = $1";
    house.count_is(held, &[&order.to_string()], 1).await?;
    ensure!(house.count(held, &[&missed.to_string()]).await? == 0, "it was read before its turn");
    bench.house.close().await;
    Ok(())
}
