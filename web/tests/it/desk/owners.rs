//! Who owns a store's fields: said by staff alone, told on every page, and kept by every door through which a change comes.

use actix_web::http::{Method, StatusCode};
use serde_json::{Value, json};
use storewire_db::identity;

use super::{APPROVALS, Call, Scene, approve, done};
use crate::{
    app::Answer,
    panel::{form, log_in, open},
    seed::STAFF,
};

const ALONE: &str = "the shop alone changes this";

impl Scene {
    fn fields(&self) -> String {
        format!("/api/v1/stores/{}/fields", self.world.coffee.store)
    }

    async fn set_owners(&self, token: &str, version: Option<&str>, fields: Value) -> Answer {
        let by = Call { token, version, key: None };
        self.send(by, Method::PATCH, &self.fields(), &json!({ "fields": fields })).await
    }

    /// Everything that can be changed from here is the shop's.
    async fn give_all_to_the_shop(&self) {
        let held = self.app.fetch(&self.admin, &self.fields()).await;
        let all: Value =
            held["fields"].as_object().unwrap().keys().map(|field| (field.clone(), json!("shop"))).collect();
        done(&self.set_owners(&self.admin, Some(&held["version"].to_string()), all).await);
    }

    async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Call { token: &self.staff, version: None, key: None }, Method::PATCH, path, &body).await
    }
}

#[actix_web::test]
async fn staff_say_who_owns_what_on_the_version_that_they_saw_and_merchants_never() {
    let scene = Scene::start().await;
    let held = scene.app.fetch(&scene.staff, &scene.fields()).await;
    assert_eq!((&held["version"], held["fields"].as_object().unwrap().len()), (&json!(0), 9));
    assert!(held["fields"].as_object().unwrap().values().all(|owner| owner == "last_writer"), "{held}");

    let price = || json!({"product.price": "shop"});
    scene.set_owners(&scene.staff, None, price()).await.assert_problem(428, "version_needed");
    scene.set_owners(&scene.staff, Some("4"), price()).await.assert_problem(412, "changed");
    for bad in [json!({"product.colour": "shop"}), json!({"product.price": "here"})] {
        scene.set_owners(&scene.staff, Some("0"), bad).await.assert_problem(422, "invalid_body");
    }
    for _ in 0..2 {
        let by = Call { token: &scene.staff, version: Some("0"), key: Some("owners-1") };
        let set = scene.send(by, Method::PATCH, &scene.fields(), &json!({ "fields": price() })).await;
        assert_eq!((&done(&set)["version"], &set.json()["fields"]["product.price"]), (&json!(1), &json!("shop")));
    }
    let late = scene.set_owners(&scene.admin, Some("0"), json!({"product.stock": "shop"})).await;
    late.assert_problem(412, "changed");
    assert_eq!((&late.json()["version"], &late.json()["fields"]["product.price"]), (&json!(1), &json!("shop")));

    for token in [&scene.owner, &scene.user] {
        scene
            .set_owners(token, Some("1"), json!({"product.price": "last_writer"}))
            .await
            .assert_problem(403, "forbidden");
        assert_eq!(scene.app.status(token, &scene.fields()).await, StatusCode::FORBIDDEN);
    }
    let others = scene.app.log_in(&scene.world.outdoor.admin).await;
    scene.set_owners(&others, Some("1"), price()).await.assert_problem(404, "not_found");
    let tx = scene.app.db.db().tenant(scene.world.outdoor.tenant).await.unwrap();
    identity::assign_staff(&tx, scene.world.staff, scene.world.outdoor.store).await.unwrap();
    tx.commit().await.unwrap();
    scene.set_owners(&scene.staff, Some("1"), price()).await.assert_problem(404, "not_found");
    let held = scene.app.fetch(&scene.admin, &scene.fields()).await;
    assert_eq!((&held["version"], &held["fields"]["product.price"]), (&json!(1), &json!("shop")));
}

