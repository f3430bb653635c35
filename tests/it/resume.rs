//! A program that was away for hundreds of changes gets them all, in order, once it says where it stopped.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context as _, Result, ensure};
use futures_util::StreamExt as _;
use serde_json::Value;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _};

use crate::{
    connected::Connected,
    node::{Node, until},
};

const CHANGES: i64 = 320;

#[tokio::test(flavor = "multi_thread")]
async fn a_resume_over_more_changes_than_a_mailbox_holds_is_complete() -> Result<()> {
    let scene = Connected::open(1).await?;
    let token = scene.log_in().await?.token;
    let Connected { mut node, admin, sim, fleet } = scene;
    let newest = async || anyhow::Ok(admin.query_one("SELECT max(seq) FROM change", &[]).await?.get::<_, i64>(0));

    let (first, cursor) = listen(&node, &token, None).await?;
    ensure!(first.is_empty(), "a socket from now on is sent the past");
    let before = newest().await?;
    fleet.set_rate(60.0);
    until(Duration::from_secs(60), "enough happens meanwhile", || async { Ok(newest().await? > before + CHANGES) })
        .await?;
    sim.quiesce().await?;

    let (missed, _) = listen(&node, &token, Some(&cursor)).await?;
    let seqs: Vec<i64> = missed.keys().copied().filter(|seq| *seq > before).collect();
    let wanted: Vec<i64> = (before + 1..=newest().await?).collect();
    ensure!(seqs.len() >= CHANGES.unsigned_abs().try_into()?, "only {} frames", seqs.len());
    ensure!(wanted.starts_with(&seqs), "a gap: {} frames from {:?} to {:?}", seqs.len(), seqs.first(), seqs.last());
    node.stop()
}

/// Listens until the socket says that it has everything: the changes by number, and the cursor to go on from.
async fn listen(node: &Node, token: &str, since: Option<&str>) -> Result<(BTreeMap<i64, Value>, String)> {
    let since = since.map(|cursor| format!("?since={cursor}")).unwrap_or_default();
    let url = node.url(&format!("/api/v1/live{since}")).replacen("http", "ws", 1);
    let mut request = url.into_client_request()?;
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse()?);
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
    let mut changes = BTreeMap::new();
    let listened = tokio::time::timeout(Duration::from_secs(30), async {
        while let Some(message) = socket.next().await {
            let Message::Text(text) = message? else { continue };
            let frame: Value = serde_json::from_str(&text)?;
            match (frame["kind"].as_str(), frame["seq"].as_i64()) {
                (Some("hello"), _) => return Ok(frame["cursor"].as_str().context("hello has no cursor")?.to_owned()),
                (Some("reload"), _) => anyhow::bail!("told to reload"),
                (_, Some(seq)) => drop(changes.insert(seq, frame)),
                _ => {}
            }
        }
        anyhow::bail!("the socket ended")
    });
    let cursor = listened.await.with_context(|| format!("no hello after {} frames", changes.len()))??;
    Ok((changes, cursor))
}
