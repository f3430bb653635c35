//! Stock as programs and people meet it: listed, moved by a number or by so many more, warned of, and counted in files.

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use serde_json::{Value, json};
use storewire_db::stock::{self, NewMove};
use storewire_domain::{ProductId, Source};
use uuid::Uuid;

use super::{Call, Scene, done};
use crate::app::{Answer, HOST, bearer, peer};

const INVENTORY: &str = "/api/v1/inventory";
const IMPORTS: &str = "/api/v1/inventory/imports";

impl Scene {
    fn stock(&self) -> String {
        format!("{INVENTORY}/{}", self.product)
    }

    async fn move_stock(&self, body: Value) -> Answer {
        self.send(Call { token: &self.staff, version: None, key: None }, Method::PATCH, &self.stock(), &body).await
    }

    async fn set_level(&self, token: &str, version: Option<&str>, level: Value) -> Answer {
        let path = format!("{}/threshold", self.stock());
        self.send(Call { token, version, key: None }, Method::PUT, &path, &json!({ "level": level })).await
    }

    async fn import(&self, csv: &str) -> Answer {
        let body = json!({ "store_id": self.world.coffee.store, "name": "counts.csv", "csv": csv });
        self.post(&self.staff, IMPORTS, &body).await
    }

    /// A page or a form of the panel, by staff.
    async fn panel(&self, method: Method, path: &str, form: Option<&'static str>) -> Answer {
        let request = TestRequest::default().method(method).uri(path).peer_addr(peer(1)).insert_header(("host", HOST));
        let request = request.insert_header(bearer(&self.staff));
        self.app
            .call(match form {
                Some(form) => {
                    request.insert_header(("content-type", "application/x-www-form-urlencoded")).set_payload(form)
                }
                None => request,
            })
            .await
    }

    /// A file of counts as a browser sends it.
    async fn upload(&self, name: &str, bytes: &[u8]) -> Answer {
        let part = |name: &str| format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"");
        let mut body = format!("{}\r\n\r\n{}\r\n", part("deed"), Uuid::now_v7());
        body.push_str(&format!("{}\r\n\r\n{}\r\n", part("store"), self.world.coffee.store));
        body.push_str(&format!("{}; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n", part("file")));
        let body = [body.as_bytes(), bytes, b"\r\n--cut--\r\n"].concat();
        let request = TestRequest::post().uri("/inventory/imports").peer_addr(peer(1)).insert_header(("host", HOST));
        let request = request.insert_header(("content-type", "multipart/form-data; boundary=cut"));
        self.app.call(request.insert_header(bearer(&self.staff)).set_payload(body)).await
    }

    /// What the lines of a file came to, in their order.
    async fn findings(&self, import: &Value) -> Vec<(String, String)> {
        let path = format!("{IMPORTS}/{}/lines", import["id"].as_str().unwrap());
        let page = self.app.fetch(&self.staff, &path).await;
        let told =
            |line: &Value| (line["given"].as_str().unwrap().to_owned(), line["finding"].as_str().unwrap().to_owned());
        page["items"].as_array().unwrap().iter().map(told).collect()
    }
}

