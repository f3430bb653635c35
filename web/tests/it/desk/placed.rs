//! Orders that merchants place, by the API and by the panel's form.

use actix_web::{
    cookie::Cookie,
    http::{Method, StatusCode},
};
use serde_json::{Value, json};

use super::{APPROVALS, Call, Scene, approve, done, made};
use crate::{
    app::Answer,
    panel::{form, log_in, open},
    seed::STAFF,
};

const PENDING: &str = "/api/v1/orders/pending-approvals";

fn address(street: &str) -> Value {
    json!({"first_name": "Ada", "address_1": street, "city": "Izmir", "country": "tr", "email": "ada@example.org"})
}

impl Scene {
    fn order(&self) -> Value {
        json!({
            "store_id": self.world.coffee.store,
            "lines": [{"product_id": self.product, "quantity": 2}],
            "billing": address("Rose Lane 1"),
            "note": "by phone",
        })
    }

    /// Sends the form, or presses one of its other buttons.
    async fn press_button(&self, cookie: &Cookie<'static>, path: &str, fields: &[(String, String)]) -> Answer {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.app.call(form(path, &fields).cookie(cookie.clone())).await
    }

    /// The same with something else in it.
    fn order_with(&self, name: &str, value: Value) -> Value {
        let mut order = self.order();
        order[name] = value;
        order
    }
}

#[actix_web::test]
async fn a_merchant_asks_for_an_order_and_staff_find_it_among_those_that_wait() {
    let scene = Scene::start().await;
    scene.ask(&scene.owner, 20).await;
    let order = scene.order();
    let once = Call { token: &scene.user, version: None, key: Some("place-1") };
    let placed = made(&scene.send(once, Method::POST, PENDING, &order).await);
    let twice = Call { token: &scene.user, version: None, key: Some("place-1") };
    assert_eq!(made(&scene.send(twice, Method::POST, PENDING, &order).await)["id"], placed["id"]);
    assert_eq!(
        (&placed["kind"], &placed["about"], &placed["note"]),
        (&json!("order.place"), &json!("Ada"), &json!("by phone"))
    );
    let edit = &placed["edit"]["order"];
    assert_eq!((&edit["billing"]["country"], &edit["status"]), (&json!("TR"), &json!("processing")));
    assert_eq!(edit["lines"], json!([{"product": "1", "variation": null, "quantity": 2, "name": "Product 001"}]));

    let waiting = async |token: &str, query: &str| {
        let page = scene.app.fetch(token, &format!("{PENDING}{query}")).await;
        page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<Vec<_>>()
    };
    for token in [&scene.user, &scene.owner, &scene.staff, &scene.admin] {
        assert_eq!(waiting(token, "").await, [placed["id"].clone()], "requests of other kinds are not among them");
    }
    let outdoor = scene.app.log_in(&scene.world.outdoor.admin).await;
    assert!(waiting(&outdoor, "").await.is_empty() && waiting(&scene.staff, "?state=rejected").await.is_empty());
    done(&scene.decide(&scene.staff, &placed, &approve()).await);
    assert!(waiting(&scene.staff, "").await.is_empty());
    assert_eq!(waiting(&scene.staff, "?state=approved").await, [placed["id"].clone()]);
    assert_eq!(scene.intents().await, 1);
    assert_eq!(scene.numbers(&scene.user, "").await.len(), 1, "a merchant's user sees it among their requests");
}

#[actix_web::test]
async fn an_order_that_cannot_be_sent_is_not_asked_for() {
    let scene = Scene::start().await;
    let foreign = scene.world.outdoor.stock(&scene.app, 1).await[0];
    let line = |product: &str, quantity: Value| json!([{"product_id": product, "quantity": quantity}]);
    for (order, status, code) in [
        (scene.order_with("lines", json!([])), 422, "empty"),
        (scene.order_with("lines", line(&scene.product, json!(0))), 422, "empty"),
        (scene.order_with("lines", line(&scene.product, json!(-1))), 422, "invalid_body"),
        (scene.order_with("lines", line(&foreign.to_string(), json!(1))), 404, "not_found"),
        (scene.order_with("billing", json!({"first_name": "Ada"})), 422, "empty"),
        (scene.order_with("billing", json!({"name": "Ada"})), 422, "invalid_body"),
        (scene.order_with("shipping", json!({"first_name": "Bo"})), 422, "empty"),
        (scene.order_with("status", json!("completed")), 422, "bad_status"),
        (scene.order_with("total", json!("1.00")), 422, "invalid_body"),
        (scene.order_with("store_id", json!(scene.world.outdoor.store)), 404, "not_found"),
    ] {
        scene.post(&scene.user, PENDING, &order).await.assert_problem(status, code);
    }
    scene.post(&scene.staff, PENDING, &scene.order()).await.assert_problem(403, "forbidden");
    assert!(scene.app.fetch(&scene.admin, APPROVALS).await["items"].as_array().unwrap().is_empty());
}

#[actix_web::test]
async fn the_form_keeps_what_was_typed_while_articles_are_found_and_sends_the_order_whole() {
    let scene = Scene::start().await;
    let cookie = log_in(&scene.app, &scene.world.coffee.user).await;
    let empty = open(&scene.app, &cookie, "/orders/new").await;
    assert!(empty.text.contains("/orders/place") && empty.text.contains("coffee shop"), "{}", empty.text);

    let store = scene.world.coffee.store.to_string();
    let deed = uuid::Uuid::now_v7().to_string();
    let quantity = format!("quantity.{}", scene.product);
    let typed = [
        ("deed", deed.as_str()),
        ("store", store.as_str()),
        ("billing.first_name", "Ada"),
        ("billing.address_1", "Rose <Lane> 1"),
        ("billing.city", "Izmir"),
        ("status", "on-hold"),
        ("note", "by phone"),
    ];
    let with = |more: &[(&'static str, &str)]| -> Vec<(String, String)> {
        let all =
            typed.iter().map(|(name, value)| (*name, *value)).chain(more.iter().map(|(name, value)| (*name, *value)));
        all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    let found = scene.press_button(&cookie, "/orders/new", &with(&[("q", "p-1")])).await;
    assert!(found.text.contains("Product 001") && found.text.contains("Rose &#60;Lane&#62; 1"), "{}", found.text);
    let chosen = scene.press_button(&cookie, "/orders/new", &with(&[("add", &scene.product)])).await;
    assert!(chosen.text.contains(&format!("name=\"{quantity}\" value=\"1\"")), "{}", chosen.text);

    let mut order = with(&[]);
    order.push((quantity, "3".to_owned()));
    let wrong = scene.press_button(&cookie, "/orders/place", &order).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("is missing") && wrong.text.contains("by phone"), "{}", wrong.text);
    order.push(("billing.country".to_owned(), "TR".to_owned()));
    for _ in 0..2 {
        let sent = scene.press_button(&cookie, "/orders/place", &order).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        assert_eq!(sent.header("location"), Some(format!("/requests/{deed}?said=asked").as_str()), "sent twice is one");
    }
    let page = open(&scene.app, &cookie, &format!("/requests/{deed}")).await.text;
    for words in ["Order for", "3 × Product 001", "Rose &#60;Lane&#62; 1", "by phone"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let staff = log_in(&scene.app, STAFF).await;
    assert!(open(&scene.app, &staff, "/orders/pending-approvals").await.text.contains("Order for"));
    assert_eq!(open(&scene.app, &staff, "/orders/new").await.status, StatusCode::FORBIDDEN);
}
