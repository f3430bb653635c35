//! A database that can be read and not written, as a replica is: people see what there is and are told, all others are sent away.

use anyhow::{Context as _, Result, ensure};
use reqwest::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use super::{Lab, holds};
use crate::person::Person;

const BANNER: &str = "The database takes no changes at the moment";

#[tokio::test(flavor = "multi_thread")]
async fn d3_where_nothing_can_be_written_people_read_and_are_told_and_deliveries_are_sent_away() -> Result<()> {
    let lab = Lab::open(1, &[]).await?;
    let (intake, node) = (&lab.intake, &lab.intake.node);
    node.create_user("admin@example.com", "platform-admin", None)?;
    let person = Person::log_in(node, "admin@example.com").await?;
    let product = "SELECT id FROM product WHERE kind = 'simple' AND manage_stock = 'yes' AND deleted_at IS NULL
        AND trashed_at IS NULL LIMIT 1";
    let product: Uuid = intake.admin.query_one(product, &[]).await?.get(0);
    let change = async || {
        let path = format!("/api/v1/inventory/{product}");
        person.ask(Method::PATCH, &path, Some(json!({ "change": "77" }))).await
    };
    let before = person.see("/orders").await?;
    ensure!(before.status == StatusCode::OK && !before.text.contains(BANNER), "{}", before.text);

    lab.set("default_transaction_read_only = on").await?;
    intake.until("not ready", async || Ok(!lab.is_ready().await)).await?;
    intake
        .until("a page tells of it", async || {
            let page = person.see("/orders").await?;
            Ok(page.status == StatusCode::OK && page.text.contains(BANNER))
        })
        .await?;
    for path in ["/api/v1/orders", "/api/v1/products", "/api/v1/stores"] {
        person.get(path).await.with_context(|| format!("{path} cannot be read"))?;
    }
    ensure!(change().await?.status == StatusCode::SERVICE_UNAVAILABLE, "a change was taken");
    let sent = lab.send_all(lab.orders(1_000_000, 20).await?).await?;
    ensure!(sent.iter().all(|sent| sent.status == 503), "a delivery was taken");

    lab.set("default_transaction_read_only = off").await?;
    intake.until("ready again", async || Ok(lab.is_ready().await)).await?;
    ensure!(!person.see("/orders").await?.text.contains(BANNER), "it is told for longer than it is true");
    ensure!(holds(intake, &sent).await? == (0, sent.len()));
    ensure!(change().await?.status == StatusCode::ACCEPTED, "a change is not taken");
    lab.takes_again(2_000_000).await
}

impl Lab {
    async fn set(&self, setting: &str) -> Result<()> {
        self.intake.admin.execute(&format!("ALTER SYSTEM SET {setting}"), &[]).await?;
        self.intake.admin.execute("SELECT pg_reload_conf()", &[]).await?;
        Ok(())
    }
}
