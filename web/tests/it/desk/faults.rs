//! Faults of approvals that went before: decided by those who ask, seen by those whom they do not concern.

use actix_web::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use storewire_domain::StoreId;
use utoipa::OpenApi;

use super::{APPROVALS, Call, Scene, approve, done, href, made, reject};
use crate::app::{bearer, get};

const PLACED: &str = "/api/v1/orders/pending-approvals";

/// An order of one piece that a merchant asks for.
fn placed(store: StoreId, product: &str) -> Value {
    let buyer = json!({"first_name": "Ada", "address_1": "Rose Lane 1", "city": "Izmir", "country": "TR"});
    json!({"store_id": store, "lines": [{"product_id": product, "quantity": 1}], "billing": buyer})
}

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

#[actix_web::test]
async fn fault_19_each_list_of_requests_is_the_merchants_own_however_it_is_narrowed() {
    let scene = Scene::start().await;
    let others = scene.world.outdoor.stock(&scene.app, 1).await[0].to_string();
    let outdoor = scene.app.log_in(&scene.world.outdoor.admin).await;
    let stores = [scene.world.coffee.store, scene.world.outdoor.store];
    for (token, store, product) in [(&scene.user, stores[0], &scene.product), (&outdoor, stores[1], &others)] {
        let wish = json!({"entity_id": product, "stock_quantity": "7"});
        made(&scene.post(token, APPROVALS, &wish).await);
        made(&scene.post(token, PLACED, &placed(store, product)).await);
    }
    let narrowed = stores.map(|store| format!("?store={store}"));
    for list in [APPROVALS, PLACED] {
        for query in ["", "?state=waiting", "?limit=200", &narrowed[0], &narrowed[1]] {
            for (token, name) in
                [(&outdoor, "outdoor shop"), (&scene.owner, "coffee shop"), (&scene.user, "coffee shop")]
            {
                let page = scene.app.fetch(token, &format!("{list}{query}")).await;
                let items = page["items"].as_array().unwrap();
                assert!(items.iter().all(|item| item["store_name"] == name), "{name}: {list}{query}: {page}");
                assert!(!items.is_empty() || query.starts_with("?store="), "{name}: {list}{query}");
            }
        }
        let all = scene.app.fetch(&scene.staff, list).await.to_string();
        assert!(all.contains("outdoor shop") && all.contains("coffee shop"), "staff see both: {all}");
    }
}

#[actix_web::test]
async fn fault_19_no_answer_about_stores_holds_a_key_not_to_staff_either() {
    const SEALED: &[u8] = b"sealed under the key file";
    let scene = Scene::start().await;
    let store = scene.world.coffee.store;
    let secret =
        "INSERT INTO store_secret (tenant_id, store_id, id, kind, sealed) VALUES ($1, $2, gen_random_uuid(), $3, $4)";
    scene.world.coffee.treat_gently(&scene.app).await;
    let admin = scene.app.db.admin().await.unwrap();
    for kind in ["consumer_key", "consumer_secret", "webhook_secret", "webhook_token"] {
        admin.execute(secret, &[&scene.world.coffee.tenant.uuid(), &store.uuid(), &kind, &SEALED]).await.unwrap();
    }
    let digest: Vec<u8> =
        admin.query_one("SELECT hook_token_digest FROM store WHERE id = $1", &[&store.uuid()]).await.unwrap().get(0);
    let document = serde_json::to_value(storewire_web::openapi::ApiDescription::openapi()).unwrap();
    let looks: Vec<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(path, methods)| path.starts_with("/api/v1/stores") && methods.get("get").is_some())
        .map(|(path, _)| path.replace("{id}", &store.to_string()))
        .collect();
    assert!(looks.len() >= 5, "{looks:?}");
    for (token, is_staff) in [(&scene.staff, true), (&scene.admin, true), (&scene.owner, false), (&scene.user, false)] {
        let mut answered = 0;
        for path in &looks {
            let answer = scene.app.call(get(path).insert_header(bearer(token))).await;
            assert!(answer.status.is_success() || !is_staff, "{path}: {} {}", answer.status, answer.text);
            answered += usize::from(answer.status.is_success());
            let told = answer.json();
            for secret in ["key", "secret", "token", "password", "sealed", "digest"] {
                assert!(!names(&told).iter().any(|name| name.contains(secret)), "{secret} in {path}: {told}");
            }
            for bytes in [SEALED, &digest] {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                for kept in [hex, STANDARD.encode(bytes), String::from_utf8_lossy(bytes).into_owned()] {
                    assert!(!answer.text.contains(&kept), "{path} holds {kept}");
                }
            }
        }
        assert!(answered > 1, "the list and the store are shown to everybody");
    }
}
