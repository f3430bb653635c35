//! Products as programs and people make, rewrite, copy and throw them away: what becomes an intent, and what is refused.

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Call, Scene};
use crate::app::{Answer, HOST, bearer, peer};

const PRODUCTS: &str = "/api/v1/products";

impl Scene {
    fn at(&self) -> String {
        format!("{PRODUCTS}/{}", self.product)
    }

    async fn wish(&self, method: Method, path: &str, body: Value) -> Answer {
        self.send(Call { token: &self.staff, version: None, key: None }, method, path, &body).await
    }

    /// A form of the panel, by staff.
    async fn hand_in(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = TestRequest::post().uri(path).peer_addr(peer(1)).insert_header(("host", HOST));
        self.app.call(form.insert_header(bearer(&self.staff)).set_form(fields)).await
    }

    async fn page(&self, token: &str, path: &str) -> Answer {
        let request = TestRequest::get().uri(path).peer_addr(peer(1)).insert_header(("host", HOST));
        self.app.call(request.insert_header(bearer(token))).await
    }

    /// Kinds and edits of what is on its way, newest first.
    async fn under_way(&self) -> Vec<(String, Value)> {
        let page = self.app.fetch(&self.staff, "/api/v1/intents").await;
        let told = |one: &Value| (one["kind"].as_str().unwrap().to_owned(), one["edit"].clone());
        page["items"].as_array().unwrap().iter().map(told).collect()
    }
}

