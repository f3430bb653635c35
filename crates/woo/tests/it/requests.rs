//! What the store gets to see of us.

use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::Value;
use storewire_domain::{AuthScheme, RemoteId, window::Window};
use storewire_woo::{Failure, ListQuery, Listing, OrderBy};

use crate::server::{KEY, Reply, SECRET, TestStore};

#[tokio::test]
async fn basic_keys_go_in_the_header_and_query_keys_in_the_query() {
    let store = TestStore::start(|_| Reply::json("[]")).await;
    let query = ListQuery::default();
    store.client("/wp-json/").list_orders(&query).await.unwrap();
    store.client_with(store.outbound(), AuthScheme::Query, "/wp-json/").list_orders(&query).await.unwrap();
    let seen = store.requests();
    assert!(seen[0].header("authorization").unwrap().starts_with("Basic "));
    assert!(!seen[0].url.as_str().contains(KEY));
    assert_eq!(seen[1].header("authorization"), None);
    assert_eq!(seen[1].param("consumer_key").as_deref(), Some(KEY));
    assert_eq!(seen[1].param("consumer_secret").as_deref(), Some(SECRET));
    let agent = seen[0].header("user-agent").unwrap();
    assert!(agent.starts_with("Storewire/"));
    for word in ["bot", "crawler", "google"] {
        assert!(!agent.to_lowercase().contains(word));
    }
    assert_eq!(seen[0].header("accept-encoding"), Some("gzip"));
}

#[tokio::test]
async fn a_listing_asks_for_exactly_its_window() {
    let store = TestStore::start(|_| Reply::json("[]")).await;
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let query = ListQuery {
        window: Some(Window { after: at("2026-11-21T05:57:08Z"), before: at("2026-11-21T06:00:00Z") }),
        status: Listing::Trash,
        order_by: OrderBy::Modified,
        page: 2,
        per_page: 25,
        include: vec![RemoteId::from(4), RemoteId::from(5)],
        ..ListQuery::default()
    };
    store.client("/?rest_route=/").list_products(&query).await.unwrap();
    let seen = &store.requests()[0];
    for (name, value) in [
        ("rest_route", "/wc/v3/products"),
        ("status", "trash"),
        ("orderby", "modified"),
        ("order", "asc"),
        ("page", "2"),
        ("per_page", "25"),
        ("dates_are_gmt", "true"),
        ("modified_after", "2026-11-21T05:57:08"),
        ("modified_before", "2026-11-21T06:00:00"),
        ("include", "4,5"),
        ("_skip_cache", "1"),
    ] {
        assert_eq!(seen.param(name).as_deref(), Some(value), "{name}");
    }
}

#[tokio::test]
async fn an_optional_parameter_that_is_refused_is_left_out_from_then_on() {
    let store = TestStore::start(|seen| match seen.param("_skip_cache") {
        Some(_) => Reply::with(
            400,
            "application/json",
            r#"{"code":"rest_invalid_param","message":"x","data":{"status":400,"params":{"_skip_cache":"x"}}}"#,
        ),
        None => Reply::json("[]"),
    })
    .await;
    let client = store.client("/wp-json/");
    client.list_orders(&ListQuery::default()).await.unwrap();
    assert_eq!(store.requests().len(), 2);
    client.list_coupons(&ListQuery::default()).await.unwrap();
    assert_eq!(store.requests().len(), 3);
}

#[tokio::test]
async fn a_parameter_that_matters_is_never_left_out() {
    let store = TestStore::start(|_| {
        Reply::with(
            400,
            "application/json",
            r#"{"code":"rest_invalid_param","message":"x","data":{"status":400,"params":{"orderby":"x"}}}"#,
        )
    })
    .await;
    let error = store.client("/wp-json/").list_orders(&ListQuery::default()).await.unwrap_err();
    assert_eq!((error.class, store.requests().len()), (Failure::BadRequest, 1));
}

#[tokio::test]
async fn a_webhook_is_made_with_our_secret_and_deleted_for_good() {
    let store = TestStore::start(|seen| match seen.method.as_str() {
        "POST" => {
            Reply::json(r#"{"id":9,"name":"n","status":"active","topic":"order.created","delivery_url":"https://u/"}"#)
        }
        _ if seen.url.path().ends_with("/404") => Reply::error(404, "woocommerce_rest_shop_webhook_invalid_id"),
        _ => Reply::json(r#"{"id":9}"#),
    })
    .await;
    let client = store.client("/wp-json/");
    let secret = SecretString::from("0123456789abcdef");
    let made = client.create_webhook("Order.Created", "https://us.example/hooks/woo/token", &secret).await.unwrap();
    client.delete_webhook(&made.id).await.unwrap();
    client.delete_webhook(&RemoteId::from(404)).await.unwrap();
    let seen = store.requests();
    let body: Value = serde_json::from_slice(&seen[0].body).unwrap();
    assert_eq!(body["topic"], "order.created");
    assert_eq!(body["secret"], "0123456789abcdef");
    assert_eq!(body["delivery_url"], "https://us.example/hooks/woo/token");
    assert_eq!(seen[0].header("content-type"), Some("application/json"));
    assert_eq!((seen[1].method.as_str(), seen[1].url.path()), ("DELETE", "/wp-json/wc/v3/webhooks/9"));
    assert_eq!(seen[1].param("force").as_deref(), Some("true"));
}

#[tokio::test]
async fn an_id_that_is_no_number_leads_nowhere() {
    let store = TestStore::start(|_| Reply::json("[]")).await;
    let client = store.client("/wp-json/");
    for id in ["", "../../users", "1/notes", "1?force=true", "%2e%2e", "-1", "1 "] {
        let error = client.get_order(&RemoteId::from(id)).await.unwrap_err();
        assert_eq!(error.code.as_deref(), Some("bad_id"), "{id}");
        let query = ListQuery { include: vec![RemoteId::from(id)], ..ListQuery::default() };
        assert!(client.list_orders(&query).await.is_err());
    }
    assert!(store.requests().is_empty());
}

#[tokio::test]
async fn keys_are_never_sent_over_plain_http() {
    let store = TestStore::start(|_| Reply::json("[]")).await;
    let plain = store.origin.as_str().replace("https://", "http://") + "wp-json/";
    for auth in [AuthScheme::Basic, AuthScheme::Query] {
        let client = store.client_with(store.outbound(), auth, &plain);
        let error = client.list_orders(&ListQuery::default()).await.unwrap_err();
        assert_eq!(error.class, Failure::Refused);
    }
    assert!(store.requests().is_empty());
}
