//! OAuth 1.0a: the only way in over plain http, and its refusals word for word.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use storesim::{Faults, FleetConfig, ShopSettings, StoreInfo};

use crate::client::{Answer, Lab, basic};

/// A request to be signed as RFC 5849 has it.
struct Signing<'a> {
    method: &'a str,
    /// What the signature is about; the shop's home.
    base: String,
    path: &'a str,
    /// Names and values as they are.
    query: &'a [(&'a str, &'a str)],
    key: &'a str,
    secret: &'a str,
    algorithm: &'a str,
    timestamp: i64,
    nonce: String,
}

fn signing<'a>(
    store: &'a StoreInfo,
    method: &'a str,
    path: &'a str,
    query: &'a [(&'a str, &'a str)],
    timestamp: i64,
) -> Signing<'a> {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let nonce = format!("nonce{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let (key, secret) = (store.consumer_key.as_str(), store.consumer_secret.as_str());
    let base = store.shop_url.clone();
    Signing { method, base, path, query, key, secret, algorithm: "HMAC-SHA256", timestamp, nonce }
}

impl Signing<'_> {
    fn parameters(&self) -> Vec<(String, String)> {
        let own = [
            ("oauth_consumer_key", self.key.to_owned()),
            ("oauth_nonce", self.nonce.clone()),
            ("oauth_signature_method", self.algorithm.to_owned()),
            ("oauth_timestamp", self.timestamp.to_string()),
        ];
        own.map(|(name, value)| (name.to_owned(), value)).to_vec()
    }

    fn signature(&self) -> String {
        let given = self.query.iter().map(|(name, value)| (encode(name), encode(value)));
        let own = self.parameters().into_iter().map(|(name, value)| (encode(&name), encode(&value)));
        let sorted: BTreeSet<(String, String)> = given.chain(own).collect();
        let pairs: Vec<String> = sorted.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        let address = format!("{}/wp-json/wc/v3/{}", self.base, self.path);
        let text = format!("{}&{}&{}", self.method, encode(&address), encode(&pairs.join("&")));
        let algorithm =
            if self.algorithm == "HMAC-SHA1" { hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY } else { hmac::HMAC_SHA256 };
        let key = hmac::Key::new(algorithm, format!("{}&", self.secret).as_bytes());
        STANDARD.encode(hmac::sign(&key, text.as_bytes()))
    }

    fn target(&self, index: usize) -> String {
        let mut pairs: Vec<String> =
            self.query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        pairs.extend(self.parameters().into_iter().map(|(name, value)| format!("{name}={}", encode(&value))));
        pairs.push(format!("oauth_signature={}", encode(&self.signature())));
        format!("/s/{index}/wp-json/wc/v3/{}?{}", self.path, pairs.join("&"))
    }

    fn header(&self) -> String {
        let mut parts: Vec<String> =
            self.parameters().into_iter().map(|(name, value)| format!("{name}=\"{}\"", encode(&value))).collect();
        parts.push(format!("oauth_signature=\"{}\"", encode(&self.signature())));
        format!("OAuth {}", parts.join(", "))
    }
}

fn encode(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(letter).collect()
}

async fn plain(lab: &Lab, method: &str, target: &str) -> Answer {
    lab.send(false, method, target, &[], String::new()).await
}

fn now(lab: &Lab) -> i64 {
    lab.fleet.now().as_second()
}

