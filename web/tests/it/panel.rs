//! The panel as a browser meets it: login, lists that page and filter, what roles may see, and pages for refusals.

use std::collections::HashSet;

use actix_web::{cookie::Cookie, http::StatusCode, test::TestRequest};

use crate::{
    app::{Answer, ORIGIN, TestApp, get, post},
    seed::{ADMIN, PASSWORD, World},
};

pub fn form(path: &str, fields: &[(&str, &str)]) -> TestRequest {
    post(path).insert_header(("origin", ORIGIN)).set_form(fields)
}

/// The session cookie of a person who logged in by the form.
pub async fn log_in(app: &TestApp, email: &str) -> Cookie<'static> {
    let answer = app.call(form("/login", &[("email", email), ("password", PASSWORD), ("next", "/products?q=a")])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.header("location"), Some("/products?q=a"));
    Cookie::parse(answer.header("set-cookie").unwrap().to_owned()).unwrap()
}

pub async fn open(app: &TestApp, cookie: &Cookie<'static>, path: &str) -> Answer {
    app.call(get(path).cookie(cookie.clone())).await
}

/// The value of every attribute of that name, in order.
fn attributes(html: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    let values = html.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next());
    values.map(|value| value.replace("&#38;", "&").replace("&amp;", "&")).collect()
}

/// Follows the pager to its end and answers every row's id.
async fn walk(app: &TestApp, cookie: &Cookie<'static>, first: &str, pager: &str) -> Vec<String> {
    let (mut rows, mut next) = (Vec::new(), Some(first.to_owned()));
    while let Some(path) = next {
        let page = open(app, cookie, &path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        let ids = attributes(&page.text, "id");
        rows.extend(ids.into_iter().filter(|id| id.len() > 40 && !id.contains("status") && !id.contains("-rows")));
        next = page.text.split("<a class=\"button\"").skip(1).find_map(|rest| {
            let (tag, text) = rest.split_once("</a>")?.0.split_once('>')?;
            (text.contains(pager) && !tag.contains(" hidden")).then(|| attributes(tag, "href").pop())?
        });
        assert!(rows.len() < 1000, "the pager goes in circles: {next:?}");
    }
    rows
}

#[actix_web::test]
async fn a_stranger_is_sent_to_the_login_and_from_there_to_where_they_wanted_to_be() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let answer = app.call(get("/orders?status=on-hold&q=a")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let login = answer.header("location").unwrap();
    assert_eq!(login, "/login?next=%2Forders%3Fstatus%3Don-hold%26q%3Da");
    let page = app.call(get(login)).await;
    assert!(page.text.contains("value=\"/orders?status=on-hold&#38;q=a\""), "{}", page.text);

    let cookie = log_in(&app, &world.coffee.user).await;
    assert_eq!(open(&app, &cookie, "/orders").await.status, StatusCode::OK);
    assert_eq!(open(&app, &cookie, "/").await.header("location"), Some("/orders"));
    assert_eq!(open(&app, &cookie, "/login?next=//evil.example").await.header("location"), Some("/orders"));

    let out = app.call(form("/logout", &[]).cookie(cookie.clone())).await;
    assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, Some("/login")));
    assert_eq!(open(&app, &cookie, "/orders").await.status, StatusCode::SEE_OTHER, "the cookie outlived its session");
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_person_are_answered_alike() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let mut pages = Vec::new();
    for email in [world.coffee.user.as_str(), "nobody@storewire.test"] {
        let answer = app.call(form("/login", &[("email", email), ("password", "wrong-wrong-wrong")])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.header("set-cookie").is_none() && !answer.text.contains("wrong-wrong-wrong"));
        pages.push(answer.text.replace(email, "…"));
    }
    assert_eq!(pages[0], pages[1]);
}

#[actix_web::test]
async fn another_site_s_form_logs_nobody_in_and_changes_nothing() {
    let app = TestApp::start().await;
    World::create(&app).await;
    let fields = [("email", ADMIN), ("password", PASSWORD)];
    let foreign = post("/login").insert_header(("origin", "https://evil.example")).set_form(fields);
    let refused = app.call(foreign.insert_header(("accept", "text/html,*/*;q=0.8"))).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("</html>") && refused.header("content-security-policy").is_some());
    let cookie = log_in(&app, ADMIN).await;
    let foreign = post("/logout").insert_header(("origin", "https://evil.example")).cookie(cookie.clone());
    assert_eq!(app.call(foreign).await.status, StatusCode::FORBIDDEN);
    assert_eq!(open(&app, &cookie, "/orders").await.status, StatusCode::OK);
}

#[actix_web::test]
async fn the_pager_shows_every_order_and_every_product_once() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let orders = world.coffee.sell(&app, 120).await;
    let products = world.coffee.stock(&app, 101).await;
    world.outdoor.sell(&app, 3).await;
    world.outdoor.stock(&app, 3).await;
    let cookie = log_in(&app, &world.coffee.user).await;

    let rows = walk(&app, &cookie, "/orders", "Older").await;
    let wanted: HashSet<String> = orders.iter().map(|id| format!("order-{id}")).collect();
    assert_eq!((rows.len(), rows.into_iter().collect::<HashSet<_>>()), (120, wanted));

    let rows = walk(&app, &cookie, "/products", "Next").await;
    let rows: Vec<String> = rows.into_iter().filter(|id| id.starts_with("product-")).collect();
    let wanted: HashSet<String> = products.iter().map(|id| format!("product-{id}")).collect();
    assert_eq!((rows.len(), rows.into_iter().collect::<HashSet<_>>()), (101, wanted));
}

