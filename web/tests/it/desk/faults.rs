//! Faults of approvals that went before: decided by those who ask, seen by those whom they do not concern.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{APPROVALS, Call, Scene, approve, done, href, made, reject};

/// Every member's name within a document.
fn names(of: &Value) -> Vec<&str> {
    match of {
        Value::Object(members) => {
            members.iter().flat_map(|(name, value)| std::iter::once(name.as_str()).chain(names(value))).collect()
        }
        Value::Array(values) => values.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

#[actix_web::test]
async fn fault_17_a_merchant_decides_nothing_not_orders_not_stock_not_requests() {
    let scene = Scene::start().await;
    let order = scene.world.coffee.sell(&scene.app, 1).await[0];
    let asked = scene.ask(&scene.user, 20).await;
    for token in [&scene.owner, &scene.user] {
        for (path, body) in [
            (format!("/api/v1/orders/{order}"), json!({"status": "completed"})),
            (format!("/api/v1/inventory/{}", scene.product), json!({"stock_quantity": "20"})),
            (format!("/api/v1/products/{}", scene.product), json!({"regular_price": "1"})),
            (href(&asked).to_owned(), approve()),
            (href(&asked).to_owned(), reject()),
        ] {
            let by = || Call { token, version: Some("1"), key: None };
            scene.send(by(), Method::PATCH, &path, &body).await.assert_problem(403, "forbidden");
            if path == href(&asked) {
                scene.send(by(), Method::PUT, &path, &body).await.assert_problem(403, "forbidden");
            }
        }
    }
    assert_eq!(scene.intents().await, 0);
    assert_eq!(scene.numbers(&scene.owner, "?state=waiting").await, ["coffee shop R-1"]);
    // Nor does staff ask, or take a merchant's wish back.
    let wish = json!({"entity_id": scene.product, "status": "draft"});
    scene.post(&scene.staff, APPROVALS, &wish).await.assert_problem(403, "forbidden");
    scene.withdraw(&scene.admin, &asked).await.assert_problem(403, "forbidden");
    // A user takes back nothing; the merchant's admin does.
    scene.withdraw(&scene.user, &asked).await.assert_problem(403, "forbidden");
    done(&scene.withdraw(&scene.owner, &asked).await);
}

#[actix_web::test]
async fn fault_19_approvals_are_the_tenants_own_and_no_answer_holds_a_key() {
    let scene = Scene::start().await;
    let mine = scene.ask(&scene.user, 20).await;
    let status = json!({"entity_id": scene.product, "status": "draft"});
    let colleagues = made(&scene.post(&scene.owner, APPROVALS, &status).await);
    let others = scene.world.outdoor.stock(&scene.app, 1).await[0];
    let outdoor = scene.app.log_in(&scene.world.outdoor.admin).await;
    let wish = json!({"entity_id": others, "stock_quantity": "7"});
    made(&scene.post(&outdoor, APPROVALS, &wish).await);
    done(&scene.decide(&scene.staff, &mine, &approve()).await);

    assert_eq!(scene.numbers(&scene.user, "").await, ["coffee shop R-1"]);
    assert_eq!(scene.numbers(&scene.owner, "").await, ["coffee shop R-2", "coffee shop R-1"]);
    assert_eq!(scene.numbers(&outdoor, "").await, ["outdoor shop R-1"]);
    assert_eq!(scene.numbers(&scene.staff, "").await.len(), 3);
    let foreign = format!("?store={}", scene.world.coffee.store);
    assert_eq!(scene.numbers(&outdoor, &foreign).await, [] as [&str; 0]);

    // To another merchant, and to a colleague who is no admin, it looks like none.
    for (token, request) in [(&outdoor, &mine), (&outdoor, &colleagues), (&scene.user, &colleagues)] {
        let by = || Call { token, version: Some("1"), key: None };
        let path = href(request);
        scene.send(by(), Method::GET, path, &Value::Null).await.assert_problem(404, "not_found");
        scene.send(by(), Method::PATCH, path, &approve()).await.assert_problem(404, "not_found");
        for (deed, body) in [("comments", json!({"text": "hello"})), ("withdraw", json!({}))] {
            scene.post(token, &format!("{path}/{deed}"), &body).await.assert_problem(404, "not_found");
        }
    }

    for token in [&scene.user, &scene.owner, &scene.staff] {
        let (list, one) = (scene.app.fetch(token, APPROVALS).await, scene.app.fetch(token, href(&mine)).await);
        let told: Vec<&str> = names(&list).into_iter().chain(names(&one)).collect();
        assert!(told.contains(&"asked_by_name") && told.contains(&"stock_quantity"), "{told:?}");
        for secret in ["key", "secret", "token", "password", "email", "user", "deed", "cause", "raw"] {
            assert!(!told.iter().any(|name| name.contains(secret)), "{secret} in {told:?}");
        }
        for id_of_a_person in ["asked_by", "decided_by", "by"] {
            assert!(!told.contains(&id_of_a_person), "{id_of_a_person}");
        }
        assert_eq!(told.contains(&"intent_id"), *token == scene.staff);
    }
}
