//! Work around orders: legal steps, who was faster, changes of many, and charges that nobody else hears of.

use actix_web::http::{Method, StatusCode};
use serde_json::{Value, json};
use storewire_db::stores;
use uuid::Uuid;

use super::{Call, Scene};
use crate::{
    app::{Answer, bearer, get},
    panel::{form, log_in, open},
    seed::STAFF,
};

/// Has our copy of an order say something else, as when its store has told us of it.
pub(super) async fn moves(scene: &Scene, order: &str, status: &str) {
    let admin = scene.app.db.admin().await.unwrap();
    let id: Uuid = order.parse().unwrap();
    admin.execute("UPDATE orders SET status = $2 WHERE id = $1", &[&id, &status]).await.unwrap();
}

async fn sell(scene: &Scene, count: u32) -> Vec<String> {
    scene.world.coffee.sell(&scene.app, count).await.iter().map(ToString::to_string).collect()
}

async fn patch(scene: &Scene, order: &str, body: &Value) -> Answer {
    let by = Call { token: &scene.staff, version: None, key: None };
    scene.send(by, Method::PATCH, &format!("/api/v1/orders/{order}"), body).await
}

/// What became of each order of a bulk, with its code.
fn outcomes(result: &Value) -> Vec<(&str, &str)> {
    let items = result["items"].as_array().unwrap().iter();
    items.map(|item| (item["outcome"].as_str().unwrap(), item["code"].as_str().unwrap_or_default())).collect()
}

#[actix_web::test]
async fn an_order_is_given_only_a_status_that_follows_its_own_and_only_while_it_has_that() {
    let scene = Scene::start().await;
    let order = &sell(&scene, 1).await[0];
    for (status, code) in [
        ("pending", "illegal_step"),
        ("processing", "nothing_to_change"),
        ("refunded", "refund_elsewhere"),
        ("trash", "bad_status"),
    ] {
        let wish = json!({"status": status, "expected": {"status": "processing"}});
        patch(&scene, order, &wish).await.assert_problem(422, code);
    }
    assert_eq!(scene.intents().await, 0);
    let answer = patch(&scene, order, &json!({"status": "completed", "expected": {"status": "processing"}})).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    assert_eq!(
        answer.json()["intents"][0]["expected"],
        json!({"status": "processing"}),
        "the step is legal from there"
    );
}