fn code(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

#[actix_web::test]
async fn a_product_that_is_asked_for_twice_with_one_key_is_made_once() {
    let scene = Scene::start().await;
    let body = json!({"store_id": scene.world.coffee.store, "name": " Kettle ", "regular_price": "9.50", "stock_quantity": "3"});
    let send = async || {
        let call = Call { token: &scene.staff, version: None, key: Some("kettle-1") };
        scene.send(call, Method::POST, PRODUCTS, &body).await
    };
    let (first, again) = (send().await, send().await);
    assert_eq!((first.status, &first.text), (StatusCode::ACCEPTED, &again.text));
    let intent = first.json()["intents"][0].clone();
    assert_eq!((&intent["kind"], &intent["entity_id"]), (&json!("product.create"), &intent["id"]));
    assert_eq!(scene.under_way().await.len(), 1);
    assert_eq!(scene.under_way().await[0].1["product"]["name"], "Kettle");
}

#[actix_web::test]
async fn what_no_store_would_make_is_refused_with_its_reason() {
    let scene = Scene::start().await;
    let store = scene.world.coffee.store;
    let shirt =
        |attributes: Value| json!({"store_id": store, "name": "Shirt", "kind": "variable", "attributes": attributes});
    for (body, reason) in [
        (json!({"store_id": store, "name": " "}), "empty"),
        (json!({"store_id": store, "name": "Cup", "status": "trash"}), "bad_status"),
        (json!({"store_id": store, "name": "Cup", "regular_price": "1", "sale_price": "2"}), "sale_not_below_regular"),
        (json!({"store_id": store, "name": "Cup", "stock_quantity": "0.5"}), "too_precise"),
        (json!({"store_id": store, "name": "Cup", "categories": ["999"]}), "bad_category"),
        (json!({"store_id": store, "name": "Cup", "kind": "grouped"}), "invalid_body"),
        (shirt(json!([])), "empty"),
        (shirt(json!([{"name": "Colour", "options": [" "]}])), "empty"),
    ] {
        let answer = scene.wish(Method::POST, PRODUCTS, body.clone()).await;
        assert_eq!(code(&answer), (422, reason.to_owned()), "{body}: {}", answer.text);
    }
    // The scene's product is sold by itself.
    let answer =
        scene.wish(Method::POST, &format!("{}/variations", scene.at()), json!({"options": {"Colour": "Red"}})).await;
    assert_eq!(code(&answer), (422, "bad_option".to_owned()));
    let nobodys = json!({"store_id": Uuid::now_v7(), "name": "Cup"});
    assert_eq!(scene.wish(Method::POST, PRODUCTS, nobodys).await.status, StatusCode::NOT_FOUND);
    assert!(scene.under_way().await.is_empty());
}

#[actix_web::test]
async fn texts_and_the_trash_depend_on_what_was_seen() {
    let scene = Scene::start().await;
    let name = scene.app.fetch(&scene.staff, &scene.at()).await["name"].clone();
    let texts = json!({"name": "Cup", "description": "Hot", "expected": {"name": name, "description": ""}});
    let answer = scene.wish(Method::PATCH, &scene.at(), texts).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    assert_eq!(scene.under_way().await[0].1["fields"], json!({"name": "Cup", "description": "Hot"}));

    let stale = json!({"name": "Cup", "expected": {"name": "Another"}});
    let answer = scene.wish(Method::PATCH, &scene.at(), stale).await;
    assert_eq!(code(&answer), (409, "changed".to_owned()), "{}", answer.text);
    let answer = scene.wish(Method::DELETE, &scene.at(), json!({"expected": {"status": "draft"}})).await;
    assert_eq!(code(&answer), (409, "changed".to_owned()), "{}", answer.text);
    let answer = scene.wish(Method::DELETE, &scene.at(), json!({"expected": {"status": "publish"}})).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    assert_eq!(
        scene.under_way().await.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>(),
        ["product.trash", "product.text"]
    );
}

#[actix_web::test]
async fn a_copy_is_a_draft_without_number_and_count() {
    let scene = Scene::start().await;
    let answer = scene.wish(Method::POST, &format!("{}/duplicate", scene.at()), json!({"name": "Second"})).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let copy = scene.under_way().await[0].1["product"].clone();
    assert_eq!((&copy["name"], &copy["status"], &copy["sku"]), (&json!("Second"), &json!("draft"), &json!("")));
    assert_eq!((&copy["stock_quantity"], &copy["regular_price"]), (&json!("0"), &json!("9.5")));
}

#[actix_web::test]
async fn the_panels_forms_make_rewrite_copy_and_throw_away() {
    let scene = Scene::start().await;
    let (page, deed) = (format!("/products/{}", scene.product), Uuid::now_v7().to_string());
    let store = scene.world.coffee.store.to_string();
    let asked = scene.page(&scene.staff, "/products/new").await;
    assert!(asked.text.contains("action=\"/products/new\"") && asked.text.contains(&store), "{}", asked.text);
    assert_eq!(scene.page(&scene.owner, "/products/new").await.status, StatusCode::FORBIDDEN);
    let empty = scene.page(&scene.staff, &format!("/products/new?store={store}")).await;
    assert!(empty.text.contains("action=\"/products\""), "{}", empty.text);

    let wrong =
        [("store", store.as_str()), ("deed", &deed), ("name", "Teapot <1>"), ("status", "draft"), ("regular", "12,x")];
    let back = scene.hand_in("/products", &wrong).await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        back.text.contains("Teapot &#60;1&#62;") && back.text.contains("12,x"),
        "typed words are lost: {}",
        back.text
    );
    let right =
        [("store", store.as_str()), ("deed", &deed), ("name", "Teapot"), ("status", "draft"), ("regular", "12,50")];
    for _ in 0..2 {
        let made = scene.hand_in("/products", &right).await;
        assert_eq!(made.header("location"), Some(format!("/changes/{deed}?said=proposed").as_str()), "{}", made.text);
    }
    assert_eq!(scene.under_way().await.len(), 1, "a form that was sent twice makes one");
    let watched = scene.page(&scene.staff, &format!("/changes/{deed}")).await;
    assert!(watched.text.contains("New product: Teapot"), "{}", watched.text);

    let shown = scene.page(&scene.staff, &page).await;
    for form in ["/texts", "/duplicate", "/trash"] {
        assert!(shown.text.contains(&format!("action=\"{page}{form}\"")), "{form}: {}", shown.text);
    }
    assert!(!scene.page(&scene.owner, &page).await.text.contains("/trash\""), "a merchant is offered the trash");
    let same = [("name", "Product 001"), ("seen.name", "Product 001")];
    let told = scene.hand_in(&format!("{page}/texts"), &same).await;
    assert_eq!(told.header("location"), Some(format!("{page}?said=unchanged").as_str()));
    let told = scene.hand_in(&format!("{page}/texts"), &[("name", "Mug"), ("seen.name", "Product 001")]).await;
    assert_eq!(told.header("location"), Some(format!("{page}?said=proposed").as_str()), "{}", told.text);
    let told = scene.hand_in(&format!("{page}/texts"), &[("name", "Mug"), ("seen.name", "Bowl")]).await;
    assert_eq!(told.status, StatusCode::CONFLICT, "{}", told.text);
    assert!(told.text.contains(&format!("action=\"{page}/texts\"")), "the wish is not offered again: {}", told.text);
    scene.hand_in(&format!("{page}/duplicate"), &[("deed", &Uuid::now_v7().to_string()), ("name", "Copy")]).await;
    scene.hand_in(&format!("{page}/trash"), &[("seen", "publish")]).await;
    let kinds: Vec<String> = scene.under_way().await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["product.trash", "product.create", "product.text", "product.create"]);
}
