//! G9: links by which a buyer looks at one order.

use std::time::Duration;

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use serde_json::{Value, json};

use crate::{
    app::{Answer, HOST, TestApp, bearer, get, peer, post},
    seed::{STAFF, World},
};

const DAY: Duration = Duration::from_secs(24 * 3_600);

struct Link {
    id: String,
    /// Path and token.
    path: String,
}

async fn make(app: &TestApp, token: &str, order: &str, days: u8) -> Link {
    let path = format!("/api/v1/orders/{order}/shares");
    let answer = app.call(post(&path).insert_header(bearer(token)).set_json(json!({"days": days}))).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let made = answer.json();
    let path = made["url"].as_str().unwrap().strip_prefix("https://public.example").unwrap().to_owned();
    Link { id: made["id"].as_str().unwrap().to_owned(), path }
}

async fn look(app: &TestApp, path: &str) -> Answer {
    app.call(get(path)).await
}

#[actix_web::test]
async fn g9_a_share_link_shows_one_order_while_it_is_good_and_nothing_else() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let order = world.coffee.sell(&app, 1).await[0].to_string();
    let staff = app.log_in(STAFF).await;
    let charge = json!({"label": "Gift wrapping", "amount": "90817"});
    app.call(post(&format!("/api/v1/orders/{order}/charges")).insert_header(bearer(&staff)).set_json(charge)).await;

    let link = make(&app, &staff, &order, 1).await;
    assert!(link.path.len() >= 43 && !link.path.contains(&order), "{}", link.path);
    let page = look(&app, &link.path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text.contains("Order 1") && page.text.contains("Beans") && page.text.contains("coffee shop"),
        "{}",
        page.text
    );
    for secret in ["Ayşe", "ayse@example.test", "12.50", "Gift", "90817", "Cash", &order, "/orders/"] {
        assert!(!page.text.contains(secret), "{secret} in {}", page.text);
    }
    assert_eq!(page.header("x-robots-tag"), Some("noindex, nofollow, noarchive"));
    assert_eq!((page.header("cache-control"), page.header("set-cookie")), (Some("no-store"), None));
    assert!(page.text.contains("name=\"robots\" content=\"noindex, nofollow\""));

    // Whatever is wrong, it looks like what never was.
    let nothing = look(&app, "/s/nothing-at-all").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    let is_shut = async |path: &str| {
        let answer = look(&app, path).await;
        (answer.status, answer.text) == (nothing.status, nothing.text.clone())
    };
    let (head, last) = link.path.split_at(link.path.len() - 1);
    let altered = format!("{head}{}", if last == "A" { "B" } else { "A" });
    for path in [altered, head.to_owned(), format!("{}%00", link.path), format!("/s/{}", "x".repeat(5_000))] {
        assert!(is_shut(&path).await, "{path}");
    }
    let (revoked, gone) = (make(&app, &staff, &order, 7).await, make(&app, &staff, &order, 7).await);
    let end =
        TestRequest::default().method(Method::DELETE).uri(&format!("/api/v1/orders/{order}/shares/{}", revoked.id));
    let ended = app.call(end.peer_addr(peer(1)).insert_header(("host", HOST)).insert_header(bearer(&staff))).await;
    assert!(ended.json()["revoked_at"].is_string(), "{}", ended.text);
    assert!(is_shut(&revoked.path).await, "revoked");
    assert_eq!(look(&app, &link.path).await.status, StatusCode::OK, "the others go on");
    app.clock.advance(DAY);
    assert!(is_shut(&link.path).await, "expired");
    assert_eq!(look(&app, &gone.path).await.status, StatusCode::OK);
    let admin = app.db.admin().await.unwrap();
    admin.execute("UPDATE orders SET deleted_at = now()", &[]).await.unwrap();
    assert!(is_shut(&gone.path).await, "deleted in the store");
}

#[actix_web::test]
async fn a_links_address_is_told_once_and_kept_nowhere() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let order = world.coffee.sell(&app, 1).await[0].to_string();
    let staff = app.log_in(STAFF).await;
    let path = format!("/api/v1/orders/{order}/shares");
    let ask =
        || post(&path).insert_header(bearer(&staff)).insert_header(("idempotency-key", "link")).set_json(json!({}));
    let first = app.call(ask()).await.json();
    let token = first["url"].as_str().unwrap().rsplit_once('/').unwrap().1.to_owned();
    let again = app.call(ask()).await.json();
    assert_eq!((&again["id"], &again["url"]), (&first["id"], &Value::Null), "the same link, without its address");
    look(&app, &format!("/s/{token}")).await;
    let listed = app.fetch(&staff, &path).await;
    assert_eq!((&listed["items"][0]["looks"], listed["items"].as_array().unwrap().len()), (&json!(1), 1));

    let admin = app.db.admin().await.unwrap();
    let tables = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'";
    for row in admin.query(tables, &[]).await.unwrap() {
        let table: String = row.get(0);
        let sql = format!("SELECT count(*) FROM \"{table}\" one WHERE strpos(one::text, $1) > 0");
        let found: i64 = admin.query_one(&sql, &[&token]).await.unwrap().get(0);
        assert_eq!(found, 0, "{table} holds the token");
    }
    for (days, status) in [(0, 422), (32, 422), (31, 201)] {
        let asked = app.call(post(&path).insert_header(bearer(&staff)).set_json(json!({"days": days}))).await;
        assert_eq!(asked.status.as_u16(), status, "{days} days: {}", asked.text);
    }
}
