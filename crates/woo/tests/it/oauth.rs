//! Stores that must be signed for: what they get to see, whose clock counts, and that plain http is a choice.

use std::{collections::BTreeSet, time::Duration};

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use storewire_domain::{AuthScheme, Clock, RemoteId};
use storewire_woo::{
    Discovery, Failure, ListQuery, Outbound, OutboundConfig, Patch, Probe, Site, StoreClient, WooError, discover,
    discover_plain, probe,
};

use crate::{
    captures,
    server::{KEY, Reply, SECRET, Seen, TestStore, keys},
};

const REFUSED: &str = "woocommerce_rest_authentication_error";
const INDEX: &str = r#"{"name":"Kahve","home":"http://kahve.example/butik","gmt_offset":"3","namespaces":["wc/v3"]}"#;

/// RFC 5849 once more, from the request as the store saw it.
fn is_signed_for(seen: &Seen, address: &str) -> bool {
    let mut pairs: Vec<(String, String)> = seen.url.query_pairs().into_owned().collect();
    let Some(at) = pairs.iter().position(|(name, _)| name == "oauth_signature") else { return false };
    let (_, given) = pairs.remove(at);
    let mut pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
    pairs.sort();
    let base = format!("{}&{}&{}", seen.method, percent(address), percent(&pairs.join("&")));
    let key = hmac::Key::new(hmac::HMAC_SHA256, format!("{SECRET}&").as_bytes());
    STANDARD.encode(hmac::sign(&key, base.as_bytes())) == given
        && seen.param("oauth_consumer_key").as_deref() == Some(KEY)
}

fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn site(store: &TestStore, auth: AuthScheme, plain_http: bool) -> Site {
    Site { auth, plain_http, home_url: "https://kahve.example".parse().unwrap(), ..store.site("/wp-json/") }
}

fn stamp(seen: &Seen) -> Option<i64> {
    seen.param("oauth_timestamp")?.parse().ok()
}

/// A clock that stands still, and a client of `store` that goes by it.
fn client_at(store: &TestStore, site: Site, now: &str) -> (StoreClient, Clock) {
    let clock = Clock::manual(now.parse().unwrap());
    let config = OutboundConfig { clock: clock.clone(), ..store.config() };
    (StoreClient::new(Outbound::new(config).unwrap(), site), clock)
}

#[tokio::test]
async fn each_request_is_signed_for_the_address_that_the_shop_believes_in() {
    for (auth, address) in [
        (AuthScheme::OAuth, "https://kahve.example/wp-json/wc/v3/orders"),
        (AuthScheme::OAuthPlain, "http://kahve.example/wp-json/wc/v3/orders"),
    ] {
        let store = TestStore::start(|_| Reply::json("[]")).await;
        let client = StoreClient::new(store.outbound(), site(&store, auth, false));
        let query = ListQuery { include: vec![RemoteId::from(4), RemoteId::from(5)], ..ListQuery::default() };
        for _ in 0..3 {
            client.list_orders(&query).await.unwrap();
        }
        let seen = store.requests();
        assert!(seen.iter().all(|seen| is_signed_for(seen, address)), "{auth}");
        assert!(seen.iter().all(|seen| seen.header("authorization").is_none() && !seen.url.as_str().contains(SECRET)));
        let nonces: BTreeSet<_> = seen.iter().map(|seen| seen.param("oauth_nonce")).collect();
        assert_eq!(nonces.len(), 3);
    }
}

#[tokio::test]
async fn a_change_asked_for_by_post_is_signed_as_a_post() {
    let store = TestStore::start(|seen| match seen.method.as_str() {
        "PUT" => Reply::with(501, "text/html", "<p>Method Not Implemented</p>"),
        _ => captures::rest("put-order-status").reply(),
    })
    .await;
    let client = StoreClient::new(store.outbound(), site(&store, AuthScheme::OAuth, false));
    client.update_order(&RemoteId::from(468), &Patch::new()).await.unwrap();
    let seen = store.requests();
    let address = "https://kahve.example/wp-json/wc/v3/orders/468";
    assert_eq!((seen[0].method.as_str(), seen[1].method.as_str()), ("PUT", "POST"));
    assert!(seen.iter().all(|seen| is_signed_for(seen, address)));
}

