//! A node that has connected the captured shop and read it.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use storewire_guard::seal::{Keyring, SealContext};
use tokio_postgres::Client;
use uuid::Uuid;

use super::{
    content::{Content, Version},
    post::Post,
    shop::{CONSUMER_KEY, CONSUMER_SECRET, CapturedShop},
};
use crate::node::{Node, until};

/// Of the delivery URL.
pub const TOKEN: &str = "a-token-of-captured-deliveries";

/// A node that has connected and read the captured shop, and takes deliveries signed with any of the captured secrets.
pub struct Rig {
    pub content: Arc<Content>,
    pub shop: CapturedShop,
    pub node: Node,
    pub admin: Client,
    pub store: Uuid,
}

impl Rig {
    pub async fn ready() -> Result<Self> {
        let content = Arc::new(Content::read()?);
        let secrets = content.secrets().into_iter().map(str::to_owned).collect();
        Self::with_secrets(content, secrets).await
    }

    pub async fn with_secrets(content: Arc<Content>, secrets: Vec<String>) -> Result<Self> {
        let shop = CapturedShop::open(Arc::clone(&content)).await?;
        let mut node = Node::trusting(&shop.ca_pem)?;
        // Pages as they were captured; once the shop was read, only deliveries and a person's wish make the node ask it,
        // and that wish makes it read all again.
        for (key, value) in
            // Everything delivered at once, three times: on a living shop that would be a storm.
            [
                ("PAGE_SIZE", "20"),
                ("PULL_INTERVAL", "1h"),
                ("HOOKS_INTERVAL", "1h"),
                ("PULL_OVERLAP", "1h"),
                ("STORM_LIMIT", "1000"),
            ]
        {
            node.set(&format!("STOREWIRE__ENGINE__{key}"), value.to_owned());
        }
        node.start().await?;
        node.run(
            &["store", "add", "--tenant", "Real Woo", "--url", &shop.url],
            &[
                ("STOREWIRE_CONSUMER_KEY", CONSUMER_KEY),
                ("STOREWIRE_CONSUMER_SECRET", CONSUMER_SECRET),
                ("STOREWIRE_WEBHOOK_TOKEN", TOKEN),
                ("STOREWIRE_WEBHOOK_SECRET", &secrets[0]),
            ],
        )?;
        let admin = node.admin().await?;
        let store = accept_secrets(&node, &admin, &secrets[1..]).await?;
        node.stores_are("live", 1).await?;
        let rig = Self { content, shop, node, admin, store };
        until(Duration::from_secs(30), "every record was walked by", || async {
            let closed = "SELECT count(*) FROM sweep WHERE purpose = 'sweep' AND closed_at IS NOT NULL";
            Ok(rig.count(closed).await? > 0)
        })
        .await
        .with_context(|| rig.node.tail())?;
        rig.applied().await?;
        Ok(rig)
    }

    pub async fn count(&self, sql: &str) -> Result<i64> {
        Ok(self.admin.query_one(sql, &[]).await?.get(0))
    }

    pub async fn post(&self, post: &Post, what: &str) -> Result<()> {
        let status = post.send(self.node.port).await?;
        ensure!(status == 200, "{what} was answered {status}: {}", self.node.tail());
        Ok(())
    }

    pub async fn applied(&self) -> Result<()> {
        until(Duration::from_secs(30), "every delivery is applied", || async {
            let waiting =
                "SELECT (SELECT count(*) FROM inbox WHERE state = 'pending') + (SELECT count(*) FROM recheck)";
            Ok(self.count(waiting).await? == 0)
        })
        .await
        .with_context(|| self.node.tail())
    }

    /// Compares the copy with what the captures show, by a projection that shares no code with the product.
    pub async fn holds(&self, kind: &'static str, expected: &[&Version]) -> Result<()> {
        let records: Vec<Value> = expected.iter().map(|version| version.json.clone()).collect();
        let truth = storewire_oracle::of_shop(kind, &records, &self.content.refunds())?;
        let held = storewire_oracle::of_copy(kind, &self.admin, self.store).await?;
        let finding = storewire_oracle::finding("the captured shop", kind, &truth, &held);
        ensure!(finding.is_equal(), "{} {kind}, {} here: {:#?}", finding.in_shop, finding.in_copy, finding.differences);
        ensure!(finding.in_copy == expected.len() && !expected.is_empty(), "{finding:?}");
        Ok(())
    }

    /// Beside its columns each record keeps the shop's own JSON, every field of it.
    pub async fn holds_raw(&self, kind: &'static str) -> Result<()> {
        let table = match kind {
            "orders" => "orders",
            "products" => "product",
            "customers" => "customer",
            _ => "coupon",
        };
        let rows =
            self.admin.query(&format!("SELECT remote_id, raw FROM {table} WHERE deleted_at IS NULL"), &[]).await?;
        for row in rows {
            let (id, raw): (String, String) = (row.get(0), row.get(1));
            let raw: Value = serde_json::from_str(&raw)?;
            let captured = self.content.last_versions(kind, id.parse()?);
            ensure!(
                captured.iter().any(|version| version.json == raw),
                "{kind} {id} is kept as no capture shows it: {raw}"
            );
        }
        Ok(())
    }

    /// Every row of the copy with all its columns, and how much was logged.
    pub async fn fingerprint(&self) -> Result<Vec<String>> {
        let mut prints = Vec::new();
        for table in ["orders", "order_line", "order_refund", "product", "customer", "coupon", "dead_letter"] {
            let sql = format!(
                "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
            );
            prints.push(format!("{table} {}", self.admin.query_one(&sql, &[]).await?.get::<_, String>(0)));
        }
        // What was told of records; how the store fares is told at its own time.
        let told = "SELECT count(*) FROM change WHERE kind <> 'store.changed'";
        prints.push(format!("{} changes", self.count(told).await?));
        Ok(prints)
    }

    /// What became of the delivery: its state and why.
    pub async fn verdict(&self, topic: &str, body: &[u8]) -> Result<(String, Option<String>)> {
        let sql = "SELECT state, reason FROM inbox WHERE topic = $1 AND body = $2 ORDER BY id DESC LIMIT 1";
        let row = self.admin.query_one(sql, &[&topic, &body]).await?;
        Ok((row.get(0), row.get(1)))
    }
}

/// Seals more webhook secrets for the one store there is, all valid at once.
async fn accept_secrets(node: &Node, admin: &Client, secrets: &[String]) -> Result<Uuid> {
    let keyring = Keyring::load(node.data_dir().join("storewire.key"))?;
    let row = admin.query_one("SELECT tenant_id, id FROM store", &[]).await?;
    let (tenant, store): (Uuid, Uuid) = (row.get(0), row.get(1));
    for secret in secrets {
        let sealed = keyring.seal(&SealContext { tenant, store, column: "webhook_secret" }, secret.as_bytes());
        let sql = "INSERT INTO store_secret (tenant_id, store_id, id, kind, sealed)
                   VALUES ($1, $2, gen_random_uuid(), 'webhook_secret', $3)";
        admin.execute(sql, &[&tenant, &store, &sealed]).await?;
    }
    Ok(store)
}