#[actix_web::test]
async fn what_the_shop_alone_changes_is_refused_at_every_door_and_by_its_name() {
    let scene = Scene::start().await;
    let order = scene.world.coffee.sell(&scene.app, 1).await[0];
    let customer = scene.world.coffee.greet(&scene.app).await;
    let import = json!({"store_id": scene.world.coffee.store, "name": "counts.csv", "csv": "sku,stock\nP-1,20\n"});
    let import = scene.post(&scene.staff, "/api/v1/inventory/imports", &import).await.json();
    let asked = scene.ask(&scene.user, 9).await;
    scene.give_all_to_the_shop().await;

    let (product, order) = (format!("/api/v1/products/{}", scene.product), format!("/api/v1/orders/{order}"));
    for (path, body) in [
        (&product, json!({"regular_price": "12", "expected": {"regular_price": "9.5"}})),
        (&product, json!({"status": "draft", "expected": {"status": "publish"}})),
        (&product, json!({"sku": "P-7", "expected": {"sku": "P-1"}})),
        (&format!("/api/v1/inventory/{}", scene.product), json!({"change": "+3"})),
        (&order, json!({"status": "completed", "expected": {"status": "processing"}})),
        (&order, json!({"note": {"text": "packed"}})),
        (&order, json!({"tracking": {"provider": "DHL", "number": "1Z"}})),
        (
            &format!("/api/v1/customers/{customer}"),
            json!({"fields": {"billing.city": "Ankara"}, "expected": {"billing.city": "Istanbul"}}),
        ),
    ] {
        scene.patch(path, body.clone()).await.assert_problem(422, "shop_owns");
    }
    let trash = Call { token: &scene.staff, version: None, key: None };
    let trash = scene.send(trash, Method::DELETE, &product, &json!({"expected": {"status": "publish"}})).await;
    trash.assert_problem(422, "shop_owns");
    assert!(trash.json()["detail"].as_str().unwrap().contains("in the shop"), "{}", trash.text);

    let id = order.rsplit('/').next().unwrap();
    let many = json!({"status": "completed", "orders": [{"id": id, "seen_status": "processing"}]});
    let many = scene.post(&scene.staff, "/api/v1/orders/bulk", &many).await.json();
    assert_eq!((&many["items"][0]["outcome"], &many["items"][0]["code"]), (&json!("refused"), &json!("shop_owns")));
    let href = import["href"].as_str().unwrap();
    let by = Call { token: &scene.staff, version: Some("1"), key: None };
    let written = scene.send(by, Method::POST, &format!("{href}/write"), &json!({})).await;
    assert_eq!(written.status, StatusCode::ACCEPTED, "{}", written.text);
    let lines = scene.app.fetch(&scene.staff, &format!("{href}/lines")).await.to_string();
    assert!(lines.contains("shop_owns"), "{lines}");

    scene.decide(&scene.staff, &asked, &approve()).await.assert_problem(422, "shop_owns");
    let wish = json!({"entity_id": scene.product, "regular_price": "12"});
    scene.post(&scene.user, APPROVALS, &wish).await.assert_problem(422, "shop_owns");
    assert_eq!(scene.intents().await, 0, "nothing is on its way");
    // What nobody owns yet is made all the same.
    let copy = scene.post(&scene.staff, &format!("{product}/duplicate"), &json!({"name": "Another"})).await;
    assert_eq!(copy.status, StatusCode::ACCEPTED, "{}", copy.text);
}

#[actix_web::test]
async fn a_form_that_was_open_meanwhile_is_refused_with_the_reason() {
    let scene = Scene::start().await;
    let staff = log_in(&scene.app, STAFF).await;
    scene.give_all_to_the_shop().await;
    let page = format!("/products/{}", scene.product);
    let press = async |path: String, fields: &[(&str, &str)]| {
        let answer = scene.app.call(form(&path, fields).cookie(staff.clone())).await;
        answer.header("location").unwrap_or_else(|| panic!("{path}: {}", answer.text)).to_owned()
    };
    let refused = format!("{page}?said=shop_owns");
    assert_eq!(press(format!("{page}/stock"), &[("seen", "1"), ("quantity", "7")]).await, refused);
    let price = [("seen_regular", "9.5"), ("seen_sale", ""), ("regular", "12"), ("sale", "")];
    assert_eq!(press(format!("{page}/price"), &price).await, refused);
    assert_eq!(press(format!("{page}/status"), &[("seen", "publish"), ("status", "draft")]).await, refused);
    assert!(open(&scene.app, &staff, &refused).await.text.contains("The shop alone changes this."));
    assert_eq!(scene.intents().await, 0);
}