#[tokio::test]
async fn a_store_whose_clock_is_far_off_is_signed_for_by_its_own_after_one_refusal() {
    let store = TestStore::start(|seen| {
        let now = "2026-11-21T05:55:16Z".parse::<Timestamp>().unwrap().as_second();
        let date = "Sat, 21 Nov 2026 05:55:16 GMT";
        match stamp(seen) {
            Some(stamp) if stamp.abs_diff(now) <= 900 => Reply::json("[]").header("Date", date),
            _ => Reply::error(401, REFUSED).header("Date", date),
        }
    })
    .await;
    let (client, clock) = client_at(&store, site(&store, AuthScheme::OAuth, false), "2026-11-21T09:00:00Z");
    client.list_orders(&ListQuery::default()).await.unwrap();
    assert_eq!(store.requests().len(), 2);
    clock.advance(Duration::from_secs(60));
    client.clone().list_orders(&ListQuery::default()).await.unwrap();
    assert_eq!(store.requests().len(), 3, "what was learned is kept, by clones too");
}

#[tokio::test]
async fn a_refusal_that_is_not_about_the_time_is_not_asked_again() {
    for (reply, auth, tries) in [
        // The clocks agree, so it is the keys.
        (("Sat, 21 Nov 2026 05:57:00 GMT", REFUSED), AuthScheme::OAuth, 1),
        // The store's clock is off, but no time was sent.
        (("Sat, 21 Nov 2026 09:57:00 GMT", REFUSED), AuthScheme::Basic, 1),
        (("Sat, 21 Nov 2026 09:57:00 GMT", "woocommerce_rest_cannot_view"), AuthScheme::OAuth, 1),
        (("nonsense", REFUSED), AuthScheme::OAuth, 1),
        // Refused by its own time too: once is enough.
        (("Sat, 21 Nov 2026 09:57:00 GMT", REFUSED), AuthScheme::OAuth, 2),
    ] {
        let store = TestStore::start(move |_| Reply::error(401, reply.1).header("Date", reply.0)).await;
        let (client, _) = client_at(&store, site(&store, auth, false), "2026-11-21T05:55:16Z");
        let error = client.list_orders(&ListQuery::default()).await.unwrap_err();
        assert!(error.needs_attention() && error.is_certainly_not_applied());
        assert_eq!(store.requests().len(), tries, "{reply:?} {auth}");
    }
}

#[tokio::test]
async fn b7_plain_http_is_spoken_only_by_choice_and_only_with_signatures() {
    let store = TestStore::plain(|_| Reply::json("[]")).await;
    let list = async |site: Site| StoreClient::new(store.outbound(), site).list_orders(&ListQuery::default()).await;
    for auth in AuthScheme::ALL {
        assert_eq!(list(site(&store, *auth, false)).await.unwrap_err().class, Failure::Refused, "{auth}");
    }
    for auth in [AuthScheme::Basic, AuthScheme::Query] {
        assert_eq!(list(site(&store, auth, true)).await.unwrap_err().class, Failure::Refused, "{auth}");
    }
    let unchosen = StoreClient::new(store.outbound(), site(&store, AuthScheme::OAuth, false));
    assert_eq!(unchosen.ping_index().await.unwrap_err().class, Failure::Refused);
    assert!(store.requests().is_empty());
    list(site(&store, AuthScheme::OAuth, true)).await.unwrap();
    assert!(is_signed_for(&store.requests()[0], "http://kahve.example/wp-json/wc/v3/orders"));
}

#[tokio::test]
async fn the_gates_hold_for_plain_http_too() {
    let store = TestStore::plain(|_| Reply::json(INDEX)).await;
    let closed = Outbound::new(OutboundConfig { allow_networks: Vec::new(), ..store.config() }).unwrap();
    let error = discover_plain(&closed, &store.origin).await.unwrap_err();
    assert_eq!(error.class, Failure::Refused);
    let client = StoreClient::new(closed, site(&store, AuthScheme::OAuth, true));
    assert_eq!(client.list_orders(&ListQuery::default()).await.unwrap_err().class, Failure::Refused);
    assert!(store.requests().is_empty());
}

