//! Finding a store before any key is sent.

use storewire_woo::{Discovery, Failure, Site, StoreClient, WooError, discover};

use crate::server::{Reply, Seen, TestStore};

const INDEX: &str = r#"{"name":"Kahve & Co","home":"https://kahve.example","url":"https://kahve.example",
    "gmt_offset":"3","timezone_string":"Europe/Istanbul","namespaces":["oembed/1.0","wc/v3","wp/v2"]}"#;

async fn find(store: &TestStore, path: &str) -> Result<Discovery, WooError> {
    let found = discover(&store.outbound(), &store.origin.join(path).unwrap()).await;
    for seen in store.requests() {
        assert_eq!(seen.header("authorization"), None);
        assert!(seen.param("consumer_key").is_none());
    }
    found
}

fn page() -> Reply {
    Reply::with(200, "text/html", "<html>a shop</html>")
}

fn missing() -> Reply {
    Reply::with(404, "text/html", "<p>not found</p>")
}

fn is_rest(seen: &Seen, path: &str) -> bool {
    seen.url.path() == path && seen.method == "GET"
}

#[tokio::test]
async fn the_root_is_the_one_that_the_page_names() {
    let store = TestStore::start(|seen| match seen.url.path() {
        "/api/" => Reply::json(INDEX),
        "/" => page().header("Link", r#"</api/>; rel="https://api.w.org/""#),
        _ => missing(),
    })
    .await;
    let found = find(&store, "/").await.unwrap();
    assert_eq!(found.rest_root, store.origin.join("/api/").unwrap());
    assert_eq!(found.home_url.as_str(), "https://kahve.example/");
    assert_eq!((found.name.as_str(), found.timezone.as_str()), ("Kahve & Co", "Europe/Istanbul"));
    assert!(found.namespaces.contains(&"wc/v3".to_owned()));
    assert_eq!(store.requests().len(), 2);
}

#[tokio::test]
async fn a_page_that_names_another_host_or_scheme_keeps_us_where_we_are() {
    let store = TestStore::start(|seen| match seen.url.path() {
        "/wp-json/" => Reply::json(INDEX),
        _ => page().header("Link", r#"<http://evil.example/wp-json/>; rel="https://api.w.org/""#),
    })
    .await;
    assert_eq!(find(&store, "/").await.unwrap().rest_root, store.origin.join("/wp-json/").unwrap());
}

#[tokio::test]
async fn without_a_link_the_usual_places_are_tried() {
    for (asked, root) in
        [("/", "/wp-json/"), ("/butik", "/butik/wp-json/"), ("/", "/index.php/wp-json/"), ("/some/page", "/wp-json/")]
    {
        let store =
            TestStore::start(move |seen| if is_rest(seen, root) { Reply::json(INDEX) } else { missing() }).await;
        assert_eq!(find(&store, asked).await.unwrap().rest_root, store.origin.join(root).unwrap(), "{root}");
    }
    let plain = TestStore::start(|seen| match seen.param("rest_route").as_deref() {
        Some("/") => Reply::json(INDEX),
        _ => missing(),
    })
    .await;
    assert_eq!(find(&plain, "/").await.unwrap().rest_root, plain.origin.join("/?rest_route=/").unwrap());
}

#[tokio::test]
async fn a_host_that_refuses_head_is_asked_by_get() {
    let store = TestStore::start(|seen| match (seen.method.as_str(), seen.url.path()) {
        ("HEAD", _) => Reply::with(405, "text/html", ""),
        (_, "/custom/") => Reply::json(INDEX),
        _ => page().header("Link", r#"</custom/>; rel="https://api.w.org/""#),
    })
    .await;
    assert_eq!(find(&store, "/").await.unwrap().rest_root.path(), "/custom/");
}

#[tokio::test]
async fn one_redirect_on_the_same_host_is_followed_and_no_other() {
    let store = TestStore::start(|seen| match seen.url.path() {
        "/" => Reply::with(301, "text/html", "").header("Location", "/butik/?ref=1"),
        "/butik/wp-json/" => Reply::json(INDEX),
        "/butik/" => page(),
        _ => missing(),
    })
    .await;
    assert_eq!(find(&store, "/").await.unwrap().rest_root.path(), "/butik/wp-json/");

    let looping = TestStore::start(|_| Reply::with(302, "text/html", "").header("Location", "/again")).await;
    assert_eq!(find(&looping, "/").await.unwrap_err().class, Failure::Moved);
    assert_eq!(looping.requests().len(), 2);

    for target in
        ["https://www.elsewhere.example/", "http://169.254.169.254/latest/meta-data/", "https://127.0.0.2/", "http:///"]
    {
        let store = TestStore::start(move |_| Reply::with(302, "text/html", "").header("Location", target)).await;
        let error = find(&store, "/").await.unwrap_err();
        assert_eq!(error.class, Failure::Moved, "{target}");
        assert!(error.needs_attention());
    }
}

#[tokio::test]
async fn a_site_without_woocommerce_is_told_apart() {
    let blog = INDEX.replace("\"wc/v3\",", "");
    let store =
        TestStore::start(move |seen| if is_rest(seen, "/wp-json/") { Reply::json(&blog) } else { page() }).await;
    let error = find(&store, "/").await.unwrap_err();
    assert_eq!((error.class, error.code.as_deref()), (Failure::NotWooCommerce, Some("wc_v3_missing")));

    let nothing = TestStore::start(|_| missing()).await;
    assert_eq!(find(&nothing, "/").await.unwrap_err().class, Failure::NotWooCommerce);
    let pages = TestStore::start(|_| page()).await;
    assert_eq!(find(&pages, "/").await.unwrap_err().class, Failure::NotWooCommerce);
}

#[tokio::test]
async fn a_wall_before_the_store_is_told_as_one() {
    let challenge = TestStore::start(|_| Reply::with(403, "text/html", "<title>Just a moment...</title>")).await;
    assert_eq!(find(&challenge, "/").await.unwrap_err().class, Failure::Blocked);
    let hidden = TestStore::start(|seen| match seen.url.path() {
        "/" if seen.param("rest_route").is_none() => page(),
        _ => Reply::error(401, "rest_not_logged_in"),
    })
    .await;
    let error = find(&hidden, "/").await.unwrap_err();
    assert_eq!((error.class, error.code.as_deref()), (Failure::Blocked, Some("rest_not_logged_in")));
}

#[tokio::test]
async fn an_offset_serves_where_no_zone_is_named() {
    let index = INDEX.replace("Europe/Istanbul", "").replace("\"3\"", "5.5");
    let store =
        TestStore::start(move |seen| if is_rest(seen, "/wp-json/") { Reply::json(&index) } else { page() }).await;
    assert_eq!(find(&store, "/").await.unwrap().timezone, "+05:30");
}

#[tokio::test]
async fn the_control_request_tells_a_well_store_from_a_broken_one() {
    let well = TestStore::start(|_| Reply::json(INDEX)).await;
    well.client("/wp-json/").ping_index().await.unwrap();
    assert_eq!(well.requests()[0].header("authorization"), None);
    let broken = TestStore::start(|_| Reply::error(404, "rest_no_route")).await;
    assert_eq!(broken.client("/wp-json/").ping_index().await.unwrap_err().class, Failure::NoRoute);
}

#[tokio::test]
async fn the_index_tells_who_the_store_is_and_its_silence_changes_nothing() {
    let told = TestStore::start(|_| Reply::json(INDEX)).await.client("/wp-json/").index().await.unwrap();
    assert_eq!((told.home.as_str(), told.timezone.as_str()), ("https://kahve.example/", "Europe/Istanbul"));
    assert_eq!(told.name, "Kahve & Co");
    let silent = TestStore::start(|_| Reply::json(r#"{"namespaces":["wc/v3"]}"#)).await;
    let told = silent.client("/wp-json/").index().await.unwrap();
    assert_eq!((told.home, told.timezone.as_str()), (silent.origin.clone(), "America/New_York"));
    let off = TestStore::start(|_| Reply::json(r#"{"namespaces":["wp/v2"]}"#)).await;
    assert_eq!(off.client("/wp-json/").index().await.unwrap_err().class, Failure::NotWooCommerce);
}

#[tokio::test]
async fn a_root_that_moved_is_found_again_on_the_same_host_only() {
    let store = TestStore::start(|seen| match (seen.url.path(), seen.param("rest_route")) {
        ("/butik/", Some(_)) => Reply::json(INDEX),
        ("/butik", _) => {
            page().header("Link", r#"<https://evil.example/butik/?rest_route=/>; rel="https://api.w.org/""#)
        }
        _ => missing(),
    })
    .await;
    let home_url = "https://kahve.example/butik".parse().unwrap();
    let client = StoreClient::new(store.outbound(), Site { home_url, ..store.site("/butik/wp-json/") });
    assert_eq!(client.ping_index().await.unwrap_err().class, Failure::NoRoute);
    let found = client.rediscover().await.unwrap();
    assert_eq!(found.rest_root, store.origin.join("/butik/?rest_route=/").unwrap());
    assert!(store.requests().iter().all(|seen| seen.header("authorization").is_none()));
}
