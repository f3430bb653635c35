//! Peers that are cut off again and again, and peers that were away too long.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use futures_util::StreamExt as _;
use serde_json::Value;
use tokio::{net::TcpStream, task::JoinSet};
use tokio_postgres::Client;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use crate::{
    connected::Connected,
    node::{Node, until},
};

const PEERS: usize = 4;
/// Of each peer.
const DROPS: usize = 75;
/// Changes that a socket may lack and is still sent in pieces.
const LIMIT: i64 = 30;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

#[tokio::test(flavor = "multi_thread")]
async fn f3_over_hundreds_of_drops_no_change_is_missed_and_who_was_away_too_long_is_told_to_reload() -> Result<()> {
    let scene = Connected::open(2).await?;
    let token = scene.log_in().await?.token;
    let Connected { mut node, admin, sim, fleet } = scene;

    // Everybody is there before anything happens.
    let mut peers = Vec::new();
    for lot in 0..PEERS {
        let mut peer = Peer::new(&node, &token);
        peer.listen_until_all().await?;
        peers.push((peer, lot));
    }
    let before = log(&admin).await?;
    fleet.set_rate(40.0);
    let mut dropping = JoinSet::new();
    for (mut peer, mut lot) in peers {
        dropping.spawn(async move {
            for drop in 0..DROPS {
                // Up to five frames, by a lot that repeats.
                lot = lot.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let frames = (lot >> 33) % 6;
                peer.listen(frames).await.with_context(|| format!("drop {drop}"))?;
            }
            anyhow::Ok(peer)
        });
    }
    let mut dropped = Vec::new();
    while let Some(peer) = dropping.join_next().await {
        dropped.push(peer??);
    }
    fleet.set_rate(0.0);
    sim.quiesce().await?;
    until(Duration::from_secs(30), "nothing waits", || async {
        let waits = "SELECT (SELECT count(*) FROM inbox WHERE state = 'pending') + (SELECT count(*) FROM recheck)";
        Ok(admin.query_one(waits, &[]).await?.try_get::<_, i64>(0)? == 0)
    })
    .await?;
    let happened: BTreeSet<(String, i64)> = log(&admin).await?.difference(&before).cloned().collect();
    ensure!(happened.len() > 100, "only {} changes prove nothing", happened.len());
    for mut peer in dropped {
        peer.listen_until_all().await?;
        let missed: Vec<_> = happened.iter().filter(|change| !peer.seen.contains_key(*change)).take(5).collect();
        ensure!(missed.is_empty(), "missed {missed:?} of {}", happened.len());
        ensure!(peer.reloads == 0, "a short absence was too long");
    }

    // Away for more than is sent in pieces.
    node.stop()?;
    node.set("STOREWIRE__ENGINE__RESUME_LIMIT", LIMIT.to_string());
    node.start().await?;
    let admin = node.admin().await?;
    let mut late = Peer::new(&node, &token);
    late.listen_until_all().await?;
    let start = log(&admin).await?.len();
    fleet.set_rate(40.0);
    until(Duration::from_secs(60), "a lot happens", || async {
        Ok(i64::try_from(log(&admin).await?.len() - start)? > LIMIT * 2)
    })
    .await?;
    let mut socket = late.open().await?;
    ensure!(late.next(&mut socket).await?["kind"] == "reload", "it was sent too much instead of a reload");
    // And from there it goes on.
    while late.seen.is_empty() {
        late.next(&mut socket).await?;
    }
    fleet.set_rate(0.0);
    node.stop()
}

/// A program that keeps its last cursor and everything that it was shown.
#[derive(Default)]
struct Peer {
    url: String,
    token: String,
    cursor: Option<String>,
    seen: BTreeMap<(String, i64), Value>,
    reloads: usize,
}

impl Peer {
    fn new(node: &Node, token: &str) -> Self {
        Self { url: node.url("/api/v1/live").replacen("http", "ws", 1), token: token.to_owned(), ..Self::default() }
    }

    async fn open(&self) -> Result<Socket> {
        let since = self.cursor.as_ref().map(|cursor| format!("?since={cursor}")).unwrap_or_default();
        let mut request = format!("{}{since}", self.url).into_client_request()?;
        request.headers_mut().insert("authorization", format!("Bearer {}", self.token).parse()?);
        Ok(tokio_tungstenite::connect_async(request).await?.0)
    }

    /// Takes so many frames and is gone, without a word.
    async fn listen(&mut self, frames: usize) -> Result<()> {
        let mut socket = self.open().await?;
        for _ in 0..frames {
            self.next(&mut socket).await?;
        }
        Ok(())
    }

    async fn listen_until_all(&mut self) -> Result<()> {
        let mut socket = self.open().await?;
        while self.next(&mut socket).await?["kind"] != "hello" {}
        Ok(())
    }

    /// The next frame, noted.
    async fn next(&mut self, socket: &mut Socket) -> Result<Value> {
        let frame = loop {
            let message = tokio::time::timeout(Duration::from_secs(60), socket.next()).await.context("silence")?;
            match message.context("the socket ended")?? {
                Message::Text(text) => break serde_json::from_str::<Value>(&text)?,
                Message::Close(reason) => bail!("closed: {reason:?}"),
                _ => {}
            }
        };
        if let Some(cursor) = frame["cursor"].as_str() {
            self.cursor = Some(cursor.to_owned());
        }
        self.reloads += usize::from(frame["kind"] == "reload");
        if let (Some(topic), Some(seq)) = (frame["topic"].as_str(), frame["seq"].as_i64()) {
            self.seen.insert((topic.to_owned(), seq), frame.clone());
        }
        Ok(frame)
    }
}

/// Every change by the topic and number that its frame carries.
async fn log(admin: &Client) -> Result<BTreeSet<(String, i64)>> {
    let rows = admin.query("SELECT 'store:' || store_id, seq FROM change", &[]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}
