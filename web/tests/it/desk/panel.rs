//! Requests in the panel: forms that ask and decide, what they say, and the page that names who was faster.

use actix_web::{cookie::Cookie, http::StatusCode};
use serde_json::json;
use uuid::Uuid;

use super::{APPROVALS, Scene, made};
use crate::{
    app::Answer,
    panel::{form, log_in, open},
    seed::{ADMIN, STAFF},
};

async fn send(scene: &Scene, cookie: &Cookie<'static>, path: &str, fields: &[(&str, &str)]) -> Answer {
    scene.app.call(form(path, fields).cookie(cookie.clone())).await
}

/// The address that a form led to.
fn led_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header("location").unwrap()
}

#[actix_web::test]
async fn a_merchant_asks_by_a_form_once_and_both_sides_follow_it_on_its_page() {
    let scene = Scene::start().await;
    let user = log_in(&scene.app, &scene.world.coffee.user).await;
    let owner = log_in(&scene.app, &scene.world.coffee.admin).await;
    let staff = log_in(&scene.app, STAFF).await;
    let product = format!("/products/{}", scene.product);
    let page = open(&scene.app, &user, &product).await.text;
    assert!(page.contains("id=\"ask-stock\"") && !page.contains("id=\"edit-stock\""), "{page}");
    assert!(!open(&scene.app, &staff, &product).await.text.contains("id=\"ask-stock\""));

    let deed = Uuid::now_v7().to_string();
    let wish = [
        ("deed", deed.as_str()),
        ("entity", &scene.product),
        ("wish", "stock"),
        ("seen", "{\"stock_quantity\":\"1\"}"),
        ("quantity", "9"),
        ("meaning", "relative"),
        ("note", "a pallet came"),
    ];
    let request = format!("/requests/{deed}");
    for _ in 0..2 {
        assert_eq!(led_to(&send(&scene, &user, "/requests", &wish).await), format!("{request}?said=asked"));
    }
    assert_eq!(scene.numbers(&scene.user, "").await, ["coffee shop R-1"]);
    assert!(open(&scene.app, &user, &product).await.text.contains("R-1"), "it waits on the record's page too");

    for (cookie, decides, withdraws) in [(&user, false, false), (&owner, false, true), (&staff, true, false)] {
        let page = open(&scene.app, cookie, &request).await.text;
        assert!(page.contains("a pallet came") && page.contains("id=\"comment\""), "{page}");
        assert_eq!((page.contains("/approve"), page.contains("/withdraw")), (decides, withdraws));
        assert!(open(&scene.app, cookie, "/requests/count").await.text.contains(">1</span>"));
    }
    let said = [("deed", "018f0000-0000-7000-8000-000000000001"), ("text", "which <pallet>?\r\nthe red one")];
    for _ in 0..2 {
        let answer = send(&scene, &staff, &format!("{request}/comment"), &said).await;
        assert_eq!(led_to(&answer), format!("{request}?said=commented"));
    }
    let page = open(&scene.app, &user, &request).await.text;
    assert_eq!(page.matches("which &#60;pallet&#62;?\nthe red one").count(), 1, "{page}");

    let approval = [("version", "1"), ("meaning", "relative"), ("next", "/requests?state=waiting")];
    for _ in 0..2 {
        let answer = send(&scene, &staff, &format!("{request}/approve"), &approval).await;
        assert_eq!(led_to(&answer), "/requests?state=waiting&said=approved", "pressed twice, it is done once");
    }
    assert_eq!(scene.intents().await, 1);
    assert_eq!(
        led_to(&scene.app.call(crate::app::get("/inventory/approvals").cookie(user.clone())).await),
        "/requests"
    );
    assert_eq!(open(&scene.app, &owner, "/requests/count").await.text.trim(), "");
}