#[actix_web::test]
async fn stock_is_told_with_its_level_and_low_is_a_list_of_its_own() {
    let scene = Scene::start().await;
    let of = async |token: &str, query: &str| {
        let page = scene.app.fetch(token, &format!("{INVENTORY}{query}")).await;
        page["items"].as_array().unwrap().clone()
    };
    let listed = of(&scene.user, "").await;
    assert_eq!((listed.len(), &listed[0]["stock_quantity"], &listed[0]["level"]), (1, &json!("1"), &Value::Null));
    scene.set_level(&scene.user, None, json!("5")).await.assert_problem(403, "forbidden");
    let threshold = format!("{}/threshold", scene.stock());
    for _ in 0..2 {
        let keyed = Call { token: &scene.owner, version: None, key: Some("level-1") };
        let set = scene.send(keyed, Method::PUT, &threshold, &json!({"level": "5"})).await;
        assert_eq!(done(&set), json!({"level": "5", "version": 1}), "again it is the first answer");
    }
    let low = of(&scene.staff, "?low=true").await;
    assert_eq!((low.len(), &low[0]["is_low"], &low[0]["level"]), (1, &json!(true), &json!("5")));
    assert!(low[0]["low_since"].is_string(), "{low:?}");
    let outdoor = scene.app.log_in(&scene.world.outdoor.admin).await;
    assert!(of(&outdoor, "?low=true").await.is_empty());
    assert_eq!(scene.app.status(&outdoor, &scene.stock()).await, StatusCode::NOT_FOUND);

    scene.set_level(&scene.staff, None, json!("0")).await.assert_problem(428, "version_needed");
    let late = scene.set_level(&scene.staff, Some("7"), json!("0")).await;
    late.assert_problem(412, "changed");
    assert_eq!((&late.json()["level"], &late.json()["version"]), (&json!("5"), &json!(1)));
    scene.set_level(&scene.staff, Some("1"), json!("-1")).await.assert_problem(422, "negative");
    assert_eq!(done(&scene.set_level(&scene.staff, Some("1"), json!("0")).await)["version"], 2);
    assert!(of(&scene.staff, "?low=true").await.is_empty(), "one is more than none");
    assert_eq!(
        done(&scene.set_level(&scene.owner, Some("2"), Value::Null).await),
        json!({"level": null, "version": 3})
    );
    let shown = scene.app.fetch(&scene.user, &scene.stock()).await;
    assert_eq!((&shown["level"], &shown["level_version"], &shown["siblings"]), (&Value::Null, &json!(3), &json!([])));
}

#[actix_web::test]
async fn a_count_is_moved_by_so_many_more_only_from_the_number_that_was_seen() {
    let scene = Scene::start().await;
    for (body, status, code) in [
        (json!({}), 422, "nothing_to_change"),
        (json!({"stock_quantity": "2", "change": "1"}), 422, "one_at_a_time"),
        (json!({"change": "-2"}), 422, "negative"),
        (json!({"change": 2}), 422, "invalid_body"),
        (json!({"change": "1", "expected": {"stock_quantity": "many"}}), 422, "bad_expectation"),
        (json!({"change": "1", "reason": "x".repeat(201)}), 422, "too_long"),
        (json!({"change": "1", "expected": {"stock_quantity": "5"}}), 409, "changed"),
        (json!({"stock_quantity": "9", "expected": {"stock_quantity": "5"}}), 409, "changed"),
    ] {
        scene.move_stock(body).await.assert_problem(status, code);
    }
    assert_eq!(scene.intents().await, 0);
    let moved = scene.move_stock(json!({"change": "+3", "reason": " found behind the shelf "})).await;
    assert_eq!(moved.status, StatusCode::ACCEPTED, "{}", moved.text);
    let intent = moved.json()["intents"][0].clone();
    assert_eq!((&intent["edit"]["quantity"], &intent["expected"]), (&json!("4"), &json!({"stock_quantity": "1"})));
    let note = "SELECT count(*) FROM intent WHERE cause->>'note' = 'found behind the shelf'";
    let admin = scene.app.db.admin().await.unwrap();
    assert_eq!(admin.query_one(note, &[]).await.unwrap().get::<_, i64>(0), 1);
}

#[actix_web::test]
async fn the_ledger_is_read_by_all_who_see_the_product_and_by_nobody_else() {
    let scene = Scene::start().await;
    let product = ProductId(scene.product.parse().unwrap());
    let moved = |before: i64, after: i64| NewMove {
        product,
        before: Some(before.into()),
        after: Some(after.into()),
        source: Source::Webhook,
        write: None,
    };
    let now = scene.app.clock.now();
    let tx = scene.app.db.db().tenant(scene.world.coffee.tenant).await.unwrap();
    stock::append(&tx, scene.world.coffee.store, &[moved(9, 4), moved(4, 1)], now).await.unwrap();
    tx.commit().await.unwrap();
    let path = format!("{}/moves", scene.stock());
    for token in [&scene.user, &scene.owner, &scene.staff] {
        let first = scene.app.fetch(token, &format!("{path}?limit=1")).await;
        let entry = &first["items"][0];
        assert_eq!((&entry["before"], &entry["after"], &entry["reason"]), (&json!("4"), &json!("1"), &json!("shop")));
        let next = first["next"].as_str().unwrap();
        let second = scene.app.fetch(token, &format!("{path}?limit=1&after={next}")).await;
        assert_eq!((&second["items"][0]["before"], &second["next"]), (&json!("9"), &Value::Null));
    }
    let outdoor = scene.app.log_in(&scene.world.outdoor.admin).await;
    assert_eq!(scene.app.status(&outdoor, &path).await, StatusCode::NOT_FOUND);
    let page = scene.send(Call { token: &scene.user, version: None, key: None }, Method::GET, &path, &json!({})).await;
    assert!(!page.text.contains("intent_id"), "{}", page.text);
}

