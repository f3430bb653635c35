//! More deliveries than may wait: what is too much is told to come again, and nothing that was taken is lost.

use anyhow::{Result, ensure};
use serde_json::json;
use tokio::task::JoinSet;

use super::{Sent, holds, send_all};
use crate::cases_a::Intake;

/// Of each; the intake lets 64 MiB wait, and stores two commits at once of one such delivery each.
const BODY_BYTES: usize = 4 << 20;
const DELIVERIES: usize = 30;
const FIT: usize = 16 + 2;

#[tokio::test(flavor = "multi_thread")]
async fn g7_deliveries_beyond_what_may_wait_are_told_to_come_again_at_once_and_nothing_taken_is_lost() -> Result<()> {
    let intake = Intake::open(1, &[]).await?;
    let mut other = intake.node.admin().await?;
    // Whatever wants to be stored waits for this transaction.
    let held = other.transaction().await?;
    held.batch_execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE").await?;
    let mut sending = JoinSet::new();
    for number in 0..DELIVERIES {
        let body = json!({ "number": number, "padding": "x".repeat(BODY_BYTES) }).to_string().into_bytes();
        sending.spawn(send_all(intake.node.port, vec![intake.delivery("action.woocommerce_thankyou", &body)]));
    }
    // Nothing can be stored, so what is answered now was not let in.
    let mut sent: Vec<Sent> = Vec::new();
    while sent.len() < DELIVERIES - FIT {
        sent.extend(sending.join_next().await.expect("more were sent")??);
    }
    ensure!(sent.iter().all(|sent| sent.status == 503), "taken while nothing could be stored");
    held.rollback().await?;
    while let Some(more) = sending.join_next().await {
        sent.extend(more??);
    }
    holds(&intake, &sent).await?;

    let metrics = intake.node.metrics().await?;
    let told =
        metrics.lines().any(|line| line.starts_with("storewire_webhook_received_total") && line.contains("later"));
    ensure!(told, "nobody is told of it: {metrics}");
    // As if nothing had been.
    let small =
        |number| intake.delivery("action.woocommerce_thankyou", json!({ "small": number }).to_string().as_bytes());
    let after = send_all(intake.node.port, (0..50).map(small).collect()).await?;
    ensure!(holds(&intake, &after).await? == (50, 0));
    intake.applied().await
}