#[actix_web::test]
async fn who_was_slower_is_shown_both_values_and_may_decide_on_those_of_now() {
    let scene = Scene::start().await;
    let (staff, admin) = (log_in(&scene.app, STAFF).await, log_in(&scene.app, ADMIN).await);
    let asked = scene.ask(&scene.user, 9).await;
    let page = format!("/requests/{}", asked["id"].as_str().unwrap());
    scene.sell(&asked).await;
    let old = [("version", "1"), ("meaning", "absolute"), ("seen", "{\"stock_quantity\":\"1\"}")];
    let slower = send(&scene, &staff, &format!("{page}/approve"), &old).await;
    assert_eq!(slower.status, StatusCode::PRECONDITION_FAILED, "{}", slower.text);
    for text in
        ["Somebody was faster", ">1</bdi>", ">0</bdi>", ">9</bdi>", "name=\"version\" value=\"2\"", "Stock to 8"]
    {
        assert!(slower.text.contains(text), "{text}: {}", slower.text);
    }
    let silent = [("version", "2"), ("reason", " ")];
    assert_eq!(
        led_to(&send(&scene, &staff, &format!("{page}/reject"), &silent).await),
        format!("{page}?said=reason_needed")
    );
    assert_eq!(send(&scene, &staff, &format!("{page}/approve"), &[]).await.status, StatusCode::PRECONDITION_REQUIRED);
    let new = [("version", "2"), ("meaning", "relative")];
    assert_eq!(led_to(&send(&scene, &staff, &format!("{page}/approve"), &new).await), format!("{page}?said=approved"));

    let late = send(&scene, &admin, &format!("{page}/reject"), &[("version", "2"), ("reason", "no")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
    for text in ["A Person", "Waiting for a decision", "Approved, on its way", "Rejected"] {
        assert!(late.text.contains(text), "{text}: {}", late.text);
    }
    assert!(!late.text.contains("name=\"version\""), "nothing is left to decide");
}

#[actix_web::test]
async fn a_merchant_ticks_the_categories_that_a_product_shall_be_in() {
    let scene = Scene::start().await;
    let filed = "UPDATE product SET categories = '{\"3\": \"Kitchen\", \"5\": \"Gifts\"}'";
    scene.app.db.admin().await.unwrap().batch_execute(filed).await.unwrap();
    let user = log_in(&scene.app, &scene.world.coffee.user).await;
    let product = format!("/products/{}", scene.product);
    let page = open(&scene.app, &user, &product).await.text;
    assert!(page.contains("name=\"category\" value=\"3\" checked"), "{page}");
    let ask = async |ticked: &[(&str, &str)]| {
        let deed = Uuid::now_v7().to_string();
        let seen = ("seen", "{\"categories\":[\"3\",\"5\"]}");
        let fields =
            [&[("deed", deed.as_str()), ("entity", &scene.product), ("wish", "categories"), seen], ticked].concat();
        send(&scene, &user, "/requests", &fields).await
    };
    let same = ask(&[("category", "5"), ("category", "3")]).await;
    assert_eq!(led_to(&same), format!("{product}?said=nothing_to_change"));
    assert!(led_to(&ask(&[("category", "5")]).await).ends_with("?said=asked"));
    let asked = scene.app.fetch(&scene.staff, APPROVALS).await;
    assert_eq!(asked["items"][0]["proposed"], json!({"categories": ["5"]}));
}

#[actix_web::test]
async fn a_wish_on_old_numbers_is_not_asked_but_shown_with_those_of_now() {
    let scene = Scene::start().await;
    let user = log_in(&scene.app, &scene.world.coffee.user).await;
    let ask = async |wish: &str, more: &[(&str, &str)]| {
        let deed = Uuid::now_v7().to_string();
        let fields = [&[("deed", deed.as_str()), ("entity", &scene.product), ("wish", wish)], more].concat();
        send(&scene, &user, "/requests", &fields).await
    };
    let old = [("seen", "{\"stock_quantity\":\"5\"}"), ("quantity", "20"), ("note", "a pallet")];
    let answer = ask("stock", &old).await;
    assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED, "{}", answer.text);
    for text in
        [">5</bdi>", ">1</bdi>", ">20</bdi>", "value=\"{&#34;stock_quantity&#34;:&#34;1&#34;}\"", "value=\"a pallet\""]
    {
        assert!(answer.text.contains(text), "{text}: {}", answer.text);
    }
    let product = format!("/products/{}", scene.product);
    for (wish, more, word) in [
        ("stock", [("quantity", "many"), ("text", "")], "amount"),
        ("stock", [("quantity", "1"), ("text", "")], "nothing_to_change"),
        ("stock", [("quantity", "-1"), ("text", "")], "negative"),
        ("price", [("regular", "x"), ("sale", "")], "amount"),
        ("status", [("text", "trash"), ("note", "")], "bad_status"),
    ] {
        assert_eq!(led_to(&ask(wish, &more).await), format!("{product}?said={word}"), "{wish}");
        let page = open(&scene.app, &user, &format!("{product}?said={word}")).await.text;
        assert!(page.contains("role=\"status\""), "{word} is not told: {page}");
    }
    assert_eq!(
        led_to(&ask("texts", &[("seen", "{\"name\":\"Product 001\"}"), ("name", "Product 001")]).await),
        format!("{product}?said=unchanged")
    );
    assert!(led_to(&ask("texts", &[("name", "A better name")]).await).ends_with("?said=asked"));
    assert_eq!(led_to(&ask("texts", &[("name", "Another name")]).await), format!("{product}?said=already_asked"));
    assert_eq!(scene.numbers(&scene.user, "").await, ["coffee shop R-1"]);
}

#[actix_web::test]
async fn forms_about_requests_are_for_those_whom_the_table_names_and_of_what_they_see() {
    let scene = Scene::start().await;
    let mine = scene.ask(&scene.user, 20).await;
    let wish = json!({"entity_id": scene.product, "status": "draft"});
    let colleagues = made(&scene.post(&scene.owner, APPROVALS, &wish).await);
    let user = log_in(&scene.app, &scene.world.coffee.user).await;
    let owner = log_in(&scene.app, &scene.world.coffee.admin).await;
    let stranger = log_in(&scene.app, &scene.world.outdoor.admin).await;
    let staff = log_in(&scene.app, STAFF).await;
    let fields =
        [("version", "1"), ("reason", "no"), ("text", "hello"), ("deed", "018f0000-0000-7000-8000-000000000009")];
    let try_all = async |cookie: &Cookie<'static>, request: &serde_json::Value| {
        let mut statuses = Vec::new();
        for verb in ["approve", "reject", "reopen", "withdraw"] {
            let path = format!("/requests/{}/{verb}", request["id"].as_str().unwrap());
            statuses.push(send(&scene, cookie, &path, &fields).await.status.as_u16());
        }
        statuses
    };
    assert_eq!(try_all(&user, &colleagues).await, [404; 4]);
    assert_eq!(try_all(&stranger, &mine).await, [404; 4]);
    assert_eq!(try_all(&user, &mine).await, [403; 4]);
    assert_eq!(try_all(&owner, &mine).await, [403, 403, 403, 303]);
    assert_eq!(try_all(&staff, &colleagues).await, [303, 409, 303, 403]);
    let deed = Uuid::now_v7().to_string();
    let ask = [("deed", deed.as_str()), ("entity", &scene.product), ("wish", "stock"), ("quantity", "3")];
    assert_eq!(send(&scene, &staff, "/requests", &ask).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&scene, &stranger, "/requests", &ask).await.status, StatusCode::NOT_FOUND);
}