#[actix_web::test]
async fn the_stores_page_takes_owners_by_a_form_and_is_no_page_for_merchants() {
    let scene = Scene::start().await;
    let staff = log_in(&scene.app, STAFF).await;
    let page = format!("/stores/{}", scene.world.coffee.store);
    let path = format!("{page}/fields");
    let send = async |version: &str, owner: &str| {
        let fields = [("version", version), ("product.price", owner), ("order.status", "last_writer")];
        let answer = scene.app.call(form(&path, &fields).cookie(staff.clone())).await;
        answer.header("location").unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
    };
    let shown = open(&scene.app, &staff, &page).await.text;
    assert!(shown.contains("name=\"product.price\"") && !shown.contains("<option value=\"shop\" selected>"), "{shown}");
    assert_eq!(send("0", "shop").await, format!("{page}?said=owners"));
    assert_eq!(send("0", "last_writer").await, format!("{page}?said=owners_changed"), "somebody was faster");
    let shown = open(&scene.app, &staff, &page).await.text;
    assert_eq!(shown.matches("<option value=\"shop\" selected>").count(), 1, "{shown}");
    assert_eq!(send("1", "last_writer").await, format!("{page}?said=owners"));
    let bad = form(&path, &[("version", "2"), ("product.price", "nobody")]).cookie(staff.clone());
    assert_eq!(scene.app.call(bad).await.status, StatusCode::BAD_REQUEST);
    for email in [&scene.world.coffee.admin, &scene.world.coffee.user] {
        let merchant = log_in(&scene.app, email).await;
        let sent = form(&path, &[("version", "2"), ("product.price", "shop")]).cookie(merchant);
        assert_eq!(scene.app.call(sent).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(scene.app.fetch(&scene.staff, &scene.fields()).await["fields"]["product.price"], "last_writer");
}

#[actix_web::test]
async fn every_page_tells_who_changes_what_and_has_a_sentence_where_the_shop_alone_does() {
    let scene = Scene::start().await;
    let order = format!("/orders/{}", scene.world.coffee.sell(&scene.app, 1).await[0]);
    let customer = format!("/customers/{}", scene.world.coffee.greet(&scene.app).await);
    let (product, stock) = (format!("/products/{}", scene.product), format!("/inventory/{}", scene.product));
    let staff = log_in(&scene.app, STAFF).await;
    let merchant = log_in(&scene.app, &scene.world.coffee.admin).await;
    let forms = [
        (&product, &["/stock\"", "/price\"", "/status\"", "/texts\"", "/trash\""][..]),
        (&order, &["/status\"", "/notes\"", "/tracking\""]),
        (&customer, &["name=\"billing.city\""]),
        (&stock, &["/adjust\""]),
    ];
    for (path, parts) in forms {
        for reader in [&staff, &merchant] {
            let page = open(&scene.app, reader, path).await.text;
            assert!(page.contains("Shop and here") && page.contains("Here only"), "{path}: {page}");
            assert!(page.contains("Shop only") && !page.contains(ALONE), "all else is the shop's: {page}");
        }
        let page = open(&scene.app, &staff, path).await.text;
        assert!(parts.iter().all(|part| page.contains(part)), "{path}: {page}");
    }
    assert!(open(&scene.app, &merchant, &product).await.text.contains("id=\"ask-stock\""));

    scene.give_all_to_the_shop().await;
    for (path, parts) in forms {
        let page = open(&scene.app, &staff, path).await.text;
        assert!(page.contains(ALONE) && !page.contains("Shop and here"), "{path}: {page}");
        assert!(!parts.iter().any(|part| page.contains(part)), "{path} has a form that would be refused: {page}");
        assert!(page.contains("Here only"), "{path}: {page}");
    }
    assert!(open(&scene.app, &staff, &stock).await.text.contains("id=\"level-field\""), "the level is ours");
    for path in [&product, &order, &stock] {
        let page = open(&scene.app, &merchant, path).await.text;
        assert!(page.contains(ALONE) && !page.contains("name=\"wish\""), "{path}: {page}");
    }
}
