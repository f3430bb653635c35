//! PostgreSQL restarts while shops trade.

use std::time::Duration;

use anyhow::{Result, ensure};
use storewire_testkit::Manner;

use super::Lab;

const RESTARTS: usize = 12;
/// Deliveries taken between two of them.
const BETWEEN: usize = 8;
const BACK_WITHIN: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn d1_restarts_of_postgresql_under_load_lose_nothing_and_are_over_within_seconds() -> Result<()> {
    let mut lab = Lab::open(2, &[]).await?;
    lab.trade(40.0);
    let mut waits = Vec::new();
    for number in 0..RESTARTS {
        let sql = "SELECT count(*) FROM inbox";
        let before = lab.intake.count(sql, &[]).await?;
        let wanted = before + i64::try_from(BETWEEN)?;
        lab.intake.until("shops deliver", async || Ok(lab.intake.count(sql, &[]).await? >= wanted)).await?;
        lab.cluster.stop(if number % 2 == 0 { Manner::Immediate } else { Manner::Fast }).await?;
        ensure!(!lab.is_ready().await, "ready without a database");
        lab.cluster.go_on().await?;
        waits.push(lab.recovers().await?);
        lab.reconnect().await?;
    }
    println!("ready again, and one connection of our own: {waits:?}");
    for (took, alone) in waits {
        // A machine on which one connection takes its time has more to do than this.
        ensure!(took <= BACK_WITHIN + alone * 20, "ready again after {took:?}, one connection took {alone:?}");
    }
    lab.converges(RESTARTS * BETWEEN).await?;
    lab.intake.node.stop()
}