#[actix_web::test]
async fn the_form_offers_legal_steps_and_the_statuses_that_the_store_says_it_takes() {
    let scene = Scene::start().await;
    let order = &sell(&scene, 1).await[0];
    let staff = log_in(&scene.app, STAFF).await;
    let options = async || {
        let page = open(&scene.app, &staff, &format!("/orders/{order}")).await.text;
        let select =
            page.split_once("id=\"edit-status\"").map(|(_, rest)| rest.split_once("</select>").unwrap().0.to_owned());
        select.map(|select| {
            select.split("value=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
        })
    };
    assert_eq!(options().await.unwrap(), ["on-hold", "completed", "cancelled", "failed"]);
    let tx = scene.app.db.db().tenant(scene.world.coffee.tenant).await.unwrap();
    let told = ["completed", "packed", "pending", "refunded"].map(str::to_owned);
    stores::keep_order_statuses(&tx, scene.world.coffee.store, &told).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(options().await.unwrap(), ["on-hold", "completed", "cancelled", "failed", "packed"]);
    assert!(open(&scene.app, &staff, "/orders").await.text.contains("<option value=\"packed\">"), "for many as well");
    moves(&scene, order, "refunded").await;
    assert_eq!(options().await, None, "nothing follows a refund");
}

#[actix_web::test]
async fn who_was_faster_is_told_with_both_values_and_nothing_is_written() {
    let scene = Scene::start().await;
    let order = &sell(&scene, 1).await[0];
    moves(&scene, order, "on-hold").await;
    let wish = json!({"status": "completed", "note": {"text": "x"}, "expected": {"status": "processing"}});
    let answer = patch(&scene, order, &wish).await;
    answer.assert_problem(409, "changed");
    let told = answer.json();
    let field = json!({"field": "status", "seen": "processing", "now": "on-hold", "wanted": "completed"});
    assert_eq!(told["fields"], json!([field]));
    assert_eq!(told["by"], Value::Null, "it happened in the store");

    let product = format!("/api/v1/products/{}", scene.product);
    let by = || Call { token: &scene.staff, version: None, key: None };
    let wish = json!({"regular_price": "12", "expected": {"regular_price": "10.00"}});
    let answer = scene.send(by(), Method::PATCH, &product, &wish).await;
    answer.assert_problem(409, "changed");
    assert_eq!(answer.json()["fields"][0]["now"], "9.5");
    let customer = scene.world.coffee.greet(&scene.app).await;
    let wish = json!({"fields": {"billing.city": "Ankara"}, "expected": {"billing.city": "Izmir"}});
    let answer = scene.send(by(), Method::PATCH, &format!("/api/v1/customers/{customer}"), &wish).await;
    answer.assert_problem(409, "changed");
    assert_eq!(scene.intents().await, 0);

    // In the panel it is a page, and the same wish on the values of now is one press away.
    let staff = log_in(&scene.app, STAFF).await;
    let path = format!("/orders/{order}/status");
    let slow = form(&path, &[("seen", "processing"), ("status", "completed")]).cookie(staff.clone());
    let page = scene.app.call(slow).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    for text in ["Somebody was faster", "Processing", "On hold", "Completed", "name=\"seen\" value=\"on-hold\""] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    let again = form(&path, &[("seen", "on-hold"), ("status", "completed")]).cookie(staff);
    assert_eq!(scene.app.call(again).await.header("location"), Some(format!("/orders/{order}?said=proposed").as_str()));
}

#[actix_web::test]
async fn of_many_orders_each_is_written_or_says_why_not_once_per_key() {
    let scene = Scene::start().await;
    let orders = sell(&scene, 5).await;
    let others = scene.world.outdoor.sell(&scene.app, 1).await[0].to_string();
    moves(&scene, &orders[1], "cancelled").await;
    moves(&scene, &orders[2], "on-hold").await;
    let admin = scene.app.db.admin().await.unwrap();
    let gone: Uuid = orders[3].parse().unwrap();
    admin.execute("UPDATE orders SET trashed_at = now() WHERE id = $1", &[&gone]).await.unwrap();
    let one = |id: &String, seen: &str| json!({"id": id, "seen_status": seen});
    let wish = json!({"status": "completed", "orders": [
        one(&orders[0], "processing"), one(&orders[1], "cancelled"), one(&orders[2], "processing"),
        one(&orders[3], "processing"), one(&orders[4], "processing"),
        one(&others, "processing"), one(&orders[0], "processing"),
    ]});
    let ask = async || {
        let by = Call { token: &scene.staff, version: None, key: Some("of-many") };
        let answer = scene.send(by, Method::POST, "/api/v1/orders/bulk", &wish).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        answer.json()
    };
    let result = ask().await;
    let waiting = ("waiting", "");
    let expected =
        [waiting, ("refused", "illegal_step"), ("refused", "changed"), ("refused", "gone"), waiting, waiting];
    assert_eq!(outcomes(&result), expected, "two merchants, each named once");
    assert_eq!(scene.intents().await, 3);
    assert_eq!(ask().await, result);
    assert_eq!(scene.intents().await, 3, "asked again, nothing is added");
    let href = result["href"].as_str().unwrap();
    assert_eq!(outcomes(&scene.app.fetch(&scene.staff, href).await), expected);
    assert_eq!(result["items"][0]["intent"]["edit"], json!({"kind": "order.status", "status": "completed"}));

    let nobodys = json!({"status": "completed", "orders": [{"id": orders[0]}, {"id": Uuid::now_v7()}]});
    scene.post(&scene.staff, "/api/v1/orders/bulk", &nobodys).await.assert_problem(404, "not_found");
    let blind = json!({"status": "completed", "orders": [one(&orders[4], "processing"), {"id": orders[0]}]});
    scene.post(&scene.staff, "/api/v1/orders/bulk", &blind).await.assert_problem(428, "version_needed");
    let none = json!({"status": "completed", "orders": []});
    scene.post(&scene.staff, "/api/v1/orders/bulk", &none).await.assert_problem(422, "nothing_to_change");
    let most: Vec<Value> = (0..201).map(|_| json!({"id": Uuid::now_v7()})).collect();
    let most = json!({"status": "completed", "orders": most});
    scene.post(&scene.staff, "/api/v1/orders/bulk", &most).await.assert_problem(422, "too_many");
    for token in [&scene.owner, &scene.user] {
        let foreign = json!({"status": "completed", "orders": [{"id": others}]});
        scene.post(token, "/api/v1/orders/bulk", &foreign).await.assert_problem(404, "not_found");
        scene.app.call(get(href).insert_header(bearer(token))).await.assert_problem(403, "forbidden");
    }
    assert_eq!(scene.intents().await, 3);
}

#[actix_web::test]
async fn ticked_orders_are_changed_by_one_form_and_its_page_tells_of_each() {
    let scene = Scene::start().await;
    let orders = sell(&scene, 2).await;
    let staff = log_in(&scene.app, STAFF).await;
    let list = open(&scene.app, &staff, "/orders").await.text;
    let ticks: Vec<String> = orders.iter().map(|id| format!("{id}:processing")).collect();
    assert!(ticks.iter().all(|tick| list.contains(&format!("value=\"{tick}\""))), "{list}");
    let owner = log_in(&scene.app, &scene.world.coffee.admin).await;
    let theirs = open(&scene.app, &owner, "/orders").await.text;
    assert!(!theirs.contains("form=\"bulk\"") && !theirs.contains("id=\"bulk\""), "a merchant ticks nothing");

    moves(&scene, &orders[1], "failed").await;
    let deed = Uuid::now_v7().to_string();
    let fields = [("deed", deed.as_str()), ("status", "completed"), ("order", &ticks[0]), ("order", &ticks[1])];
    let press = async || {
        let sent = scene.app.call(form("/orders/bulk", &fields).cookie(staff.clone())).await;
        assert_eq!(sent.header("location"), Some(format!("/orders/bulk/{deed}").as_str()), "{}", sent.text);
    };
    tokio::join!(press(), press());
    assert_eq!(scene.intents().await, 1, "pressed twice, it is done once");
    let page = open(&scene.app, &staff, &format!("/orders/bulk/{deed}")).await.text;
    assert!(page.contains("Left alone") && page.contains("no longer the one that you saw"), "{page}");
    let nothing = scene.app.call(form("/orders/bulk", &[("status", "completed")]).cookie(staff)).await;
    assert_eq!(nothing.header("location"), Some("/orders?said=bulk_nothing"));
    let refused = scene.app.call(form("/orders/bulk", &fields).cookie(owner)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn charges_are_staffs_own_and_in_no_answer_or_page_of_a_merchant() {
    let scene = Scene::start().await;
    let order = &sell(&scene, 1).await[0];
    let path = format!("/api/v1/orders/{order}/charges");
    let wish = json!({"label": "Gift wrapping", "amount": "12.5"});
    let charge = async |key: &str| {
        let by = Call { token: &scene.staff, version: None, key: Some(key) };
        scene.send(by, Method::POST, &path, &wish).await
    };
    let made = charge("once").await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(made.json()["amount"], json!({"amount": "12.50", "currency": "TRY"}));
    assert_eq!(charge("once").await.json(), made.json());
    assert_eq!(scene.app.fetch(&scene.staff, &path).await["items"].as_array().unwrap().len(), 1);
    for (bad, code) in [
        (json!({"label": " ", "amount": "1"}), "empty"),
        (json!({"label": "x", "amount": "0"}), "negative"),
        (json!({"label": "x", "amount": "1", "currency": "lira"}), "bad_text"),
    ] {
        scene.post(&scene.staff, &path, &bad).await.assert_problem(422, code);
    }

    let (staff, owner) = (log_in(&scene.app, STAFF).await, log_in(&scene.app, &scene.world.coffee.admin).await);
    let page = format!("/orders/{order}");
    assert!(open(&scene.app, &staff, &page).await.text.contains("Gift wrapping"));
    let theirs = open(&scene.app, &owner, &page).await.text;
    assert!(!theirs.contains("wrapping") && !theirs.contains("id=\"charges\""), "{theirs}");
    for own in [format!("/api/v1/orders/{order}"), "/api/v1/orders".to_owned(), "/api/v1/audit".to_owned()] {
        let told = scene.app.fetch(&scene.owner, &own).await.to_string();
        assert!(!told.contains("wrapping") && !told.contains("charge"), "{own}: {told}");
    }
    scene.app.call(get(&path).insert_header(bearer(&scene.owner))).await.assert_problem(403, "forbidden");

    let one = format!("{path}/{}", made.json()["id"].as_str().unwrap());
    for _ in 0..2 {
        let by = Call { token: &scene.staff, version: None, key: None };
        let ended = scene.send(by, Method::DELETE, &one, &json!({})).await;
        assert!(ended.json()["ended_at"].is_string(), "{}", ended.text);
    }
    let by = Call { token: &scene.staff, version: None, key: None };
    let never = format!("{path}/{}", Uuid::now_v7());
    scene.send(by, Method::DELETE, &never, &json!({})).await.assert_problem(404, "not_found");
}
