//! What slow readers cost the others, and what becomes of those who read nothing.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    task::JoinHandle,
};
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _};

use crate::{
    cases_a::{Intake, bombs::memory},
    node::{Node, until},
    person::Person,
};

const HEALTHY: usize = 60;
/// As many again read nothing.
const SLOW: usize = 8;
const DELIVERIES: usize = 120;
const PER_SECOND: u32 = 40;
/// Rounds on a machine that is busy with something else.
const ROUNDS: usize = 4;
/// What a wait may differ for no reason.
const ROOM: Duration = Duration::from_millis(250);
/// The system cuts a peer that took nothing for 20 s.
const CUT_WITHIN: Duration = Duration::from_secs(90);
const ALLOWED_KIB: u64 = 128 << 10;

#[tokio::test(flavor = "multi_thread")]
async fn f2_peers_that_read_slowly_delay_nobody_and_those_that_read_nothing_are_cut() -> Result<()> {
    let intake = Intake::open(1, &[]).await?;
    intake.node.create_user("admin@example.com", "platform-admin", None)?;
    let token = Person::log_in(&intake.node, "admin@example.com").await?.token;
    let pid = intake.node.pid().context("it runs")?;
    let order = intake.buy()?;
    let genuine = intake.record("orders", order).await?;
    let seen = Seen::default();
    let mut watching = Vec::with_capacity(HEALTHY);
    for number in 0..HEALTHY {
        watching.push(watch(&intake.node, &token, number, seen.clone()).await?);
    }
    let mut first = 1_000_000;
    let mut round = async || {
        first += 10_000;
        deliver(&intake, &genuine, first, &seen).await
    };
    // The first one warms up.
    round().await?;
    let before = memory(pid, "VmRSS:")?;
    let alone = round().await?;

    let mut stopped = Vec::with_capacity(SLOW);
    for _ in 0..SLOW {
        stopped.push(handshake(&intake.node, &token).await?);
        let mut trickle = handshake(&intake.node, &token).await?;
        tokio::spawn(async move {
            let mut seconds = tokio::time::interval(Duration::from_secs(1));
            let mut byte = [0];
            while matches!(trickle.read(&mut byte).await, Ok(1)) {
                seconds.tick().await;
            }
        });
    }
    until(Duration::from_secs(10), "everybody is connected", || async {
        Ok(peers(intake.node.port)? >= HEALTHY + 2 * SLOW)
    })
    .await?;
    // Fills what lies between: buffers of the system, then the mailboxes.
    round().await?;
    let mut waits = Vec::new();
    for _ in 0..ROUNDS {
        waits.push(round().await?);
        if waits.last().is_some_and(|wait| *wait <= alone * 2 + ROOM) {
            break;
        }
    }
    ensure!(
        waits.last().is_some_and(|wait| *wait <= alone * 2 + ROOM),
        "p99 alone {alone:?}, beside slow ones {waits:?}"
    );

    let is_cut =
        until(CUT_WITHIN, "who reads nothing is cut", || async { Ok(peers(intake.node.port)? <= HEALTHY + SLOW) });
    is_cut.await.with_context(|| format!("{:?} peers; {}", peers(intake.node.port), intake.node.tail()))?;
    let after = memory(pid, "VmRSS:")?;
    ensure!(after < before + ALLOWED_KIB, "{before} KiB became {after} KiB");
    round().await?;
    ensure!(watching.iter().all(|watcher| !watcher.is_finished()), "a healthy peer was cut too");
    watching.iter().for_each(JoinHandle::abort);
    drop(stopped);
    Ok(())
}

/// When each healthy peer saw each new order, in the order of its coming.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Vec<Instant>>>>);

impl Seen {
    fn add(&self, peer: usize) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() <= peer {
            all.resize(peer + 1, Vec::new());
        }
        all[peer].push(Instant::now());
    }

    /// What was seen since, if everybody has seen so many.
    fn take(&self, wanted: usize) -> Option<Vec<Vec<Instant>>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let has_all = all.len() == HEALTHY && all.iter().all(|seen| seen.len() >= wanted);
        has_all.then(|| std::mem::take(&mut *all))
    }
}

async fn watch(node: &Node, token: &str, peer: usize, seen: Seen) -> Result<JoinHandle<Result<()>>> {
    let mut request = node.url("/api/v1/live").replacen("http", "ws", 1).into_client_request()?;
    request.headers_mut().insert("authorization", format!("Bearer {token}").parse()?);
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
    Ok(tokio::spawn(async move {
        loop {
            let Message::Text(text) = socket.next().await.context("the socket ended")?? else { continue };
            let frame: Value = serde_json::from_str(&text)?;
            ensure!(frame["kind"] != "reload", "told to reload");
            if frame["kind"] == "order.created" {
                seen.add(peer);
            }
        }
    }))
}

/// A page's socket whose peer keeps little and reads only when its owner does.
async fn handshake(node: &Node, token: &str) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4_096)?;
    let mut stream = socket.connect(([127, 0, 0, 1], node.port).into()).await?;
    let host = format!("127.0.0.1:{}", node.port);
    let head = format!(
        "GET /live?page=orders HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: sw={token}\r\n\
         Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    let mut status = [0; 12];
    stream.read_exact(&mut status).await?;
    ensure!(&status == b"HTTP/1.1 101", "{}", String::from_utf8_lossy(&status));
    Ok(stream)
}

/// Posts new orders at an even pace and waits until every healthy peer has seen them; how long 99 of 100 took at most.
async fn deliver(intake: &Intake, genuine: &Value, first: usize, seen: &Seen) -> Result<Duration> {
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / PER_SECOND);
    let mut posted = Vec::with_capacity(DELIVERIES);
    for number in 0..DELIVERIES {
        let mut order = genuine.clone();
        order["id"] = json!(first + number);
        ticks.tick().await;
        posted.push(Instant::now());
        intake.send(&intake.delivery("order.created", order.to_string().as_bytes())).await?;
    }
    let deadline = Instant::now() + Duration::from_secs(60);
    let shown = loop {
        if let Some(shown) = seen.take(DELIVERIES) {
            break shown;
        }
        ensure!(Instant::now() < deadline, "not everybody has seen everything: {}", intake.node.tail());
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    // The n-th that came against the n-th that was sent: of those that share a commit the order may differ, their sum does not.
    let of_peer = |seen: &Vec<Instant>| -> Vec<Duration> {
        seen.iter().zip(&posted).map(|(seen, posted)| seen.duration_since(*posted)).collect()
    };
    let mut waits: Vec<Duration> = shown.iter().flat_map(of_peer).collect();
    waits.sort_unstable();
    Ok(waits[waits.len() * 99 / 100])
}

/// Connections that the system holds open at this port.
fn peers(port: u16) -> Result<usize> {
    const ESTABLISHED: &str = "01";
    let table = std::fs::read_to_string("/proc/net/tcp")?;
    let is_ours = |line: &str| {
        let mut words = line.split_whitespace().skip(1);
        let (local, state) = (words.next(), words.nth(1));
        local.is_some_and(|local| local.ends_with(&format!(":{port:04X}"))) && state == Some(ESTABLISHED)
    };
    Ok(table.lines().filter(|line| is_ours(line)).count())
}