#[actix_web::test]
async fn a_file_of_counts_is_written_once_by_who_looked_at_it_and_not_after_it_was_put_away() {
    let scene = Scene::start().await;
    let looked_at = scene.import("sku,stock\nP-1,20\nP-9,3\n").await;
    assert_eq!(looked_at.status, StatusCode::CREATED, "{}", looked_at.text);
    let import = looked_at.json();
    let href = import["href"].as_str().unwrap();
    assert_eq!(looked_at.header("location"), Some(href));
    assert_eq!((&import["lines"], &import["changes"], &import["left"]), (&json!(2), &json!(1), &json!(1)));
    assert_eq!(scene.intents().await, 0, "a look writes nothing");
    let shown = scene.app.fetch(&scene.staff, href).await;
    assert_eq!(shown["findings"], json!({"change": 1, "unknown": 1}));

    let path = format!("{href}/write");
    let write = async |token: &str, version: Option<&str>| {
        let key = version.filter(|version| *version == "1");
        scene.send(Call { token, version, key }, Method::POST, &path, &json!({})).await
    };
    write(&scene.owner, Some("1")).await.assert_problem(403, "forbidden");
    let outdoor = scene.app.log_in(&scene.world.outdoor.admin).await;
    write(&outdoor, Some("1")).await.assert_problem(404, "not_found");
    write(&scene.staff, None).await.assert_problem(428, "version_needed");
    write(&scene.staff, Some("9")).await.assert_problem(412, "changed");
    let (first, again) = (write(&scene.staff, Some("1")).await, write(&scene.staff, Some("1")).await);
    assert_eq!(first.status, StatusCode::ACCEPTED, "{}", first.text);
    assert_eq!((again.status, &again.text, scene.intents().await), (first.status, &first.text, 1));
    assert_eq!((&first.json()["state"], &first.json()["left"]), (&json!("written"), &json!(0)));
    let shown = scene.app.fetch(&scene.staff, href).await;
    assert_eq!(shown["outcomes"], json!({"waiting": 1}));
    let put_away = format!("{href}/drop");
    let by = |version| Call { token: &scene.staff, version: Some(version), key: None };
    scene.send(by("2"), Method::POST, &put_away, &json!({})).await.assert_problem(409, "not_previewed");

    let second = scene.import("sku,stock\nP-1,7\n").await.json();
    let href = second["href"].as_str().unwrap();
    let dropped = scene.send(by("1"), Method::POST, &format!("{href}/drop"), &json!({})).await;
    assert_eq!(done(&dropped)["state"], "dropped");
    scene.send(by("2"), Method::POST, &format!("{href}/write"), &json!({})).await.assert_problem(409, "not_previewed");
    assert_eq!(scene.intents().await, 1);
}

