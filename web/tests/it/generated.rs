//! Requests and frames as no page of ours sends them: refused or answered, never a fault of ours.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    app::{HOST, TestApp, bearer, get},
    seed::{ADMIN, World},
};

/// A lot that repeats.
struct Lot(u64);

impl Lot {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn one_of(&mut self, all: &[&'static str]) -> &'static str {
        all[self.below(all.len())]
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

const SEED: u64 = 11;
const REQUESTS: usize = 400;
const PEERS: usize = 60;

const PATHS: &[&str] = &[
    "/api/v1/orders",
    "/api/v1/products",
    "/api/v1/customers",
    "/api/v1/stores",
    "/api/v1/intents",
    "/api/v1/inventory/approvals",
    "/api/v1/audit",
    "/api/v1/dead-letters",
    "/api/v1/deliveries",
    "/api/v1/alerts",
    "/api/v1/live",
    "/orders",
    "/products",
    "/customers",
    "/stores",
    "/changes",
    "/deliveries",
    "/dead-letters",
    "/live",
    "/login",
    "/control",
];
const NAMES: &[&str] = &[
    "limit",
    "after",
    "before",
    "status",
    "store",
    "stock",
    "q",
    "search",
    "since",
    "cursor",
    "page",
    "id",
    "state",
    "kind",
    "from",
    "to",
    "sort",
    "cause",
    "topic",
    "limit[]",
    "",
    "\u{1f600}",
];
const VALUES: &[&str] = &[
    "",
    "0",
    "1",
    "-1",
    "200",
    "201",
    "18446744073709551615",
    "18446744073709551616",
    "9223372036854775808",
    "1e9",
    "NaN",
    "null",
    "true",
    "%",
    "%00",
    "%ff",
    "%ed%a0%80",
    "%F0%9F%98%80",
    "orders",
    "control",
    "' OR 1=1--",
    "\\",
    "../../etc/passwd",
    "%252e",
    "018f0000-0000-7000-8000-000000000000",
    "018f",
    "2026-13-45T99:99:99Z",
    "0000-00-00",
    "processing",
    "<script>",
    "a b",
    "a+b",
    "{\"a\":1}",
    "[]",
    "eyJhIjoxfQ",
    "bGltaXQ=",
    "====",
];

fn piece(lot: &mut Lot, all: &[&'static str]) -> String {
    let mut text = lot.one_of(all).to_owned();
    match lot.below(12) {
        0 => text = text.repeat(50),
        1 => text.push(char::from(33 + lot.byte() % 94)),
        _ => {}
    }
    // What no request line can hold is sent as browsers send it.
    text.chars()
        .flat_map(|sign| match sign {
            '!'..='~' if !"\"<>\\^`{|}#".contains(sign) => vec![sign],
            _ => {
                url::form_urlencoded::byte_serialize(sign.to_string().as_bytes()).collect::<String>().chars().collect()
            }
        })
        .collect()
}

#[actix_web::test]
async fn k1_generated_queries_cursors_and_filters_are_answered_or_refused_and_break_nothing() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    world.coffee.sell(&app, 5).await;
    let token = app.log_in(ADMIN).await;
    let mut lot = Lot(SEED);
    let mut answered = 0;
    for number in 0..REQUESTS {
        let count = 1 + lot.below(4);
        let pairs = (0..count).map(|_| format!("{}={}", piece(&mut lot, NAMES), piece(&mut lot, VALUES)));
        let query = pairs.collect::<Vec<_>>().join("&");
        let path = lot.one_of(PATHS);
        let address = format!("{path}?{query}");
        let answer = app.call(get(&address).insert_header(bearer(&token))).await;
        assert!(answer.status.as_u16() < 500, "request {number}: {address} was answered {}", answer.status);
        answered += usize::from(answer.status.is_success());
    }
    assert!((REQUESTS / 10..REQUESTS).contains(&answered), "{answered} of {REQUESTS} were answered");
}

/// A program's socket.
async fn socket(to: SocketAddr, token: &str) -> TcpStream {
    let mut stream = TcpStream::connect(to).await.unwrap();
    let head = format!(
        "GET /api/v1/live HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {token}\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.unwrap());
    }
    assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
    stream
}

/// A frame's head with a payload that may be of another length.
fn frame(lot: &mut Lot) -> Vec<u8> {
    let mut bytes = vec![lot.byte(), lot.byte() | (u8::from(lot.below(5) > 0) << 7)];
    let length = match lot.below(6) {
        0 => 0,
        1 => 5_000,
        _ => 1 + lot.below(199),
    };
    bytes.extend((0..length).map(|_| lot.byte()));
    bytes
}

#[actix_web::test]
async fn k1_generated_frames_end_their_own_socket_at_most() {
    const PING: &[u8] = &[0x89, 0x84, 0, 0, 0, 0, b'h', b'e', b'r', b'e'];
    const PONG: &[u8] = b"\x8a\x04here";
    let app = TestApp::start().await;
    World::create(&app).await;
    let token = app.log_in(ADMIN).await;
    let (address, server) = app.serve();
    let mut healthy = socket(address, &token).await;
    let mut lot = Lot(SEED);
    for _ in 0..PEERS {
        let mut peer = socket(address, &token).await;
        for _ in 0..1 + lot.below(19) {
            // One that was sent away already hears no more.
            if peer.write_all(&frame(&mut lot)).await.is_err() {
                break;
            }
        }
    }
    healthy.write_all(PING).await.unwrap();
    let mut heard = Vec::new();
    while !heard.windows(PONG.len()).any(|bytes| bytes == PONG) {
        let mut byte = [0];
        let read = tokio::time::timeout(std::time::Duration::from_secs(30), healthy.read(&mut byte)).await;
        assert_eq!(read.unwrap().unwrap(), 1, "the socket ended after {heard:?}");
        heard.push(byte[0]);
    }
    assert_eq!(app.status(&token, "/api/v1/orders").await, 200);
    server.stop(false).await;
}
