//! Returns as staff work on them and merchants look at them, by the API.

mod pages;

use actix_web::http::{Method, StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{Call, Scene, done, href, made};
use crate::app::{Answer, bearer, post};

const RETURNS: &str = "/api/v1/returns";

/// One grey pixel.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// A counter where goods come back: an order of the coffee merchant of which there is one bag, and seven on the shelf.
struct Counter {
    scene: Scene,
    order: String,
}

impl Counter {
    async fn open() -> Self {
        let scene = Scene::start().await;
        scene.world.coffee.stock(&scene.app, 7).await;
        let order = scene.world.coffee.sell(&scene.app, 1).await[0].to_string();
        Self { scene, order }
    }

    fn wish(&self, quantity: &str) -> Value {
        json!({
            "order_id": self.order, "reason": "damaged", "note": "the bag is torn",
            "items": [{"line": "1", "quantity": quantity}],
        })
    }

    async fn open_return(&self) -> Value {
        made(&self.scene.post(&self.scene.staff, RETURNS, &self.wish("1")).await)
    }

    async fn step(&self, returned: &Value, step: &Value) -> Answer {
        let version = returned["version"].to_string();
        let by = Call { token: &self.scene.staff, version: Some(&version), key: None };
        self.scene.send(by, Method::PATCH, href(returned), step).await
    }

    async fn receive(&self) -> Value {
        let returned = done(&self.step(&self.open_return().await, &json!({"step": "accept"})).await);
        let counted = json!({"step": "receive", "items": [{"position": 1, "received": "1"}]});
        done(&self.step(&returned, &counted).await)
    }

    async fn upload(&self, token: &str, name: &str, bytes: Vec<u8>) -> Answer {
        let path = format!("/api/v1/attachments?name={name}&store={}", self.scene.world.coffee.store);
        self.scene.app.call(post(&path).insert_header(bearer(token)).set_payload(bytes)).await
    }
}

fn picture() -> Vec<u8> {
    STANDARD.decode(PICTURE).unwrap()
}

fn restock() -> Value {
    json!({"step": "decide", "items": [{"position": 1, "decision": "restock"}]})
}

#[actix_web::test]
async fn a_return_is_opened_and_moved_by_staff_and_what_is_restocked_is_on_its_way() {
    let counter = Counter::open().await;
    let scene = &counter.scene;
    let asked = counter.open_return().await;
    assert_eq!((&asked["state"], &asked["version"], &asked["number"]), (&json!("asked"), &json!(1), &json!(1)));
    assert_eq!((&asked["items"][0]["name"], &asked["items"][0]["quantity"]), (&json!("Beans"), &json!("1")));
    assert_eq!(asked["buyer_email"], "ayse@example.test");

    let accepted = done(&counter.step(&asked, &json!({"step": "accept"})).await);
    counter.step(&asked, &json!({"step": "cancel"})).await.assert_problem(412, "changed");
    counter.step(&asked, &json!({"step": "accept"})).await.assert_problem(409, "illegal_step");
    let unseen = Call { token: &scene.staff, version: None, key: None };
    let unseen = scene.send(unseen, Method::PATCH, href(&asked), &json!({"step": "cancel"})).await;
    unseen.assert_problem(428, "version_needed");
    let too_many = json!({"step": "receive", "items": [{"position": 1, "received": "2"}]});
    counter.step(&accepted, &too_many).await.assert_problem(422, "too_many");
    let counted = json!({"step": "receive", "items": [{"position": 1, "received": "1"}]});
    let received = done(&counter.step(&accepted, &counted).await);
    let again = format!("{}/items/1/restock", href(&asked));
    scene.post(&scene.staff, &again, &json!({})).await.assert_problem(428, "version_needed");

    let decided = done(&counter.step(&received, &restock()).await);
    let item = &decided["items"][0];
    assert_eq!((&item["decision"], &item["restock"]), (&json!("restock"), &json!("waiting")));
    let intent = format!("/api/v1/intents/{}", item["intent_id"].as_str().unwrap());
    let told = scene.app.fetch(&scene.staff, &intent).await;
    assert_eq!(told["edit"], json!({"kind": "product.stock", "quantity": "8"}));
    assert_eq!(told["expected"], json!({"stock_quantity": "7"}));
    counter.step(&decided, &json!({"step": "close"})).await.assert_problem(409, "restock_open");

    // It failed for good, and is decided again.
    assert_eq!(scene.post(&scene.staff, &format!("{intent}/cancel"), &json!({})).await.status, StatusCode::ACCEPTED);
    let by = Call { token: &scene.staff, version: Some("4"), key: None };
    let anew = done(&scene.send(by, Method::POST, &again, &json!({})).await);
    assert_ne!(anew["items"][0]["intent_id"], item["intent_id"]);
    assert_eq!((&anew["state"], &anew["version"]), (&json!("decided"), &json!(5)));
    let unknown = format!("{}/items/2/restock", href(&asked));
    let by = Call { token: &scene.staff, version: Some("5"), key: None };
    scene.send(by, Method::POST, &unknown, &json!({})).await.assert_problem(422, "no_such_item");
}

#[actix_web::test]
async fn a_merchant_reads_how_their_return_goes_and_nothing_of_how_it_is_worked_on() {
    let counter = Counter::open().await;
    let scene = &counter.scene;
    let decided = done(&counter.step(&counter.receive().await, &restock()).await);
    let of = |path: &str| format!("{}{path}", href(&decided));
    made(&scene.post(&scene.staff, &of("/comments"), &json!({"text": "the seam is open"})).await);
    let letter = json!({"subject": "Your return", "text": "We have it back."});
    let written = scene.post(&scene.staff, &of("/messages"), &letter).await;
    assert_eq!(written.status, StatusCode::ACCEPTED, "{}", written.text);
    let log = scene.app.fetch(&scene.staff, written.json()["deliveries"].as_str().unwrap()).await;
    assert_eq!(log["items"][0]["id"], written.json()["letter_id"]);
    assert_eq!(log["items"][0]["to_address"], "ayse@example.test");

    let outdoor = scene.app.log_in(&scene.world.outdoor.admin).await;
    assert_eq!(scene.app.fetch(&outdoor, RETURNS).await["items"], json!([]));
    assert_eq!(scene.app.status(&outdoor, href(&decided)).await, StatusCode::NOT_FOUND);
    for merchant in [&scene.user, &scene.owner] {
        let list = scene.app.fetch(merchant, &format!("{RETURNS}?order={}&state=decided", counter.order)).await;
        assert_eq!(list["items"][0]["id"], decided["id"]);
        let page = scene.app.fetch(merchant, href(&decided)).await;
        let kinds: Vec<&str> =
            page["events"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["opened", "state", "received", "decided", "comment", "message"]);
        assert_eq!(page["items"][0]["restock"], "waiting");
        for secret in ["intent", "letter_id", "user_id", "deed"] {
            assert!(!page.to_string().contains(&format!("\"{secret}")), "{secret}: {page}");
        }
        for (path, body) in [("/comments", json!({"text": "hello"})), ("/messages", letter.clone())] {
            scene.post(merchant, &of(path), &body).await.assert_problem(403, "forbidden");
        }
        scene.post(merchant, RETURNS, &counter.wish("1")).await.assert_problem(403, "forbidden");
        scene.post(&outdoor, RETURNS, &counter.wish("1")).await.assert_problem(404, "not_found");
    }
}

#[actix_web::test]
async fn no_more_comes_back_than_was_sold_and_a_key_makes_a_repeated_wish_one_return() {
    let counter = Counter::open().await;
    let scene = &counter.scene;
    let send = |body: Value| async move {
        let by = Call { token: &scene.staff, version: None, key: Some("k-1") };
        scene.send(by, Method::POST, RETURNS, &body).await
    };
    let first = send(counter.wish("1")).await;
    made(&first);
    assert_eq!(send(counter.wish("1")).await.text, first.text);
    scene.post(&scene.staff, RETURNS, &counter.wish("1")).await.assert_problem(422, "too_many");
    for (change, code) in [
        (json!({"items": []}), "no_items"),
        (json!({"items": [{"line": "9", "quantity": "1"}]}), "no_such_item"),
        (json!({"items": [{"line": "1", "quantity": "0"}]}), "bad_quantity"),
        (json!({"items": [{"line": "1", "quantity": 1}]}), "invalid_body"),
        (json!({"reason": "bored"}), "invalid_body"),
        (json!({"note": "a\u{0}b"}), "bad_text"),
        (json!({"state": "closed"}), "invalid_body"),
    ] {
        let mut body = counter.wish("1");
        body.as_object_mut().unwrap().extend(change.as_object().cloned().unwrap());
        scene.post(&scene.staff, RETURNS, &body).await.assert_problem(422, code);
    }
    let returned = first.json();
    let nowhere = "UPDATE return_case SET buyer_email = ''";
    scene.app.db.admin().await.unwrap().execute(nowhere, &[]).await.unwrap();
    let letter = json!({"subject": "Your return", "text": "We have it back."});
    let messages = format!("{}/messages", href(&returned));
    scene.post(&scene.staff, &messages, &letter).await.assert_problem(422, "no_email");
}

#[actix_web::test]
async fn photos_are_pictures_of_who_uploaded_them_and_are_seen_by_who_sees_the_return() {
    let counter = Counter::open().await;
    let scene = &counter.scene;
    let returned = counter.open_return().await;
    let photos = format!("{}/photos", href(&returned));
    let attach = async |ids: &[&Value]| scene.post(&scene.staff, &photos, &json!({"attachments": ids})).await;
    let picture_of = async |token: &str| made(&counter.upload(token, "bag.png", picture()).await)["id"].clone();
    let (photo, admins) = (picture_of(&scene.staff).await, picture_of(&scene.admin).await);
    let text = made(&counter.upload(&scene.staff, "bag.txt", b"torn".to_vec()).await)["id"].clone();
    attach(&[]).await.assert_problem(422, "no_photos");
    attach(&[&photo, &text]).await.assert_problem(422, "not_picture");
    attach(&[&photo, &admins]).await.assert_problem(422, "not_yours");
    made(&attach(&[&photo]).await);
    attach(&[&photo]).await.assert_problem(422, "not_yours");

    let page = scene.app.fetch(&scene.user, href(&returned)).await;
    let shown = page["photos"].as_array().unwrap();
    assert_eq!((shown.len(), &shown[0]["id"], &shown[0]["media_type"]), (1, &photo, &json!("image/png")));
    let file = shown[0]["href"].as_str().unwrap();
    assert_eq!(scene.app.status(&scene.user, file).await, StatusCode::OK);
    let outdoor = scene.app.log_in(&scene.world.outdoor.admin).await;
    assert_eq!(scene.app.status(&outdoor, file).await, StatusCode::NOT_FOUND);
}