#[tokio::test]
async fn a_signature_opens_plain_http_with_either_algorithm_in_the_query_or_the_header() {
    let lab = Lab::of(1).await;
    let store = lab.store(1);
    let query = [("per_page", "2"), ("status", "processing")];
    for algorithm in ["HMAC-SHA1", "HMAC-SHA256"] {
        let signed = Signing { algorithm, ..signing(&store, "GET", "orders", &query, now(&lab)) };
        let answer = plain(&lab, "GET", &signed.target(1)).await;
        assert_eq!((answer.status, answer.ids().len()), (200, 2), "{algorithm}: {}", answer.text);
        assert!(answer.header("link").contains(&format!("<{}/wp-json/wc/v3/orders?", store.shop_url)));
    }
    let signed = signing(&store, "GET", "orders", &query, now(&lab));
    let target = "/s/1/wp-json/wc/v3/orders?per_page=2&status=processing";
    let answer = lab.send(false, "GET", target, &[("authorization", &signed.header())], String::new()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let odd = [("search", "a b+c/ü~%41")];
    let answer = plain(&lab, "GET", &signing(&store, "GET", "orders", &odd, now(&lab)).target(1)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_json_body_is_not_signed_and_lists_are_signed_with_numbers_only() {
    let lab = Lab::of(1).await;
    let store = lab.store(1);
    let product = lab.get(1, "products?per_page=1&orderby=id&order=asc").await.ids()[0];
    let path = format!("products/{product}");
    let put = signing(&store, "PUT", &path, &[], now(&lab)).target(1);
    let written = lab.send(false, "PUT", &put, &[], json!({"stock_quantity": 401}).to_string()).await;
    assert_eq!((written.status, written.json()["stock_quantity"].as_i64()), (200, Some(401)));
    let numbered = signing(&store, "GET", "orders", &[("include[0]", "5"), ("include[1]", "7")], now(&lab));
    assert_eq!(plain(&lab, "GET", &numbered.target(1)).await.status, 200);
    let bare = signing(&store, "GET", "orders", &[("include[]", "5")], now(&lab));
    let refused = plain(&lab, "GET", &bare.target(1)).await;
    assert_eq!(refused.json()["message"], "Invalid signature - provided signature does not match.");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn refusals_are_word_for_word_those_of_the_captures() {
    let lab = Lab::of(1).await;
    let store = lab.store(1);
    let first = [("per_page", "1")];
    let refused = async |target: String, capture: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../testkit/captures/woocommerce-11.0.1/rest");
        let expected = std::fs::read_to_string(format!("{folder}/{capture}.body")).unwrap();
        let answer = plain(&lab, "GET", &target).await;
        assert_eq!((answer.status, answer.text.as_str()), (401, expected.trim_end()), "{capture}");
    };
    let right = signing(&store, "GET", "orders", &first, now(&lab)).target(1);
    refused(right.replace("per_page=1", "per_page=9"), "http-oauth-bad-signature").await;
    assert_eq!(plain(&lab, "GET", &right).await.status, 200);
    refused(right, "http-oauth-nonce-again").await;
    for minutes in [-20, 20] {
        refused(signing(&store, "GET", "orders", &first, now(&lab) + minutes * 60).target(1), "http-oauth-old").await;
    }
    refused("/s/1/wp-json/wc/v3/orders?per_page=1".to_owned(), "http-basic").await;
    let unknown = Signing { key: "ck_unknown", ..signing(&store, "GET", "orders", &first, now(&lab)) };
    assert_eq!(plain(&lab, "GET", &unknown.target(1)).await.json()["message"], "Consumer key is invalid.");
    let part = plain(&lab, "GET", "/s/1/wp-json/wc/v3/orders?oauth_nonce=1&oauth_timestamp=2").await;
    assert_eq!(part.code(), "woocommerce_rest_authentication_missing_parameter");
    lab.fleet.stop().await;
}

#[tokio::test]
async fn behind_a_proxy_that_hides_tls_only_a_signature_for_http_is_right() {
    let lab = Lab::of(1).await;
    let store = lab.store(1);
    let (http, https) = (store.shop_url.clone(), store.home_url.clone());
    let ask = async |base: &str| {
        let signed = Signing { base: base.to_owned(), ..signing(&store, "GET", "orders", &[], now(&lab)) };
        lab.send(true, "GET", &signed.target(1), &[], String::new()).await.status
    };
    assert_eq!((ask(&https).await, ask(&http).await), (200, 401), "by https the home is https");
    lab.fleet.set_faults(1, Faults { is_ssl_blind: true, ..Faults::default() });
    assert_eq!((ask(&https).await, ask(&http).await), (401, 200));
    let keys = basic(&store.consumer_key, &store.consumer_secret);
    let in_query = format!(
        "/s/1/wp-json/wc/v3/orders?consumer_key={}&consumer_secret={}",
        store.consumer_key, store.consumer_secret
    );
    let by_header =
        lab.send(true, "GET", "/s/1/wp-json/wc/v3/orders", &[("authorization", &keys)], String::new()).await;
    let by_query = lab.send(true, "GET", &in_query, &[], String::new()).await;
    for answer in [by_header, by_query] {
        assert_eq!((answer.status, answer.code().as_str()), (401, "woocommerce_rest_cannot_view"));
        assert!(answer.header("link").starts_with(&format!("<{https}/wp-json/>")), "its home is https all the same");
    }
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_dropped_header_leaves_the_query() {
    let lab = Lab::of(1).await;
    let store = lab.store(1);
    lab.fleet.set_faults(1, Faults { drops_authorization: true, ..Faults::default() });
    assert_eq!(lab.get(1, "orders").await.code(), "woocommerce_rest_cannot_view");
    let in_query = format!(
        "/s/1/wp-json/wc/v3/orders?consumer_key={}&consumer_secret={}",
        store.consumer_key, store.consumer_secret
    );
    assert_eq!(lab.send(true, "GET", &in_query, &[], String::new()).await.status, 200);
    let signed = Signing { base: store.home_url.clone(), ..signing(&store, "GET", "orders", &[], now(&lab)) };
    assert_eq!(lab.send(true, "GET", &signed.target(1), &[], String::new()).await.status, 200);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_shop_signs_for_the_name_it_knows_and_by_its_own_clock() {
    let shops = vec![ShopSettings {
        is_plain: Some(true),
        authority: Some("shop.example".to_owned()),
        ..ShopSettings::default()
    }];
    let lab = Lab::start(FleetConfig { stores: 1, shops, ..FleetConfig::default() }).await;
    let store = lab.store(1);
    assert_eq!(store.home_url, "http://shop.example/s/1");
    lab.fleet.set_faults(1, Faults { clock_skew_seconds: 3600, ..Faults::default() });
    let early = signing(&store, "GET", "orders", &[], now(&lab)).target(1);
    let refused = plain(&lab, "GET", &early).await;
    assert_eq!(refused.json()["message"], "Invalid timestamp.");
    let date = jiff::fmt::rfc2822::parse(refused.header("date")).unwrap().timestamp().as_second();
    assert!((date - now(&lab) - 3600).abs() <= 2, "the header tells the shop's time");
    let right = signing(&store, "GET", "orders", &[], date).target(1);
    assert_eq!(plain(&lab, "GET", &right).await.status, 200);
    lab.fleet.stop().await;
}
