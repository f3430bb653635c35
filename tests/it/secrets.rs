//! Canaries in every place where a secret may be, and a search for them in every place where none may be.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result, ensure};
use reqwest::Method;
use secrecy::ExposeSecret as _;
use storewire_guard::seal::Keyring;
use tokio_postgres::Client;

use crate::{
    captures::{
        content::Content,
        rig::{Rig, TOKEN},
        shop::{CONSUMER_KEY, CONSUMER_SECRET, Echo},
    },
    node::{Node, PASSWORD, until},
    person::Person,
};

const HOOK_SECRET: &str = "a-canary-among-webhook-secrets";
/// As it is sent: `ck_captured:cs_captured`.
const AUTHORIZATION: &str = "Y2tfY2FwdHVyZWQ6Y3NfY2FwdHVyZWQ=";
const WRONG_PASSWORD: &str = "a-canary-among-wrong-passwords";
const EMAIL: &str = "admin@example.com";

const ECHOES: [Echo; 9] = [
    Echo::Page(200),
    Echo::Page(401),
    Echo::Page(403),
    Echo::Page(500),
    Echo::Error(400),
    Echo::Error(401),
    Echo::Error(403),
    Echo::Error(500),
    Echo::Redirect,
];

#[tokio::test(flavor = "multi_thread")]
async fn i7_no_key_secret_password_or_session_is_in_the_log_the_metrics_a_panic_or_any_row() -> Result<()> {
    let mut rig = Rig::with_secrets(Content::read()?.into(), vec![HOOK_SECRET.to_owned()]).await?;
    rig.node.stop()?;
    for (key, value) in [
        ("LOG__LEVEL", "trace"),
        ("ENGINE__HOOKS_INTERVAL", "300ms"),
        ("ENGINE__PULL_INTERVAL", "300ms"),
        ("ENGINE__ATTENTION_INTERVAL", "300ms"),
    ] {
        rig.node.set(&format!("STOREWIRE__{key}"), value.to_owned());
    }
    rig.node.start_with(&[("FAILPOINTS", "store.on_delivery=1*panic")]).await?;
    rig.admin = rig.node.admin().await?;
    let mut said = run(&rig.node, &["user", "create", "--email", EMAIL, "--role", "platform-admin"])?;

    // People: right and wrong passwords, a session by cookie and by bearer.
    let person = Person::log_in(&rig.node, EMAIL).await?;
    for (path, password) in [("/login", WRONG_PASSWORD), ("/login", PASSWORD)] {
        person.submit(path, &[("email", EMAIL), ("password", password)]).await?;
    }
    person.submit("/theme", &[("theme", "dark")]).await?;

    // A shop that tells whatever it was sent, keys included, in every form of an answer.
    for echo in ECHOES.into_iter().chain([Echo::ToWriters]) {
        rig.shop.echo(Some(echo));
        if echo == Echo::ToWriters {
            rig.shop.forget_hooks();
        }
        let before = rig.shop.asked_at_all();
        person.ask(Method::POST, &format!("/api/v1/stores/{}/sync", rig.store), None).await?;
        until(Duration::from_secs(30), "the shop is asked", || async { Ok(rig.shop.asked_at_all() > before + 1) })
            .await
            .with_context(|| format!("{echo:?}: {}", rig.node.tail()))?;
        said.push_str(&run(&rig.node, &["store", "test", "--url", &rig.shop.url])?);
        said.push_str(&run(&rig.node, &["store", "add", "--tenant", "Another", "--url", &rig.shop.url])?);
    }
    rig.shop.echo(None);

    // Deliveries, of which the first ends its actor; and strangers who have it nearly right.
    let version = rig.content.newest("orders", |_| true).into_iter().next().context("an order")?.raw.clone();
    let post = crate::captures::post::Post { token: TOKEN.to_owned(), headers: Vec::new(), body: Vec::new() };
    let post = post
        .with("Host", "door.example")
        .with("Content-Type", "application/json")
        .with("X-WC-Webhook-Topic", "order.updated")
        .with("X-WC-Webhook-Source", "https://127.0.0.1:8443/")
        .with("X-WC-Webhook-ID", "7")
        .with_body(version.into_bytes());
    ensure!(post.clone().signed(HOOK_SECRET).send(rig.node.port).await? == 200, "{}", rig.node.tail());
    ensure!(post.clone().signed("wrong").send(rig.node.port).await? == 401);
    until(Duration::from_secs(30), "the actor ended", || async { Ok(log(&rig.node)?.contains("panicked")) }).await?;
    rig.applied().await?;
    let failed = "SELECT count(*) FROM diary";
    ensure!(rig.count(failed).await? > 0, "nothing was told of the shop's failures");

    let metrics = rig.node.metrics().await?;
    ensure!(metrics.contains("storewire_webhook_received_total"), "{metrics}");
    let database_password = Keyring::load(rig.node.data_dir().join("storewire.key"))?.database_password();
    let canaries = [
        ("consumer key", CONSUMER_KEY),
        ("consumer secret", CONSUMER_SECRET),
        ("Authorization", AUTHORIZATION),
        ("token of the delivery address", TOKEN),
        ("webhook secret", HOOK_SECRET),
        ("password", PASSWORD),
        ("wrong password", WRONG_PASSWORD),
        ("session", &person.token),
        ("database password", database_password.expose_secret()),
    ];
    let rows = rows(&rig.admin).await?;
    ensure!(rows.len() > 20 && rows.iter().any(|(_, text)| text.contains(EMAIL)), "the search finds nothing at all");
    rig.node.stop().ok();
    let mut places = vec![
        ("the log".to_owned(), log(&rig.node)?),
        ("what commands say".to_owned(), said),
        ("/metrics".to_owned(), metrics),
    ];
    places.extend(rows);
    places.extend(logs_below(&rig.node.data_dir().join("postgres"))?);
    let mut hits = Vec::new();
    for (place, text) in &places {
        for (name, canary) in &canaries {
            // Bytes are shown in hexadecimal.
            if text.contains(canary) || text.contains(&hex::encode(canary)) {
                let at = text.find(canary).unwrap_or_default();
                let context: String =
                    text.chars().skip(text[..at].chars().count().saturating_sub(200)).take(400).collect();
                hits.push(format!("{name} in {place}: …{context}…"));
            }
        }
    }
    ensure!(hits.is_empty(), "{} hits:\n{}", hits.len(), hits.join("\n"));
    Ok(())
}

