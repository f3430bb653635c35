//! Webhook intake as a whole: what the real binary makes of deliveries that we post in a simulated shop's name.

pub mod bombs;
mod effects;
mod poison;
mod rate;

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use storesim::{Faults, Fleet};
use tokio_postgres::{Client, types::ToSql};

use crate::{
    captures::post::Post,
    node::{self, Node},
};

const TOKEN: &str = "a-token-that-the-test-knows";
pub const SECRET: &str = "a secret that the test knows";

/// Nobody but the deliveries tells the node anything once the shops were read.
const DELIVERIES_ALONE: [(&str, &str); 3] =
    [("PULL_INTERVAL", "1h"), ("HOOKS_INTERVAL", "1h"), ("STORM_REST", "500ms")];

/// A node with connected shops, of which the first delivers by our hand.
pub struct Intake {
    pub fleet: Fleet,
    pub node: Node,
    pub admin: Client,
}

impl Intake {
    pub async fn open(shops: usize, settings: &[(&str, &str)]) -> Result<Self> {
        let fleet = node::fleet(shops).await?;
        let node = Node::prepare(&fleet)?;
        Self::over(fleet, node, settings).await
    }

    /// The same with a node that was prepared otherwise.
    pub async fn over(fleet: Fleet, mut node: Node, settings: &[(&str, &str)]) -> Result<Self> {
        let shops = fleet.stores().len();
        for (key, value) in DELIVERIES_ALONE.iter().chain(settings) {
            node.set(&format!("STOREWIRE__ENGINE__{key}"), (*value).to_owned());
        }
        node.start().await?;
        let infos = fleet.stores();
        let (ours, others) = infos.split_first().context("a shop")?;
        node.run(
            &["store", "add", "--tenant", "Anatolia Coffee", "--url", &ours.home_url, "--name", &ours.name],
            &[
                ("STOREWIRE_CONSUMER_KEY", &ours.consumer_key),
                ("STOREWIRE_CONSUMER_SECRET", &ours.consumer_secret),
                ("STOREWIRE_WEBHOOK_TOKEN", TOKEN),
                ("STOREWIRE_WEBHOOK_SECRET", SECRET),
            ],
        )?;
        for shop in others {
            node.connect(shop, "Outdoor Company")?;
        }
        let admin = node.admin().await?;
        let intake = Self { fleet, node, admin };
        intake
            .until("every shop was read and walked by, and has its webhooks", async || {
                // The first walk over everything follows the import by itself, and would tell of what a test changes meanwhile.
                let sql =
                    "SELECT count(*) FROM store WHERE state = 'live' AND hooks_checked_at IS NOT NULL AND EXISTS (
                    SELECT FROM sweep WHERE sweep.store_id = store.id AND purpose = 'sweep' AND closed_at IS NOT NULL)";
                Ok(intake.count(sql, &[]).await? == i64::try_from(shops)?)
            })
            .await?;
        // Its own deliveries stay away from now on.
        intake.fleet.set_faults(1, Faults { drop_webhooks: 1.0, ..Faults::default() });
        Ok(intake)
    }

    /// A delivery of the first shop, signed.
    pub fn delivery(&self, topic: &str, body: &[u8]) -> Post {
        let post = Post { token: TOKEN.to_owned(), headers: Vec::new(), body: Vec::new() };
        post.with("Host", "door.example")
            .with("Content-Type", "application/json")
            .with("X-WC-Webhook-Topic", topic)
            .with("X-WC-Webhook-Source", &self.fleet.stores()[0].home_url)
            .with("X-WC-Webhook-ID", "7")
            .with("X-WC-Webhook-Delivery-ID", "0123456789abcdef0123456789abcdef")
            .with_body(body.to_vec())
            .signed(SECRET)
    }

    /// Posts a delivery, which must be taken.
    async fn post(&self, topic: &str, body: &[u8]) -> Result<()> {
        self.send(&self.delivery(topic, body)).await
    }

    pub async fn send(&self, post: &Post) -> Result<()> {
        let status = post.send(self.node.port).await?;
        ensure!(status == 200, "answered {status}: {}", self.node.tail());
        Ok(())
    }

    /// A record as the first shop would deliver it now.
    pub async fn record(&self, kind: &str, id: u64) -> Result<Value> {
        let records = node::sim(&self.fleet).records(1, kind).await?;
        records.into_iter().find(|record| record["id"] == id).with_context(|| format!("{kind} {id}"))
    }

    /// A new order of the first shop, of which nobody heard yet.
    pub fn buy(&self) -> Result<u64> {
        self.fleet.buy(1, None, 1).context("something is for sale")
    }

    /// Changes records of the first shop.
    async fn edit(&self, kind: &str, id: u64, fields: Value) -> Result<()> {
        let wanted = json!({ "kind": kind, "ids": [id], "fields": fields });
        node::sim(&self.fleet).post("/_sim/stores/1/edit", wanted).await.map(drop)
    }

    /// Waits until nothing of what was taken waits any more.
    pub async fn applied(&self) -> Result<()> {
        self.until("every delivery is applied", async || {
            let waiting =
                "SELECT (SELECT count(*) FROM inbox WHERE state = 'pending') + (SELECT count(*) FROM recheck)";
            Ok(self.count(waiting, &[]).await? == 0)
        })
        .await
    }

    /// What became of the deliveries with this body, newest last.
    pub async fn verdicts(&self, body: &[u8]) -> Result<Vec<(String, Option<String>)>> {
        let sql = "SELECT state, reason FROM inbox WHERE body = $1 ORDER BY id";
        let rows = self.admin.query(sql, &[&body]).await?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    /// How often this body is kept, byte for byte.
    pub async fn copies(&self, body: &[u8]) -> Result<i64> {
        let digest = storewire_guard::digest::sha256(body);
        let sql = "SELECT count(*) FROM inbox WHERE body_sha256 = $1 AND sha256(body) = $1";
        self.count(sql, &[&digest.as_slice()]).await
    }

    pub async fn count(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<i64> {
        Ok(self.admin.query_one(sql, params).await?.try_get(0)?)
    }

    /// Whether the copy of the first shop's orders is what it holds. A sale moved stock of which nobody was told.
    async fn orders_are_equal(&self) -> Result<()> {
        let verdict = storewire_oracle::compare(&node::sim(&self.fleet), &self.admin).await?;
        let orders =
            verdict.findings.iter().find(|finding| finding.kind == "orders").context("orders were compared")?;
        ensure!(orders.is_equal() && verdict.lost_deliveries.is_empty(), "{verdict}");
        Ok(())
    }

    pub async fn until(&self, what: &str, condition: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
        let mut condition = condition;
        let deadline = std::time::Instant::now() + Duration::from_secs(60);
        while !condition().await.unwrap_or(false) {
            ensure!(std::time::Instant::now() < deadline, "not in time: {what}; {}", self.node.tail());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}
