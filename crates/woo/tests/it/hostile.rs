//! Stores that answer with too much, too little, too slowly, or something else altogether.

use std::time::Duration;

use storewire_domain::{AuthScheme, RemoteId};
use storewire_woo::{Failure, ListQuery, Outbound, OutboundConfig, WooError};

use crate::server::{KEY, Reply, SECRET, TestStore};

const CAP: usize = 16 * 1024 * 1024;
const BOMBS: usize = 50;
/// What all of them together may cost.
const ALLOWED: usize = 64 * 1024 * 1024;
/// Set in the process that measures.
const ALONE: &str = "STOREWIRE_TEST_ALONE";

async fn fault(reply: impl Fn() -> Reply + Send + Sync + 'static) -> WooError {
    let store = TestStore::start(move |_| reply()).await;
    store.client("/wp-json/").list_orders(&ListQuery::default()).await.unwrap_err()
}

/// Writes bits as deflate wants them: values from the low bit, codes from the high bit.
#[derive(Default)]
struct Bits {
    out: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn value(&mut self, value: u32, bits: u32) {
        self.held |= value << self.count;
        self.count += bits;
        while self.count >= 8 {
            self.out.push((self.held & 0xff) as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    fn code(&mut self, code: u32, bits: u32) {
        for bit in (0..bits).rev() {
            self.value((code >> bit) & 1, 1);
        }
    }
}

/// A gzip member of zeros: one literal, then copies of 258 bytes at 13 bits each.
fn gzip_bomb(decoded: usize) -> Vec<u8> {
    let mut bits = Bits { out: vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], ..Bits::default() };
    bits.value(1, 1);
    bits.value(1, 2);
    bits.code(0x30, 8);
    for _ in 0..decoded / 258 {
        bits.code(0xc5, 8);
        bits.code(0, 5);
    }
    bits.code(0, 7);
    bits.value(0, 7);
    bits.out
}

#[tokio::test]
async fn b6_a_gzip_bomb_is_cut_at_the_cap() {
    let bomb = gzip_bomb(40 * CAP);
    assert!(bomb.len() < CAP / 2, "{}", bomb.len());
    let store = TestStore::start(move |_| {
        let headers = vec![("Content-Encoding".to_owned(), "gzip".to_owned())];
        Reply::Http { status: 200, headers, body: bomb.clone() }
    })
    .await;
    let client = store.client("/wp-json/");
    let before = resident();
    let error = client.list_orders(&ListQuery::default()).await.unwrap_err();
    assert_eq!(error.class, Failure::TooLarge);
    assert!(error.is_retryable() && !error.is_certainly_not_applied());
    assert!(resident() < before + 256 * 1024 * 1024, "the bomb was inflated");
}

fn resident() -> usize {
    memory("VmRSS:")
}

/// A line of this process's `status`, in bytes.
fn memory(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// Runs one test of this program in a process of its own, where nothing else takes memory.
fn alone(test: &str) {
    let mut program = std::process::Command::new(std::env::current_exe().unwrap());
    let output = program.args(["--exact", test, "--nocapture"]).env(ALONE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn b6_fifty_endless_bombs_at_once_cost_less_than_sixty_four_mebibytes_together() {
    if std::env::var_os(ALONE).is_none() {
        return alone("hostile::b6_fifty_endless_bombs_at_once_cost_less_than_sixty_four_mebibytes_together");
    }
    // Eight codes of 13 bits fill 13 bytes, which then repeat for ever.
    let bomb = gzip_bomb(CAP);
    let (start, rest) = bomb.split_at(26);
    let (start, again) = (start.to_vec(), rest[..13 * 1_000].to_vec());
    assert_eq!(again[..13], again[13 * 999..]);
    let head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
    let start = [&head[..], &start].concat();
    let store = TestStore::start(move |_| Reply::Endless(start.clone(), again.clone())).await;
    let config = OutboundConfig { total_timeout: Duration::from_secs(600), ..store.config() };
    let client = store.client_with(Outbound::new(config).unwrap(), AuthScheme::Basic, "/wp-json/");
    // Once, so that what is needed once is there.
    assert_eq!(client.list_orders(&ListQuery::default()).await.unwrap_err().class, Failure::TooLarge);
    let before = resident();
    std::fs::write("/proc/self/clear_refs", "5").expect("the peak is counted anew");

    let asking: Vec<_> = (0..BOMBS)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.list_orders(&ListQuery::default()).await.unwrap_err().class })
        })
        .collect();
    for asked in asking {
        assert_eq!(asked.await.unwrap(), Failure::TooLarge);
    }
    let peak = memory("VmHWM:");
    println!("{BOMBS} bombs: {} KiB", (peak - before) >> 10);
    assert!(store.requests().len() > BOMBS && peak > before, "nothing was measured");
    assert!(peak < before + ALLOWED, "{before} bytes became {peak}");
}

#[tokio::test]
async fn b6_an_endless_body_is_cut_at_the_cap() {
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let mut chunk = b"10000\r\n".to_vec();
    chunk.extend(vec![b' '; 0x10000]);
    chunk.extend(b"\r\n");
    let error = fault(move || Reply::Endless(head.clone(), chunk.clone())).await;
    assert_eq!(error.class, Failure::TooLarge);
}

#[tokio::test]
async fn b6_endless_headers_end_the_exchange() {
    let error = fault(|| {
        Reply::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n".to_vec())
    })
    .await;
    assert_eq!(error.class, Failure::Interrupted);
}

#[tokio::test]
async fn b6_a_body_that_stands_still_or_drips_meets_the_deadline() {
    for bytes in [&b""[..], b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n[{\"id\""] {
        let store = TestStore::start(move |_| Reply::Stall(bytes.to_vec())).await;
        let config = OutboundConfig { total_timeout: Duration::from_millis(400), ..store.config() };
        let client = store.client_with(Outbound::new(config).unwrap(), AuthScheme::Basic, "/wp-json/");
        let error = client.list_orders(&ListQuery::default()).await.unwrap_err();
        assert_eq!(error.class, Failure::Timeout);
        assert!(error.is_retryable() && !error.is_certainly_not_applied());
    }
    let store = TestStore::start(|_| Reply::Drip(b"HTTP/1.1 200 OK\r\n\r\n".to_vec())).await;
    let config = OutboundConfig { total_timeout: Duration::from_millis(400), ..store.config() };
    let client = store.client_with(Outbound::new(config).unwrap(), AuthScheme::Basic, "/wp-json/");
    assert_eq!(client.list_orders(&ListQuery::default()).await.unwrap_err().class, Failure::Timeout);
}

#[tokio::test]
async fn a_cut_answer_is_an_interruption_and_no_page() {
    for bytes in [&b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n[{\"id\":1}"[..], b"", b"\x00\x01garbage\r\n\r\n"] {
        let error = fault(move || Reply::Raw(bytes.to_vec())).await;
        assert_eq!(error.class, Failure::Interrupted, "{error:?}");
        assert!(!error.is_certainly_not_applied());
    }
}

#[tokio::test]
async fn nobody_at_home_is_a_connect_failure_that_changed_nothing() {
    // Bound and never listening: refused for as long as the socket is held, and nobody else is given the port.
    let held = tokio::net::TcpSocket::new_v4().unwrap();
    held.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let free = held.local_addr().unwrap();
    let store = TestStore::start(|_| Reply::json("[]")).await;
    let client = store.client_with(store.outbound(), AuthScheme::Basic, &format!("https://{free}/wp-json/"));
    let error = client.list_orders(&ListQuery::default()).await.unwrap_err();
    assert_eq!(error.class, Failure::Connect);
    assert!(error.is_certainly_not_applied() && error.is_retryable());
}

#[tokio::test]
async fn a_redirect_is_never_followed_with_keys() {
    let elsewhere = TestStore::start(|_| Reply::json("[]")).await;
    let target = elsewhere.origin.join("/wp-json/wc/v3/orders?consumer_key=x").unwrap();
    let store = TestStore::start(move |_| Reply::with(302, "text/html", "").header("Location", target.as_str())).await;
    let error = store.client("/wp-json/").list_orders(&ListQuery::default()).await.unwrap_err();
    assert_eq!(error.class, Failure::Moved);
    assert_eq!(error.moved_to, Some(elsewhere.origin.join("/wp-json/wc/v3/orders").unwrap().to_string()));
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn no_error_ever_holds_a_key() {
    let replies: Vec<fn() -> Reply> = vec![
        || Reply::Raw(Vec::new()),
        || Reply::error(401, "woocommerce_rest_cannot_view"),
        || Reply::with(302, "text/html", "").header("Location", "/x?consumer_secret=cs_canary_secret_91bc"),
        || Reply::error(400, "cs_canary_secret_91bc https://u:p@x"),
        || Reply::json("{\"id\":1,\"code\":\"cs canary\"}"),
        || Reply::with(500, "text/html", "cs_canary_secret_91bc"),
    ];
    for reply in replies {
        let store = TestStore::start(move |_| reply()).await;
        for auth in [AuthScheme::Basic, AuthScheme::Query] {
            let client = store.client_with(store.outbound(), auth, "/wp-json/");
            let error = client.get_order(&RemoteId::from(1)).await.unwrap_err();
            let mut told = format!("{error} {error:?} {client:?}");
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                told.push_str(&format!("{cause} {cause:?}"));
                source = cause.source();
            }
            assert!(!told.contains(KEY) && !told.contains(SECRET), "{told}");
        }
    }
}

#[tokio::test]
async fn one_bad_record_does_not_harm_its_page() {
    let store = TestStore::start(|_| {
        Reply::json(
            r#"[{"id":1,"status":"processing","currency":"TRY","total":"10.00"},
                {"id":2,"status":"processing","currency":"TRY","total":1e999999},
                "oops", null, {"id":"12abc"},
                {"id":"3","status":"wc-completed","currency":"try","total":7.5}]"#,
        )
    })
    .await;
    let page = store.client("/wp-json/").list_orders(&ListQuery::default()).await.unwrap();
    let ids: Vec<_> =
        page.good().map(|item| (item.value.remote_id.to_string(), item.value.total.to_string())).collect();
    assert_eq!(ids, [("1".to_owned(), "10.00".to_owned()), ("3".to_owned(), "7.5".to_owned())]);
    assert_eq!(page.items.len(), 6);
    let poison = page.items[1].as_ref().unwrap_err();
    assert_eq!(poison.remote_id, Some(RemoteId::from(2)));
    assert_eq!(poison.reason, "total: number in scientific notation");
}

#[tokio::test]
async fn noise_around_a_page_is_forgiven_and_told() {
    let store = TestStore::start(|_| Reply::json("\u{feff}<b>Notice</b>: [x] on line 3\n[]\n<!-- cache -->")).await;
    let client = store.client("/wp-json/");
    assert!(client.list_orders(&ListQuery::default()).await.unwrap().dirty);
    let error = client.create_webhook("order.created", "https://us.example/", &"s".into()).await.unwrap_err();
    assert!(!error.is_certainly_not_applied());
}