/// Both outputs of a command with every secret in its environment, however it ended.
fn run(node: &Node, arguments: &[&str]) -> Result<String> {
    let secrets = [
        ("STOREWIRE_PASSWORD", PASSWORD),
        ("STOREWIRE_CONSUMER_KEY", CONSUMER_KEY),
        ("STOREWIRE_CONSUMER_SECRET", CONSUMER_SECRET),
        ("STOREWIRE_WEBHOOK_SECRET", HOOK_SECRET),
    ];
    let output = node.command(arguments).envs(secrets).output()?;
    Ok(String::from_utf8([output.stdout, output.stderr].concat())?)
}

fn log(node: &Node) -> Result<String> {
    Ok(std::fs::read_to_string(node.folder.path().join("log"))?)
}

/// Every row of every table as text, by table.
async fn rows(admin: &Client) -> Result<Vec<(String, String)>> {
    let tables = "SELECT relname::text FROM pg_class JOIN pg_namespace space ON space.oid = relnamespace
        WHERE relkind IN ('r', 'm') AND nspname = 'public' ORDER BY 1";
    let mut found = Vec::new();
    for row in admin.query(tables, &[]).await? {
        let table: String = row.try_get(0)?;
        let sql = format!("SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM \"{table}\" t");
        let text: String = admin.query_one(&sql, &[]).await?.try_get(0)?;
        found.push((format!("the table {table}"), text));
    }
    Ok(found)
}

/// What PostgreSQL wrote down of what it was asked.
fn logs_below(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "log") {
            found.push((path.display().to_string(), String::from_utf8_lossy(&std::fs::read(&path)?).into_owned()));
        }
    }
    ensure!(!found.is_empty(), "PostgreSQL has no log in {}", folder.display());
    Ok(found)
}
