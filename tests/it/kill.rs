//! `kill -9` at random moments of traffic loses nothing and doubles nothing.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::node::{self, Node, until};

const STORES: usize = 4;
const KILLS: u32 = 10;

#[tokio::test(flavor = "multi_thread")]
async fn after_ten_kills_during_traffic_the_copy_equals_the_shops_and_nothing_acknowledged_is_missing() -> Result<()> {
    let fleet = node::fleet(STORES).await?;
    let sim = node::sim(&fleet);
    let mut node = Node::prepare(&fleet)?;
    node.start().await?;
    for shop in fleet.stores() {
        node.connect(&shop, "Anatolia Coffee")?;
    }
    // Traffic starts while the first import is under way, and so does the killing.
    fleet.set_rate(20.0);
    let mut random = Instant::now().elapsed().subsec_nanos() ^ std::process::id();
    for _ in 0..KILLS {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        tokio::time::sleep(Duration::from_millis(300 + u64::from(random >> 20) % 1_500)).await;
        node.kill()?;
        node.start().await?;
    }
    sim.quiesce().await?;

    let admin = node.admin().await?;
    let mut verdict = storewire_oracle::compare(&sim, &admin).await?;
    let equal = until(Duration::from_secs(60), "the copies equal the shops", || async {
        Ok(storewire_oracle::compare(&sim, &admin).await?.is_equal())
    })
    .await;
    if equal.is_err() {
        verdict = storewire_oracle::compare(&sim, &admin).await?;
    }
    ensure!(equal.is_ok(), "after {KILLS} kills:\n{verdict}\n{}", node.tail());

    let after = storewire_oracle::compare(&sim, &admin).await?;
    ensure!(after.acknowledged > 50, "too little traffic to prove anything: {after}");
    ensure!(after.findings.len() == STORES * 2, "not every shop was compared: {after}");
    let row = admin.query_one("SELECT count(*) FROM inbox WHERE state IN ('pending', 'dead')", &[]).await?;
    ensure!(row.get::<_, i64>(0) == 0, "deliveries were left or given up on");
    let row = admin
        .query_one(
            "SELECT count(*) FROM (SELECT store_id FROM change GROUP BY store_id HAVING max(seq) <> count(*)) gaps",
            &[],
        )
        .await?;
    ensure!(row.get::<_, i64>(0) == 0, "the change log has a gap or a repeat");
    node.stop()
}
