//! The proxy fails where it is told to, how it is told to, and the same way for the same seed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use storewire_testkit::fault_proxy::{Cut, CutRule, FaultProxy, Faults, Place, Way};
use storewire_testkit::wait_until;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const REQUEST: usize = 1000;
const ANSWER: usize = 3000;
const SOON: Duration = Duration::from_secs(5);

/// Reads requests of a fixed length and answers each; counts the bytes that reach it.
struct Server {
    addr: SocketAddr,
    heard: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (addr, heard) = (listener.local_addr().unwrap(), Arc::<AtomicUsize>::default());
        let counting = Arc::clone(&heard);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&counting)));
            }
        });
        Self { addr, heard, task }
    }

    async fn has_heard(&self, bytes: usize) {
        wait_until(SOON, "the server's share of the request", || {
            std::future::ready(self.heard.load(Ordering::SeqCst) == bytes)
        })
        .await
        .unwrap();
    }
}

async fn serve(mut stream: TcpStream, heard: Arc<AtomicUsize>) {
    let (mut buffer, mut come) = (vec![0; 4096], 0);
    while let Ok(count) = stream.read(&mut buffer).await {
        if count == 0 {
            return;
        }
        come += count;
        heard.fetch_add(count, Ordering::SeqCst);
        if come >= REQUEST {
            come -= REQUEST;
            if stream.write_all(&[b'a'; ANSWER]).await.is_err() {
                return;
            }
        }
    }
}

/// One request; the bytes of its answer, or the error that ended it.
async fn exchange(stream: &mut TcpStream) -> std::io::Result<usize> {
    stream.write_all(&[b'r'; REQUEST]).await?;
    let (mut buffer, mut come) = (vec![0; 4096], 0);
    while come < ANSWER {
        match stream.read(&mut buffer).await? {
            0 => break,
            count => come += count,
        }
    }
    Ok(come)
}

fn always(place: Place, way: Way) -> Faults {
    Faults {
        cut: CutRule { part: 1.0, places: vec![place], ways: vec![way], ..CutRule::default() },
        ..Faults::default()
    }
}

#[tokio::test]
async fn a_cut_is_made_where_it_was_asked_for() {
    let cases = [
        (Place::BeforeRequest, 0, 0),
        (Place::InRequest(400..401), 400, 0),
        (Place::AfterRequest, REQUEST, 0),
        (Place::InAnswer(700..701), REQUEST, 700),
    ];
    for (place, heard, answered) in cases {
        let server = Server::start().await;
        let proxy = FaultProxy::start(server.addr).await.unwrap();
        proxy.set(always(place.clone(), Way::HalfClose));
        let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
        assert_eq!(exchange(&mut stream).await.unwrap(), answered, "{place:?}");
        server.has_heard(heard).await;
        drop(stream);
        wait_until(SOON, "the note of the cut", || std::future::ready(!proxy.cuts().is_empty())).await.unwrap();
        assert_eq!(proxy.cuts(), [Cut { connection: 0, place, way: Way::HalfClose }]);
    }
}

#[tokio::test]
async fn a_half_closed_connection_still_carries_the_client_and_a_reset_one_fails() {
    let server = Server::start().await;
    let proxy = FaultProxy::start(server.addr).await.unwrap();
    proxy.set(always(Place::InAnswer(10..11), Way::HalfClose));
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    assert_eq!(exchange(&mut stream).await.unwrap(), 10);
    stream.write_all(&[b'r'; 25]).await.unwrap();
    server.has_heard(REQUEST + 25).await;
    proxy.set(always(Place::AfterRequest, Way::Reset));
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    let error = exchange(&mut stream).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn without_faults_everything_passes_and_every_request_draws_anew() {
    let server = Server::start().await;
    let proxy = FaultProxy::start(server.addr).await.unwrap();
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    for _ in 0..5 {
        assert_eq!(exchange(&mut stream).await.unwrap(), ANSWER);
    }
    proxy.set(always(Place::AfterRequest, Way::Close));
    assert!(exchange(&mut stream).await.is_ok_and(|come| come == 0), "the sixth request of a connection is cut, too");
}

async fn outcomes(seed: u64) -> Vec<(u64, Place, Way)> {
    let server = Server::start().await;
    let proxy = FaultProxy::seeded(server.addr, seed).await.unwrap();
    let places =
        vec![Place::BeforeRequest, Place::InRequest(1..900), Place::AfterRequest, Place::InAnswer(1..ANSWER - 1)];
    let cut = CutRule { part: 0.5, places, ways: vec![Way::Close, Way::Reset], ..CutRule::default() };
    proxy.set(Faults { cut, ..Faults::default() });
    let mut failed = 0;
    for _ in 0..40 {
        let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
        if exchange(&mut stream).await.ok() != Some(ANSWER) {
            failed += 1;
            wait_until(SOON, "the note of the cut", || std::future::ready(proxy.cuts().len() == failed)).await.unwrap();
        }
    }
    proxy.cuts().into_iter().map(|cut| (cut.connection, cut.place, cut.way)).collect()
}

#[tokio::test]
async fn a_seed_repeats_its_cuts() {
    let (first, again, other) = (outcomes(11).await, outcomes(11).await, outcomes(12).await);
    assert_eq!(first, again);
    assert_ne!(first, other);
    assert!((10..30).contains(&first.len()), "about half of forty: {}", first.len());
}

#[tokio::test]
async fn a_silent_a_refusing_and_a_slow_network() {
    let server = Server::start().await;
    let proxy = FaultProxy::start(server.addr).await.unwrap();
    proxy.set(Faults { black_hole: true, ..Faults::default() });
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    let waited = tokio::time::timeout(Duration::from_millis(200), exchange(&mut stream)).await;
    assert!(waited.is_err(), "nothing comes and nothing ends");
    assert_eq!(server.heard.load(Ordering::SeqCst), 0);

    proxy.set(Faults { refuse: true, ..Faults::default() });
    let refused = match TcpStream::connect(proxy.addr()).await {
        Ok(mut stream) => exchange(&mut stream).await,
        Err(error) => Err(error),
    };
    assert!(refused.is_err());

    proxy.set(Faults { latency: Duration::from_millis(50), bandwidth: 20_000, ..Faults::default() });
    let begun = Instant::now();
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    assert_eq!(exchange(&mut stream).await.unwrap(), ANSWER);
    assert!(begun.elapsed() >= Duration::from_millis(300), "50 + 50 ms of latency, 50 + 150 ms for 4000 bytes");
}

#[tokio::test]
async fn the_proxy_ends_with_its_handle() {
    let server = Server::start().await;
    let proxy = FaultProxy::start(server.addr).await.unwrap();
    let mut stream = TcpStream::connect(proxy.addr()).await.unwrap();
    assert_eq!(exchange(&mut stream).await.unwrap(), ANSWER);
    let addr = proxy.addr();
    drop(proxy);
    let mut rest = [0];
    let ended = tokio::time::timeout(SOON, stream.read(&mut rest)).await.unwrap();
    assert!(!matches!(ended, Ok(1..)), "the open connection ends");
    wait_until(SOON, "a closed port", || async { TcpStream::connect(addr).await.is_err() }).await.unwrap();
}
