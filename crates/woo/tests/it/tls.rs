//! Certificates that must not be trusted.

use storewire_woo::{Failure, ListQuery, Outbound, OutboundConfig, WooError};
use tokio::{io::AsyncWriteExt, net::TcpListener};

use crate::server::{Certificate, Reply, TestStore, keys};

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
async fn an_expired_certificate_is_not_trusted() {
    let flaws = Certificate { expired: true, ..Certificate::default() };
    let store = TestStore::with_certificate(flaws, |_| Reply::json("[]")).await;
    assert_untrusted(&ask(&store, store.outbound()).await, &store);
}

#[tokio::test]
async fn a_certificate_for_another_host_is_not_trusted() {
    let flaws = Certificate { for_another_host: true, ..Certificate::default() };
    let store = TestStore::with_certificate(flaws, |_| Reply::json("[]")).await;
    assert_untrusted(&ask(&store, store.outbound()).await, &store);
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted() {
    let store = TestStore::start(|_| Reply::json("[]")).await;
    let outbound = Outbound::new(OutboundConfig { ca_pem: None, ..store.config() }).unwrap();
    assert_untrusted(&ask(&store, outbound).await, &store);
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_gets_no_key() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
        }
    });
    let store = TestStore::start(|_| Reply::json("[]")).await;
    let site = storewire_woo::Site {
        rest_root: format!("https://{address}/wp-json/").parse().unwrap(),
        home_url: format!("https://{address}/").parse().unwrap(),
        auth: storewire_domain::AuthScheme::Basic,
        plain_http: false,
        keys: keys(),
        timezone: "UTC".to_owned(),
    };
    let client = storewire_woo::StoreClient::new(store.outbound(), site);
    let error = client.list_orders(&ListQuery::default()).await.unwrap_err();
    assert!(matches!(error.class, Failure::Tls | Failure::Connect), "{error:?}");
    assert!(error.is_certainly_not_applied());
}
