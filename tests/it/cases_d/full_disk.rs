//! A disk that is full: where the rows are, and where the write-ahead log is, without which PostgreSQL cannot live.

use anyhow::{Result, ensure};
use storewire_testkit::{Manner, PrivateCluster};

use super::{Lab, Sent, holds};
use crate::person::Person;

#[tokio::test(flavor = "multi_thread")]
async fn d2_while_the_rows_have_no_room_left_deliveries_come_again_people_read_and_nothing_taken_is_lost() -> Result<()>
{
    let mut cluster = PrivateCluster::start().await?;
    let Some(volume) = cluster.volume("volume", 128)? else { return Ok(()) };
    cluster.move_database_to(&volume).await?;
    let lab = Lab::over(cluster, 1, &[], |_| ()).await?;
    lab.intake.node.create_user("admin@example.com", "platform-admin", None)?;
    let person = Person::log_in(&lab.intake.node, "admin@example.com").await?;
    let mut sent = lab.send_all(lab.orders(1_000_000, 40).await?).await?;
    ensure!(sent.iter().all(|sent| sent.status == 200), "not taken while there was room");

    volume.fill()?;
    // Pages that exist already have some room left.
    let mut id = 2_000_000;
    while sent.iter().all(|sent| sent.status == 200) {
        ensure!(id < 2_010_000, "taken for ever");
        sent.extend(lab.send_all(lab.orders(id, 200).await?).await?);
        id += 200;
    }
    for path in ["/orders", "/products"] {
        ensure!(person.see(path).await?.status.is_success(), "{path} cannot be read");
    }
    volume.empty()?;
    goes_on(&lab, &sent).await
}

#[tokio::test(flavor = "multi_thread")]
async fn d2_when_the_log_has_no_room_left_postgresql_ends_and_nothing_taken_is_lost() -> Result<()> {
    let mut cluster = PrivateCluster::start().await?;
    let Some(volume) = cluster.volume("volume", 256)? else { return Ok(()) };
    cluster.stop(Manner::Fast).await?;
    cluster.move_log_to(&volume)?;
    cluster.go_on().await?;
    let mut lab = Lab::over(cluster, 1, &[], |_| ()).await?;
    let mut sent = lab.send_all(lab.orders(1_000_000, 40).await?).await?;
    ensure!(sent.iter().all(|sent| sent.status == 200), "not taken while there was room");

    volume.fill()?;
    // Segments of the log that exist already are used first.
    let use_one = "SELECT pg_logical_emit_message(false, 'full', 'disk'), pg_switch_wal()";
    let mut segments = 0;
    while lab.intake.admin.query_one(use_one, &[]).await.is_ok() {
        segments += 1;
        ensure!(segments < 100, "there is always room");
    }
    lab.intake.until("not ready", async || Ok(!lab.is_ready().await)).await?;
    let refused = lab.send_all(lab.orders(2_000_000, 40).await?).await?;
    println!(
        "after {segments} segments PostgreSQL is {}",
        if lab.cluster.is_running() { "recovering" } else { "gone" }
    );
    ensure!(refused.iter().all(|sent| sent.status == 503), "taken without a log");
    sent.extend(refused);
    volume.empty()?;
    lab.cluster.go_on().await?;
    lab.reconnect().await?;
    lab.intake.until("ready again", async || Ok(lab.is_ready().await)).await?;
    goes_on(&lab, &sent).await
}

async fn goes_on(lab: &Lab, sent: &[Sent]) -> Result<()> {
    lab.takes_again(3_000_000).await?;
    let (taken, refused) = holds(&lab.intake, sent).await?;
    ensure!(taken >= 40 && refused > 0, "{taken} were taken, {refused} refused");
    lab.intake.applied().await?;
    let dead = "SELECT count(*) FROM dead_letter";
    ensure!(lab.intake.count(dead, &[]).await? == 0, "what had no room was given up");
    let live = "SELECT count(*) FROM store WHERE state = 'live'";
    lab.intake.until("the store is live", async || Ok(lab.intake.count(live, &[]).await? == 1)).await
}
