//! Deliveries that arrive while the database is away, or says nothing.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use storesim::Faults as StoreFaults;
use storewire_testkit::{Manner, fault_proxy::Faults};

use super::{Lab, Sent, holds};

const DELIVERIES: u64 = 60;
/// So long a delivery waits for the database at most: a store waits for a minute, and counts what is refused.
const BOUND: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn a13_while_the_database_is_down_or_silent_deliveries_are_told_to_come_again_and_pulls_find_what_they_told()
-> Result<()> {
    let mut lab = Lab::open(2, &[]).await?;
    lab.send_some(1_000_000, 200).await?;

    lab.cluster.stop(Manner::Fast).await?;
    let down = lab.send_some(2_000_000, 503).await?;
    // A shop sells meanwhile. It does not say again what nobody took.
    lab.intake.fleet.set_faults(2, StoreFaults { drop_webhooks: 1.0, ..StoreFaults::default() });
    let sales = (0..10).filter_map(|_| lab.intake.fleet.buy(2, None, 1)).collect::<Vec<_>>();
    ensure!(sales.len() == 10, "nothing was for sale");
    lab.cluster.go_on().await?;
    lab.recovers().await?;
    lab.reconnect().await?;
    ensure!(holds(&lab.intake, &down).await? == (0, down.len()));
    let found =
        "SELECT count(*) FROM orders JOIN store ON (store.tenant_id, store.id) = (orders.tenant_id, orders.store_id)
        WHERE home_url = $1 AND remote_number = ANY($2)";
    let home_url = lab.intake.fleet.stores().get(1).context("two shops")?.home_url.clone();
    let wanted: Vec<i64> = sales.iter().map(|id| i64::try_from(*id)).collect::<Result<_, _>>()?;
    lab.intake
        .until("every sale was pulled", async || Ok(lab.intake.count(found, &[&home_url, &wanted]).await? == 10))
        .await?;
    lab.send_some(3_000_000, 200).await?;

    // Connections stay open, and whatever is said on them is lost.
    lab.wire.set(Faults { black_hole: true, ..Faults::default() });
    let silent = lab.send_some(4_000_000, 503).await?;
    ensure!(!lab.is_ready().await, "ready without an answer from the database");
    lab.wire.set(Faults::default());
    lab.takes_again(5_000_000).await?;
    ensure!(holds(&lab.intake, &silent).await? == (0, silent.len()));
    Ok(())
}

impl Lab {
    /// Sends deliveries that are all answered so, none of them after more than the bound.
    async fn send_some(&self, first: u64, status: u16) -> Result<Vec<Sent>> {
        let ping = self.intake.delivery("", b"webhook_id=7").with("Content-Type", "application/x-www-form-urlencoded");
        let (pings, posts) = (vec![ping.without("X-WC-Webhook-Signature"); 4], self.orders(first, DELIVERIES).await?);
        let (pings, sent) = tokio::try_join!(self.send_all(pings), self.send_all(posts))?;
        // What a busy machine makes of an answer for which nothing is waited for.
        let slack = pings.iter().map(|ping| ping.waited).max().context("pings")?;
        ensure!(pings.iter().all(|ping| ping.status == 200), "a ping needs no database");
        let slowest = sent.iter().map(|sent| sent.waited).max().context("deliveries")?;
        println!("{status}: the slowest waited {slowest:?}, a ping {slack:?}");
        ensure!(slowest < BOUND + Duration::from_secs(1) + slack * 20, "waited {slowest:?}, a ping {slack:?}");
        ensure!(sent.iter().all(|sent| sent.status == status), "not all were answered with {status}");
        Ok(sent)
    }
}