#[actix_web::test]
async fn i3_what_a_hostile_file_of_counts_holds_is_text_and_nothing_more() {
    let scene = Scene::start().await;
    let hostile = "\u{feff}SKU;note;Stok\r\n\
        P-1;<script>alert(1)</script>;=1+1\r\n\
        =cmd|'/c calc'!A1;x;3\r\n\
        P-1' OR 1=1 --;x;3\r\n\
        \"P-1\u{0}\u{7}\";\"a;\r\nb\";9\r\n";
    let import = scene.import(hostile).await.json();
    assert_eq!(import["ignored_columns"], json!(["note"]));
    let told = |given: &str, finding: &str| (given.to_owned(), finding.to_owned());
    let wanted = [told("=1+1", "doubled"), told("3", "unknown"), told("3", "unknown"), told("9", "doubled")];
    assert_eq!(scene.findings(&import).await, wanted);
    let page = scene.panel(Method::GET, &format!("/inventory/imports/{}", import["id"].as_str().unwrap()), None).await;
    assert!(page.text.contains("=cmd|") && !page.text.contains("<script>alert"), "{}", page.text);

    let endless = format!("sku,stock\n{}", "A,1\n".repeat(10_001));
    scene.import(&endless).await.assert_problem(422, "too_many_lines");
    for none in ["", "\n", "name,price\nx,1\n", "sku\nP-1\n", "sku,stock,quantity\nP-1,1,2\n", "\u{0}"] {
        scene.import(none).await.assert_problem(422, "bad_file");
    }

    // As a browser sends it: letters of a table program of 1998, and a name that is a path.
    let latin = b"sku;stok\r\nCAF\xc9;3\r\nP-1;7,5\r\n";
    let sent = scene.upload("../../etc/<b>counts.csv", latin).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = scene.panel(Method::GET, sent.header("location").unwrap(), None).await;
    assert!(page.text.contains("CAFÉ") && page.text.contains("7.5") && page.text.contains("latin-1"), "{}", page.text);
    assert!(!page.text.contains("<b>counts"), "{}", page.text);
    let large = scene.upload("large.csv", &vec![b'a'; 5 * 1024 * 1024 + 1]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", large.text);
    let nothing = scene.upload("", b"").await;
    assert!(nothing.header("location").unwrap().contains("said=import_no_file"), "{}", nothing.text);
    assert_eq!(scene.intents().await, 0, "nothing was written by looking");
}

#[actix_web::test]
async fn the_pages_of_files_are_for_staff_and_a_level_is_set_where_it_was_seen() {
    let scene = Scene::start().await;
    let at = format!("/inventory/{}", scene.product);
    for (token, path, status) in [
        (&scene.user, "/inventory", StatusCode::OK),
        (&scene.user, at.as_str(), StatusCode::OK),
        (&scene.user, "/inventory?stock=odd", StatusCode::NOT_FOUND),
        (&scene.owner, "/inventory/import", StatusCode::NOT_FOUND),
        (&scene.staff, "/inventory/import", StatusCode::OK),
    ] {
        let by = Call { token, version: None, key: None };
        assert_eq!(scene.send(by, Method::GET, path, &json!({})).await.status, status, "{path}");
    }
    let level = format!("{at}/level");
    let set = |form: &'static str| scene.panel(Method::POST, &level, Some(form));
    let said = |answer: Answer| answer.header("location").map(str::to_owned).unwrap_or_default();
    let first = "deed=018f0000-0000-7000-8000-00000000000a&seen=&version=&level=5";
    assert!(said(set(first).await).ends_with("said=level"));
    let second = "deed=018f0000-0000-7000-8000-00000000000b&seen=5&version=1&level=many";
    assert!(said(set(second).await).ends_with("said=amount"));
    assert!(said(set(first).await).ends_with("said=level"), "a button that is pressed twice");
    let late = set("deed=018f0000-0000-7000-8000-00000000000c&seen=&version=&level=7").await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert!(late.text.contains("name=\"version\" value=\"1\""), "{}", late.text);

    let adjust = format!("{at}/adjust");
    let adjust = |form: &'static str| scene.panel(Method::POST, &adjust, Some(form));
    let twice = "deed=018f0000-0000-7000-8000-000000000001&seen=1&how=add&quantity=3&reason=a+pallet";
    for _ in 0..2 {
        assert!(said(adjust(twice).await).ends_with("said=proposed"));
    }
    assert_eq!(scene.intents().await, 1, "a button that is pressed twice");
    let slow = "deed=018f0000-0000-7000-8000-000000000002&seen=8&how=take&quantity=1";
    let slow = adjust(slow).await;
    assert_eq!(slow.status, StatusCode::CONFLICT);
    assert!(slow.text.contains("Set it to 0"), "{}", slow.text);
}
