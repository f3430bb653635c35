//! What an operator does with stores and their mail by the command line, through the running server.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::{
    connected::{ADMIN, Connected},
    node::until,
};

const AS: [&str; 2] = ["--as", ADMIN];

/// A node with one live store, and its name.
struct Shift {
    scene: Connected,
    store: String,
}

impl Shift {
    async fn begin() -> Result<Self> {
        let scene = Connected::open(1).await?;
        Ok(Self { store: scene.store().await?, scene })
    }

    /// Runs a command in the admin's name.
    fn run(&self, arguments: &[&str]) -> Result<String> {
        self.scene.node.run(&[arguments, &AS].concat(), &[])
    }

    /// Runs a command that prints JSON.
    fn json(&self, arguments: &[&str]) -> Result<Value> {
        let said = self.scene.node.run(&[arguments, &["--json"]].concat(), &[])?;
        serde_json::from_str(&said).with_context(|| format!("{arguments:?}: {said}"))
    }

    async fn count(&self, sql: &str) -> Result<i64> {
        Ok(self.scene.admin.query_one(sql, &[]).await?.get(0))
    }

    async fn becomes(&self, what: &str, sql: &str, wanted: i64) -> Result<()> {
        until(Duration::from_secs(30), what, || async { Ok(self.count(sql).await? == wanted) })
            .await
            .with_context(|| self.scene.node.tail())
    }

    /// Trades until some deliveries were handled, then stops.
    async fn trade(&self) -> Result<()> {
        self.scene.fleet.set_rate(30.0);
        until(Duration::from_secs(30), "deliveries come", || async {
            Ok(self.count("SELECT count(*) FROM inbox").await? >= 5)
        })
        .await?;
        self.scene.sim.quiesce().await.map(drop)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_paused_resumed_and_read_by_the_command_line() -> Result<()> {
    let mut shift = Shift::begin().await?;
    let store = shift.store.clone();
    let paused = shift.run(&["store", "pause", &store])?;
    ensure!(paused.contains("paused"), "{paused}");
    ensure!(shift.json(&["store", "list"])?[0]["state"] == "paused");
    shift.scene.fleet.set_rate(30.0);
    let waits = "SELECT count(*) FROM inbox WHERE state = 'pending'";
    until(Duration::from_secs(30), "deliveries are kept", || async { Ok(shift.count(waits).await? >= 5) }).await?;
    shift.scene.sim.quiesce().await?;
    ensure!(shift.count("SELECT count(*) FROM inbox WHERE state <> 'pending'").await? == 0, "one was applied");
    shift.run(&["store", "resume", &store])?;
    shift.becomes("what was kept is applied", waits, 0).await?;

    shift.run(&["store", "sync", &store, "--wait=60s"])?;
    // Our copy of one order is wrong in a way that no date tells.
    let wrong =
        "UPDATE orders SET content_hash = '\\x00', status = 'lost' WHERE id = (SELECT min(id::text)::uuid FROM orders)
        RETURNING remote_id";
    let order: String = shift.scene.admin.query_one(wrong, &[]).await?.get(0);
    let record = format!("order:{order}");
    let found = shift.run(&["store", "sync", &store, "--record", &record, "--wait=60s", "--json"])?;
    let found: Value = serde_json::from_str(&found)?;
    ensure!(found[0]["changes"]["order.updated"] == 1, "{found}");
    ensure!(shift.count("SELECT count(*) FROM orders WHERE status = 'lost'").await? == 0);

    let nothing = shift.run(&["store", "sync", &store, "--record", "order:999999", "--wait=60s", "--json"])?;
    let nothing: Value = serde_json::from_str(&nothing)?;
    ensure!(nothing[0]["is_there"] == false && found[0]["is_there"] == true, "{nothing} {found}");

    let diary = shift.json(&["store", "diary", &store])?;
    let kinds: Vec<&str> = diary.as_array().context("no list")?.iter().filter_map(|one| one["kind"].as_str()).collect();
    ensure!(kinds.contains(&"paused") && kinds.contains(&"resumed"), "{kinds:?}");
    shift.scene.node.stop()
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_replayed_and_the_dead_are_retried_or_discarded_by_the_command_line() -> Result<()> {
    let mut shift = Shift::begin().await?;
    shift.trade().await?;
    let waits = "SELECT (SELECT count(*) FROM inbox WHERE state = 'pending') + (SELECT count(*) FROM recheck)";
    shift.becomes("all is handled", waits, 0).await?;
    let seqs = "SELECT count(*) FROM change WHERE kind NOT LIKE 'store.%'";
    let before = shift.count(seqs).await?;

    let listed = shift.json(&["inbox", "list", "--state", "applied", "--limit", "1"])?;
    let id = listed[0]["id"].as_str().context("nothing was applied")?.to_owned();
    let taken = shift.run(&["inbox", "replay", &id, "--json"])?;
    ensure!(serde_json::from_str::<Value>(&taken)? == serde_json::json!({ "replayed": 1 }), "{taken}");
    let replayed = format!("SELECT count(*) FROM inbox WHERE id = '{id}' AND state = 'ignored'");
    shift.becomes("the replayed one has a verdict again", &replayed, 1).await?;
    shift.run(&["inbox", "replay", "--store", &shift.store, "--since", "1h"])?;
    shift.becomes("all have", waits, 0).await?;
    ensure!(shift.count(seqs).await? == before, "a replay of what is known changed something");

    // Two were given up on in days when the code knew less.
    let give_up = "WITH lost AS (
            UPDATE inbox SET state = 'dead', reason = 'bad day'
            WHERE id IN (SELECT id FROM inbox ORDER BY id LIMIT 2) RETURNING *
        )
        INSERT INTO dead_letter (tenant_id, store_id, id, origin, topic, reason, body, received_at, created_at, cause)
        SELECT tenant_id, store_id, id, 'delivery', topic, 'bad day', body, received_at, now(), 'undecodable' FROM lost";
    shift.scene.admin.batch_execute(give_up).await?;
    let heaps = shift.json(&["inbox", "dead", "--by-cause"])?;
    let counted: i64 = heaps.as_array().context("no list")?.iter().filter_map(|heap| heap["count"].as_i64()).sum();
    ensure!(counted == 2, "{heaps}");
    let dead = shift.json(&["inbox", "dead", "--cause", "undecodable"])?;
    let one = dead[0]["id"].as_str().context("no id")?.to_owned();
    shift.run(&["inbox", "dead", "discard", &one])?;
    shift.run(&["inbox", "dead", "retry", "--cause", "undecodable"])?;
    ensure!(shift.json(&["inbox", "dead"])? == serde_json::json!([]));
    shift.becomes("the retried one has a verdict", waits, 0).await?;
    ensure!(shift.count("SELECT count(*) FROM inbox WHERE state = 'dead'").await? == 1, "the discarded one came back");
    shift.scene.node.stop()
}
