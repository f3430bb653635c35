//! More who want a connection than there are: people wait for a while and are told to come again, and deliveries have their own.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use reqwest::{Method, StatusCode};
use storewire_testkit::PrivateCluster;
use tokio::task::JoinSet;
use tokio_postgres::Client;

use super::{Lab, holds};
use crate::{node::Node, person::Person};

const CONNECTIONS: usize = 4;
const WAIT: Duration = Duration::from_secs(2);
const READERS: usize = 16;

fn small(node: &mut Node) {
    node.set("STOREWIRE__DATABASE__CONNECTIONS", CONNECTIONS.to_string());
    node.set("STOREWIRE__DATABASE__ACQUIRE_TIMEOUT", format!("{}s", WAIT.as_secs()));
}

#[tokio::test(flavor = "multi_thread")]
async fn d4_readers_who_hold_every_connection_keep_no_delivery_waiting_and_are_told_to_come_again() -> Result<()> {
    let lab = Lab::over(PrivateCluster::start().await?, 1, &[], small).await?;
    lab.intake.node.create_user("admin@example.com", "platform-admin", None)?;
    let token = Person::log_in(&lab.intake.node, "admin@example.com").await?.token;
    let mut other = lab.cluster.admin().await?;
    // Whoever reads orders holds a connection until this transaction ends.
    let held = other.transaction().await?;
    held.batch_execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE").await?;
    let (mut reading, client) = (JoinSet::new(), reqwest::Client::new());
    for _ in 0..READERS {
        let request = client.request(Method::GET, lab.intake.node.url("/api/v1/orders")).bearer_auth(&token);
        reading.spawn(async move {
            let began = Instant::now();
            anyhow::Ok((request.send().await?.status(), began.elapsed()))
        });
    }
    let mut told = Vec::new();
    while told.len() < READERS - CONNECTIONS {
        told.push(reading.join_next().await.expect("more were asked")??);
    }
    let ping = lab.intake.delivery("", b"webhook_id=7").with("Content-Type", "application/x-www-form-urlencoded");
    let pinged = lab.send_all(vec![ping.without("X-WC-Webhook-Signature"); 4]).await?;
    let slack = pinged.iter().map(|ping| ping.waited).max().unwrap_or_default();
    for (status, waited) in &told {
        ensure!(*status == StatusCode::SERVICE_UNAVAILABLE, "answered {status}");
        // Twice, since a session is looked up before what it asks for.
        ensure!(*waited < WAIT * 2 + Duration::from_secs(1) + slack * 20, "waited {waited:?}, a ping {slack:?}");
    }
    let sent = lab.send_all(lab.orders(1_000_000, 100).await?).await?;
    ensure!(sent.iter().all(|sent| sent.status == 200), "a delivery was kept from the database by readers");
    held.rollback().await?;
    // Of those that waited longer, some had to make room for what the node itself reads.
    while let Some(read) = reading.join_next().await {
        let (status, _) = read??;
        ensure!(status == StatusCode::OK || status == StatusCode::SERVICE_UNAVAILABLE, "answered {status}");
    }
    let request = client.get(lab.intake.node.url("/api/v1/orders")).bearer_auth(&token);
    ensure!(request.send().await?.status() == StatusCode::OK, "orders cannot be read again");
    holds(&lab.intake, &sent).await?;
    lab.intake.applied().await
}

#[tokio::test(flavor = "multi_thread")]
async fn d4_a_server_that_has_no_connection_left_is_waited_for_and_everything_goes_on_when_it_has() -> Result<()> {
    let lab = Lab::over(PrivateCluster::start().await?, 1, &[], small).await?;
    let crowd = lab.crowd().await?;
    ensure!(!lab.is_ready().await, "ready without a connection");
    let sent = lab.send_all(lab.orders(1_000_000, 20).await?).await?;
    ensure!(sent.iter().all(|sent| sent.status == 503), "taken without a connection");
    drop(crowd);
    lab.intake.until("ready again", async || Ok(lab.is_ready().await)).await?;
    lab.takes_again(2_000_000).await?;
    ensure!(holds(&lab.intake, &sent).await? == (0, sent.len()));
    lab.intake.applied().await
}

impl Lab {
    /// Takes every connection that the server has, the node's too.
    async fn crowd(&self) -> Result<Vec<Client>> {
        let mut crowd = Vec::new();
        let deadline = Instant::now() + super::PATIENCE;
        loop {
            while let Ok(client) = self.cluster.admin().await {
                crowd.push(client);
            }
            let ours = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'storewire_app'";
            if self.intake.count(ours, &[]).await? == 0 {
                println!("{} connections are taken", crowd.len());
                return Ok(crowd);
            }
            ensure!(Instant::now() < deadline, "the node always finds a connection");
            let end =
                "SELECT count(pg_terminate_backend(pid, 1000)) FROM pg_stat_activity WHERE usename = 'storewire_app'";
            self.intake.count(end, &[]).await?;
        }
    }
}
