//! Trying keys on a store that was found.

use storewire_domain::AuthScheme;
use storewire_woo::{Discovery, Failure, Probe, WooError, probe};

use crate::{
    captures,
    server::{Reply, Seen, TestStore, keys},
};

async fn try_keys(store: &TestStore) -> Result<Probe, WooError> {
    let discovery = Discovery {
        home_url: store.origin.clone(),
        rest_root: store.origin.join("/wp-json/").unwrap(),
        name: "Shop".to_owned(),
        timezone: "America/New_York".to_owned(),
        namespaces: vec!["wc/v3".to_owned()],
        plain_http: false,
    };
    probe(&store.outbound(), &discovery, &keys()).await
}

/// A healthy shop made of captures.
fn healthy(seen: &Seen) -> Reply {
    let route = seen.url.path().trim_start_matches("/wp-json/wc/v3/").to_owned();
    match (seen.method.as_str(), route.as_str()) {
        ("GET", "orders") => captures::rest("orders-status-any").reply(),
        ("GET", "system_status") => captures::rest("system_status").reply(),
        ("GET", "data/currencies/current") => captures::rest("data-currencies-current").reply(),
        ("POST", "webhooks") => captures::rest("webhook-post-bad-topic").reply(),
        _ => captures::rest("404-route").reply(),
    }
}

#[tokio::test]
async fn a_shop_managers_keys_tell_everything() {
    let store = TestStore::start(healthy).await;
    let found = try_keys(&store).await.unwrap();
    assert_eq!(found.auth, AuthScheme::Basic);
    assert_eq!(found.woo_version.as_deref(), Some("11.0.1"));
    assert_eq!((found.currency.as_str(), found.decimals), ("USD", 2));
    assert_eq!(found.timezone, "America/New_York");
    assert_eq!(found.home_url.as_str(), "https://127.0.0.1:8443/");
    assert!(found.can_manage_webhooks);
}

#[tokio::test]
async fn a_host_that_drops_the_header_gets_the_keys_in_the_query() {
    let store = TestStore::start(|seen| match seen.param("consumer_key") {
        Some(_) => healthy(seen),
        None => captures::rest("401-no-auth").reply(),
    })
    .await;
    let found = try_keys(&store).await.unwrap();
    assert_eq!(found.auth, AuthScheme::Query);
    assert!(store.requests()[1..].iter().all(|seen| seen.header("authorization").is_none()));
}

#[tokio::test]
async fn unknown_keys_walk_the_ladder_once_and_wrong_ones_do_not() {
    for (capture, class, tries) in [
        ("401-bad-key", Failure::AuthNotReaching, 4),
        ("401-bad-secret", Failure::AuthRejected, 1),
        ("write-key-read", Failure::AuthRejected, 1),
    ] {
        let store = TestStore::start(move |_| captures::rest(capture).reply()).await;
        let error = try_keys(&store).await.unwrap_err();
        assert_eq!((error.class, store.requests().len()), (class, tries), "{capture}");
        assert!(error.needs_attention());
    }
}

#[tokio::test]
async fn lesser_keys_still_tell_currency_and_decimals() {
    let store = TestStore::start(|seen| match (seen.method.as_str(), seen.url.path()) {
        (_, "/wp-json/wc/v3/system_status") => Reply::error(403, "woocommerce_rest_cannot_view"),
        ("POST", _) => captures::rest("read-key-write").reply(),
        _ => healthy(seen),
    })
    .await;
    let found = try_keys(&store).await.unwrap();
    assert_eq!((found.currency.as_str(), found.decimals), ("USD", 2));
    assert_eq!(found.woo_version.as_deref(), Some("11.0.1"));
    assert!(!found.can_manage_webhooks);
}

#[tokio::test]
async fn a_probes_webhook_that_was_made_after_all_is_taken_back() {
    let store = TestStore::start(|seen| match seen.method.as_str() {
        "POST" => captures::rest("webhook-post").reply(),
        "DELETE" => Reply::json("{\"id\":1}"),
        _ => healthy(seen),
    })
    .await;
    assert!(try_keys(&store).await.unwrap().can_manage_webhooks);
    let last = store.requests().pop().unwrap();
    assert_eq!((last.method.as_str(), last.url.path()), ("DELETE", "/wp-json/wc/v3/webhooks/1"));
}
