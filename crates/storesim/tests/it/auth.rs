//! The ladder of keys.

use crate::client::{Lab, basic};

const ORDERS: &str = "/s/1/wp-json/wc/v3/orders?per_page=1";

#[tokio::test]
async fn keys_count_over_https_only() {
    let lab = Lab::of(1).await;
    let store = lab.store(1);
    let right = basic(&store.consumer_key, &store.consumer_secret);
    let in_query = format!("{ORDERS}&consumer_key={}&consumer_secret={}", store.consumer_key, store.consumer_secret);
    for path in [ORDERS, in_query.as_str()] {
        let answer = lab.send(false, "GET", path, &[("authorization", &right)], String::new()).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "woocommerce_rest_cannot_view"));
    }
    assert_eq!(lab.send(true, "GET", ORDERS, &[("authorization", &right)], String::new()).await.status, 200);
    assert_eq!(lab.send(true, "GET", &in_query, &[], String::new()).await.status, 200);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn an_unknown_key_is_a_stranger_and_a_wrong_secret_is_told() {
    let lab = Lab::of(1).await;
    let store = lab.store(1);
    let ask = async |auth: String| lab.send(true, "GET", ORDERS, &[("authorization", &auth)], String::new()).await;
    assert_eq!(lab.send(true, "GET", ORDERS, &[], String::new()).await.code(), "woocommerce_rest_cannot_view");
    assert_eq!(ask(basic("ck_unknown", "x")).await.code(), "woocommerce_rest_cannot_view");
    let wrong = ask(basic(&store.consumer_key, "cs_wrong")).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (401, "woocommerce_rest_authentication_error"));
    lab.fleet.stop().await;
}

#[tokio::test]
async fn limited_keys_are_refused_with_401() {
    let lab = Lab::of(1).await;
    let store = lab.store(1);
    let reader = basic(&store.read_only_key, &store.read_only_secret);
    let writer = basic(&store.write_only_key, &store.write_only_secret);
    assert_eq!(lab.send(true, "GET", ORDERS, &[("authorization", &reader)], String::new()).await.status, 200);
    let write =
        lab.send(true, "POST", "/s/1/wp-json/wc/v3/orders", &[("authorization", &reader)], "{}".to_owned()).await;
    assert_eq!(write.json()["message"], "The API key provided does not have write permissions.");
    let read = lab.send(true, "GET", ORDERS, &[("authorization", &writer)], String::new()).await;
    assert_eq!((read.status, read.code().as_str()), (401, "woocommerce_rest_authentication_error"));
    lab.fleet.stop().await;
}

#[tokio::test]
async fn the_index_and_the_home_page_are_public() {
    let lab = Lab::of(2).await;
    let home = lab.send(true, "HEAD", "/s/2/", &[], String::new()).await;
    let link = format!("<{}/wp-json/>; rel=\"https://api.w.org/\"", lab.store(2).home_url);
    assert_eq!((home.status, home.header("link"), home.text.as_str()), (200, link.as_str(), ""));
    let index = lab.send(true, "GET", "/s/2/wp-json/", &[], String::new()).await.json();
    assert_eq!((index["timezone_string"].as_str(), index["gmt_offset"].as_str()), (Some("Europe/Istanbul"), Some("3")));
    assert!(index["namespaces"].as_array().unwrap().contains(&"wc/v3".into()));
    lab.fleet.stop().await;
}