#[actix_web::test]
async fn filters_are_read_from_the_address_and_survive_nonsense() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    world.coffee.sell(&app, 4).await;
    world.outdoor.sell(&app, 2).await;
    let cookie = log_in(&app, ADMIN).await;
    let rows = async |path: &str| {
        let page = open(&app, &cookie, path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        attributes(&page.text, "data-key").len()
    };
    assert_eq!(rows("/orders").await, 6);
    assert_eq!(rows(&format!("/orders?store={}", world.coffee.store)).await, 4);
    assert_eq!(rows("/orders?status=processing&q=AYSE").await, 6);
    assert_eq!(rows("/orders?status=on-hold").await, 0);
    assert_eq!(rows("/orders?q=%00%27%3B--%25_&after=garbage").await, 0);
    assert_eq!(rows("/orders?after=99999999999999999999_x").await, 6);
    for bad in ["/orders?store=7", "/orders?status=%27", "/orders/7", "/orders/%00", "/products/x", "/nothing"] {
        let page = open(&app, &cookie, bad).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{bad}");
        assert!(
            page.header("content-type").unwrap().starts_with("text/html") && page.text.contains("</html>"),
            "{bad}"
        );
    }
    let page = open(&app, &cookie, "/orders?q=a&q=b").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn a_merchant_sees_own_orders_only_and_no_raw_data() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let own = world.coffee.sell(&app, 1).await[0];
    let foreign = world.outdoor.sell(&app, 1).await[0];
    let merchant = log_in(&app, &world.coffee.user).await;
    let page = open(&app, &merchant, &format!("/orders/{own}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Beans") && page.text.contains("Roast: dark") && page.text.contains("12.50"));
    assert!(!page.text.contains("Raw data") && !page.text.contains("/stores"));
    assert_eq!(open(&app, &merchant, &format!("/orders/{foreign}")).await.status, StatusCode::NOT_FOUND);
    let list = open(&app, &merchant, &format!("/orders?store={}", world.outdoor.store)).await;
    assert!(attributes(&list.text, "data-key").is_empty() && !list.text.contains("outdoor"));
    let fresh = open(&app, &merchant, "/freshness").await;
    assert!(fresh.text.contains("coffee shop") && !fresh.text.contains("outdoor"));

    let staff = log_in(&app, ADMIN).await;
    let page = open(&app, &staff, &format!("/orders/{foreign}")).await;
    assert!(page.text.contains("Raw data") && page.text.contains("/stores/"));
}

#[actix_web::test]
async fn store_pages_exist_for_staff_only() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let (merchant, staff) = (log_in(&app, &world.coffee.admin).await, log_in(&app, ADMIN).await);
    let store = format!("/stores/{}", world.coffee.store);
    for path in ["/stores", "/stores/new", &store] {
        assert_eq!(open(&app, &merchant, path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(open(&app, &staff, path).await.status, StatusCode::OK, "{path}");
    }
    for path in ["/stores", &format!("{store}/sync")] {
        let answer = app.call(form(path, &[]).cookie(merchant.clone())).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let answer = app.call(form(&format!("{store}/sync"), &[]).cookie(staff.clone())).await;
    let next = answer.header("location").unwrap();
    assert!(open(&app, &staff, next).await.text.contains("not running"), "a paused store has no worker to ask");
}

#[actix_web::test]
async fn a_form_that_needs_correcting_comes_back_without_its_secrets() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let staff = log_in(&app, ADMIN).await;
    let tenant = world.coffee.tenant.to_string();
    let send = async |tenant: &str, url: &str, secret: &str| {
        let fields = [("tenant", tenant), ("url", url), ("consumer_key", "ck_0123456789"), ("consumer_secret", secret)];
        let answer = app.call(form("/stores", &fields).cookie(staff.clone())).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(!answer.text.contains("0123456789"), "a secret was printed");
        answer.text
    };
    let wrong = send("nobody", "shop", "0123456789").await;
    assert_eq!(wrong.matches("class=\"field__error\"").count(), 3);
    let private = send(&tenant, "https://127.0.0.1/", "cs_0123456789").await;
    assert!(private.contains("outbound.allow_networks") && private.contains("value=\"https://127.0.0.1/\""));
    assert!(private.contains(&format!("value=\"{tenant}\" selected")));
}

#[actix_web::test]
async fn assets_are_kept_for_ever_under_addresses_that_change_with_them() {
    let app = TestApp::start().await;
    let page = app.call(get("/login")).await;
    let links: HashSet<String> = ["src", "href"]
        .iter()
        .flat_map(|name| attributes(&page.text, name))
        .filter(|link| link.starts_with('/'))
        .collect();
    assert!(links.len() >= 3, "{links:?}");
    for link in links {
        let answer = app.call(get(&link)).await;
        assert_eq!(answer.status, StatusCode::OK, "{link}");
        assert!(answer.header("cache-control").unwrap().contains("immutable"), "{link}");
    }
    let old = app.call(get("/assets/0123456789abcdef/js/app.js")).await;
    assert_eq!((old.status, old.header("cache-control")), (StatusCode::OK, Some("no-cache")));
    assert_eq!(app.call(get("/assets/x/vendor/SHA256SUMS")).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn the_theme_is_remembered_and_only_a_known_one() {
    let app = TestApp::start().await;
    let dark = app.call(form("/theme", &[("theme", "dark"), ("next", "/products")])).await;
    assert_eq!((dark.status, dark.header("location")), (StatusCode::SEE_OTHER, Some("/products")));
    let cookie = Cookie::parse(dark.header("set-cookie").unwrap().to_owned()).unwrap();
    assert!(app.call(get("/login").cookie(cookie)).await.text.contains("data-theme=\"dark\""));
    let forged = Cookie::new("sw_theme", "x\" onload=\"y");
    assert!(app.call(get("/login").cookie(forged)).await.text.contains("data-theme=\"\""));
}
