//! Certificates that must not be trusted.

use storewire_woo::{Failure, ListQuery, Outbound, OutboundConfig, StoreClient, WooError};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

use crate::server::{Certificate, Reply, TestStore};

async fn ask(store: &TestStore, outbound: Outbound) -> WooError {
    let client = store.client_with(outbound, storewire_domain::AuthScheme::Basic, "/wp-json/");
    client.list_orders(&ListQuery::default()).await.unwrap_err()
}

fn assert_untrusted(error: &WooError, store: &TestStore) {
    assert_eq!(error.class, Failure::Tls, "{error:?}");
    assert!(error.is_certainly_not_applied());
    assert!(store.requests().is_empty(), "a request was sent over an untrusted connection");
}

#[tokio::test]
async fn b7_an_expired_certificate_is_not_trusted() {
    let flaws = Certificate { expired: true, ..Certificate::default() };
    let store = TestStore::with_certificate(flaws, |_| Reply::json("[]")).await;
    assert_untrusted(&ask(&store, store.outbound()).await, &store);
}

#[tokio::test]
async fn b7_a_certificate_for_another_host_is_not_trusted() {
    let flaws = Certificate { for_another_host: true, ..Certificate::default() };
    let store = TestStore::with_certificate(flaws, |_| Reply::json("[]")).await;
    assert_untrusted(&ask(&store, store.outbound()).await, &store);
}

#[tokio::test]
async fn b7_an_unknown_authority_is_not_trusted() {
    let store = TestStore::start(|_| Reply::json("[]")).await;
    let outbound = Outbound::new(OutboundConfig { ca_pem: None, ..store.config() }).unwrap();
    assert_untrusted(&ask(&store, outbound).await, &store);
}

#[tokio::test]
async fn b7_a_certificate_that_signed_itself_is_not_trusted() {
    let flaws = Certificate { self_signed: true, ..Certificate::default() };
    let store = TestStore::with_certificate(flaws, |_| Reply::json("[]")).await;
    assert_untrusted(&ask(&store, store.outbound()).await, &store);
}

/// A client of what answers its connection with these bytes, and what that is sent meanwhile.
async fn client_of(answer: Vec<u8>) -> (StoreClient, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.write_all(&answer).await.unwrap();
        let mut said = Vec::new();
        // A client that hangs up with bytes unread resets the connection; what came before counts.
        let _ = socket.read_to_end(&mut said).await;
        said
    });
    let store = TestStore::start(|_| Reply::json("[]")).await;
    let site = storewire_woo::Site {
        rest_root: format!("https://{address}/wp-json/").parse().unwrap(),
        home_url: format!("https://{address}/").parse().unwrap(),
        ..store.site("/wp-json/")
    };
    (StoreClient::new(store.outbound(), site), heard)
}

/// A greeting is one record that begins a handshake; requests and keys come after it.
fn assert_greeted_only(said: &[u8]) {
    let length = 5 + usize::from(said[3]) * 256 + usize::from(said[4]);
    // An alert may follow, which is a record of 2 bytes.
    assert!(said[0] == 0x16 && said.len() <= length + 7, "more was sent than a greeting: {said:?}");
}

/// What a server says that knows TLS 1.`minor` and nothing newer: version, random, session, cipher suite, compression.
fn old_hello(minor: u8) -> Vec<u8> {
    let mut hello = vec![3, minor + 1];
    hello.extend([7; 32]);
    hello.extend([0, 0x00, 0x2f, 0]);
    let length = u8::try_from(hello.len()).unwrap();
    [&[0x16, 3, minor + 1, 0, length + 4, 2, 0, 0, length][..], &hello].concat()
}

#[tokio::test]
async fn b7_tls_before_1_2_is_not_spoken() {
    for minor in [0, 1] {
        let (client, heard) = client_of(old_hello(minor)).await;
        let error = client.list_orders(&ListQuery::default()).await.unwrap_err();
        assert_eq!(error.class, Failure::Tls, "TLS 1.{minor}: {error:?}");
        assert!(error.is_certainly_not_applied());
        assert_greeted_only(&heard.await.unwrap());
    }
}

#[tokio::test]
async fn b7_a_server_that_speaks_no_tls_gets_no_key() {
    let (client, heard) = client_of(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_vec()).await;
    let error = client.list_orders(&ListQuery::default()).await.unwrap_err();
    assert!(matches!(error.class, Failure::Tls | Failure::Connect), "{error:?}");
    assert!(error.is_certainly_not_applied());
    assert_greeted_only(&heard.await.unwrap());
}
