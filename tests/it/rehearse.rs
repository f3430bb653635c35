//! A rehearsal on a node that may speak to nothing on its own machine, killed in the middle, begun anew.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::{
    node::{self, Node, until},
    person::Person,
};

const STAFF: &str = "staff@storewire.test";
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_opens_no_way_for_anybody_else_and_survives_its_node_in_nothing_but_its_report() -> Result<()> {
    let fleet = node::fleet(1).await?;
    let mut node = Node::prepare(&fleet)?;
    node.start().await?;
    node.connect(&fleet.stores()[0], "Anatolia Coffee")?;
    node.create_user(STAFF, "platform-staff", None)?;
    node.stores_are("live", 1).await?;
    node.stop()?;

    // From here on the real shop is out of reach, as everything on this machine is.
    node.set("STOREWIRE__OUTBOUND__ALLOW_NETWORKS", String::new());
    node.start().await?;
    let admin = node.admin().await?;
    let staff = Person::log_in(&node, STAFF).await?;
    let first = begin(&staff, 600).await?;
    is_in(&staff, &first, "running").await.with_context(|| node.tail())?;
    let twin: String =
        admin.query_one("SELECT home_url FROM store WHERE tenant_id::text = $1 LIMIT 1", &[&first]).await?.get(0);
    a_person_cannot_reach(&staff, &twin).await?;

    node.kill()?;
    node.start().await?;
    let admin = node.admin().await?;
    let staff = Person::log_in(&node, STAFF).await?;
    until(PATIENCE, "what it left is gone", || async {
        let row = staff.get(&format!("/api/v1/rehearsals/{first}")).await?;
        Ok(row["phase"] == "interrupted" && !row["cleared_at"].is_null())
    })
    .await
    .with_context(|| node.tail())?;
    ensure!(count(&admin, "SELECT count(*) FROM store").await? == 1, "a twin is left");
    ensure!(
        count(&admin, "SELECT count(*) FROM change WHERE tenant_id < '00000001-0000-0000-0000-000000000000'").await?
            == 0
    );

    let second = begin(&staff, 5).await?;
    is_in(&staff, &second, "done").await.with_context(|| node.tail())?;
    let report = staff.get(&format!("/api/v1/rehearsals/{second}")).await?["report"].clone();
    for none in ["lost", "doubled", "gone_back", "deliveries_lost"] {
        ensure!(report[none] == 0, "{none}: {report}");
    }
    ensure!(report["deliveries"]["acknowledged"].as_u64() > Some(0), "nothing was delivered: {report}");
    ensure!(!report["settled_ms"].is_null(), "both sides were not equal: {report}");
    node.stop()
}

/// Two twins of the only store.
async fn begin(staff: &Person, seconds: u32) -> Result<String> {
    let wish = json!({ "factor": 2, "rate": 20, "seconds": seconds, "troubles": ["webhooks_lost"] });
    let answer = staff.ask(Method::POST, "/api/v1/rehearsals", Some(wish)).await?;
    ensure!(answer.status == StatusCode::CREATED, "{}", answer.text);
    Ok(answer.json()?["id"].as_str().context("it has no id")?.to_owned())
}

async fn is_in(staff: &Person, id: &str, phase: &str) -> Result<()> {
    until(PATIENCE, &format!("the rehearsal is {phase}"), || async {
        Ok(staff.get(&format!("/api/v1/rehearsals/{id}")).await?["phase"] == phase)
    })
    .await
}

/// The twins' place is open to the rehearsal alone.
async fn a_person_cannot_reach(staff: &Person, twin: &str) -> Result<()> {
    let trial: Value = json!({ "url": twin, "consumer_key": "ck_x", "consumer_secret": "cs_x" });
    let answer = staff.ask(Method::POST, "/api/v1/stores/test-connection", Some(trial)).await?;
    let problem = answer.json()?;
    ensure!(problem["code"] == "url_private", "{twin} answered {problem}");
    Ok(())
}

async fn count(admin: &Client, sql: &str) -> Result<i64> {
    Ok(admin.query_one(sql, &[]).await?.get(0))
}