#[tokio::test]
async fn a_plain_shop_is_found_by_choice_and_never_otherwise() {
    let store = TestStore::plain(|seen| match seen.url.path() {
        "/butik/wp-json/" => Reply::json(INDEX),
        _ => Reply::with(200, "text/html", "<html>").header("Link", r#"</butik/wp-json/>; rel="https://api.w.org/""#),
    })
    .await;
    let shop = store.origin.join("/butik").unwrap();
    assert_eq!(discover(&store.outbound(), &shop).await.unwrap_err().class, Failure::Refused);
    assert!(store.requests().is_empty());
    let found = discover_plain(&store.outbound(), &shop).await.unwrap();
    assert!(found.plain_http);
    assert_eq!(found.rest_root, store.origin.join("/butik/wp-json/").unwrap());
}

/// A shop that hears keys only in the ways that `hears` says.
async fn try_keys(plain: bool, hears: fn(&Seen) -> Reply) -> (Result<Probe, WooError>, TestStore) {
    let handler = move |seen: &Seen| match (hears(seen), seen.url.path()) {
        (Reply::Http { status: 200, .. }, "/wp-json/wc/v3/system_status") => captures::rest("system_status").reply(),
        (Reply::Http { status: 200, .. }, "/wp-json/wc/v3/webhooks") => {
            captures::rest("webhook-post-bad-topic").reply()
        }
        (heard, _) => heard,
    };
    let store = if plain { TestStore::plain(handler).await } else { TestStore::start(handler).await };
    let found = Discovery {
        home_url: "https://kahve.example".parse().unwrap(),
        rest_root: store.origin.join("/wp-json/").unwrap(),
        name: "Kahve".to_owned(),
        timezone: "+03:00".to_owned(),
        namespaces: vec!["wc/v3".to_owned()],
        plain_http: plain,
    };
    (probe(&store.outbound(), &found, &keys()).await, store)
}

fn hears_signatures_for(seen: &Seen, scheme: &str) -> Reply {
    let address = format!("{scheme}://kahve.example{}", seen.url.path());
    match seen.param("oauth_signature") {
        Some(_) if is_signed_for(seen, &address) => Reply::json("[]"),
        Some(_) => Reply::error(401, REFUSED),
        None => captures::rest("401-no-auth").reply(),
    }
}

#[tokio::test]
async fn the_ladder_ends_at_the_first_way_that_is_heard() {
    let (found, _) = try_keys(false, |seen| hears_signatures_for(seen, "https")).await;
    assert_eq!(found.unwrap().auth, AuthScheme::OAuth);
    let (found, _) = try_keys(false, |seen| hears_signatures_for(seen, "http")).await;
    let found = found.unwrap();
    assert_eq!(found.auth, AuthScheme::OAuthPlain);
    assert!(found.can_manage_webhooks);
}

#[tokio::test]
async fn over_plain_http_the_keys_themselves_are_never_tried() {
    let (found, store) = try_keys(true, |seen| hears_signatures_for(seen, "http")).await;
    assert_eq!(found.unwrap().auth, AuthScheme::OAuth);
    for seen in store.requests() {
        assert!(seen.header("authorization").is_none() && !seen.url.as_str().contains(SECRET));
    }
}

#[tokio::test]
async fn keys_that_a_store_was_reached_with_and_rejects_are_told_from_keys_that_never_arrive() {
    let (found, store) = try_keys(false, |seen| match seen.param("oauth_signature") {
        Some(_) => Reply::error(401, REFUSED),
        None => captures::rest("401-no-auth").reply(),
    })
    .await;
    assert_eq!(found.unwrap_err().class, Failure::AuthRejected);
    assert_eq!(store.requests().len(), 4);
    let (found, _) = try_keys(false, |_| captures::rest("401-no-auth").reply()).await;
    assert_eq!(found.unwrap_err().class, Failure::AuthNotReaching);
}

#[tokio::test]
async fn a_store_that_stops_to_hear_its_keys_is_asked_for_another_way() {
    let store = TestStore::start(|seen| hears_signatures_for(seen, "https")).await;
    let client = StoreClient::new(store.outbound(), site(&store, AuthScheme::Basic, false));
    assert_eq!(client.list_orders(&ListQuery::default()).await.unwrap_err().class, Failure::AuthNotReaching);
    assert_eq!(client.find_auth().await.unwrap(), AuthScheme::OAuth);
}
