//! Tickets on their way: said once, told to the other side, closed by whoever saw how they stand, and noted on where no merchant looks.

use actix_web::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Call, Scene, done, href, made};

const TICKETS: &str = "/api/v1/support/tickets";

impl Scene {
    /// Opens one about the product.
    pub(super) async fn open(&self, token: &str) -> Value {
        let about = json!({"kind": "product", "id": self.product});
        let wish = json!({"store_id": self.world.coffee.store, "subject": "Two boxes are wet", "text": "outside", "about": about});
        made(&self.post(token, TICKETS, &wish).await)
    }

    pub(super) async fn say(&self, token: &str, ticket: &Value, text: &str) -> Value {
        let said = self.post(token, &format!("{}/messages", href(ticket)), &json!({"text": text})).await;
        made(&said)
    }

    async fn change(&self, token: &str, ticket: &Value, body: &Value) -> crate::app::Answer {
        let version = ticket["version"].to_string();
        let by = Call { token, version: Some(&version), key: None };
        self.send(by, Method::PATCH, href(ticket), body).await
    }

    async fn subjects(&self, token: &str, query: &str) -> Vec<String> {
        let page = self.app.fetch(token, &format!("{TICKETS}{query}")).await;
        let told =
            |item: &Value| format!("T-{} {} {}", item["number"], item["state"].as_str().unwrap(), item["is_unread"]);
        page["items"].as_array().unwrap().iter().map(told).collect()
    }
}

#[actix_web::test]
async fn a_ticket_goes_from_the_merchant_to_staff_and_back_and_each_side_sees_what_it_has_not_read() {
    let scene = Scene::start().await;
    let opened = scene.open(&scene.user).await;
    assert_eq!((&opened["number"], &opened["state"], &opened["version"]), (&json!(1), &json!("open"), &json!(1)));
    assert_eq!((&opened["priority"], &opened["about"]["title"]), (&json!("normal"), &json!("Product 001")));
    assert_eq!(opened.get("answer_due_at"), None, "how staff keep time is theirs");
    assert_eq!(scene.subjects(&scene.staff, "").await, ["T-1 open true"]);
    assert_eq!(scene.subjects(&scene.user, "").await, ["T-1 open false"], "one's own words are read");

    let answered = scene.say(&scene.staff, &opened, "we send two others").await;
    assert_eq!((&answered["state"], &answered["version"]), (&json!("answered"), &json!(2)));
    assert!(answered["answer_due_at"].is_string() && answered["first_answer_at"].is_string());
    assert_eq!(scene.subjects(&scene.user, "?state=answered").await, ["T-1 answered true"]);
    let read = scene.post(&scene.user, &format!("{}/read", href(&opened)), &json!({})).await;
    assert_eq!(read.status, StatusCode::NO_CONTENT, "{}", read.text);
    assert_eq!(scene.subjects(&scene.user, "").await, ["T-1 answered false"]);
    assert_eq!(scene.subjects(&scene.owner, "").await, ["T-1 answered true"], "each reads for themselves");

    let by = Call { token: &scene.user, version: None, key: None };
    let answer = scene.send(by, Method::GET, href(&opened), &Value::Null).await;
    assert_eq!(answer.header("etag"), Some("\"2\""));
    let page = done(&answer);
    let said: Vec<_> = page["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["text"].clone(), entry["is_by_staff"].clone()))
        .collect();
    assert_eq!(said, [(json!("outside"), json!(false)), (json!("we send two others"), json!(true))]);

    // Said twice with one key, it is said once.
    let path = format!("{}/messages", href(&opened));
    for _ in 0..2 {
        let keyed = Call { token: &scene.user, version: None, key: Some("k-1") };
        assert_eq!(made(&scene.send(keyed, Method::POST, &path, &json!({"text": "thank you"})).await)["version"], 3);
    }
    assert_eq!(scene.app.fetch(&scene.staff, href(&opened)).await["messages"].as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn a_ticket_is_changed_as_it_was_seen_and_by_whom_it_is_for() {
    let scene = Scene::start().await;
    let ticket = scene.open(&scene.user).await;
    let close = json!({"state": "closed"});
    let bare = Call { token: &scene.user, version: None, key: None };
    scene.send(bare, Method::PATCH, href(&ticket), &close).await.assert_problem(428, "version_needed");
    for body in [json!({"priority": "urgent"}), json!({"assignee": scene.world.staff})] {
        scene.change(&scene.owner, &ticket, &body).await.assert_problem(403, "forbidden");
    }
    for (body, code) in [
        (json!({}), "nothing_to_change"),
        (json!({"state": "closed", "priority": "low"}), "one_at_a_time"),
        (json!({"state": "answered"}), "bad_state"),
    ] {
        scene.change(&scene.staff, &ticket, &body).await.assert_problem(422, code);
    }
    let given = done(&scene.change(&scene.staff, &ticket, &json!({"assignee": scene.world.staff})).await);
    assert_eq!((&given["assignee"], &given["version"]), (&json!(scene.world.staff), &json!(2)));
    let late = scene.change(&scene.user, &ticket, &close).await;
    late.assert_problem(412, "changed");
    assert_eq!((&late.json()["version"], &late.json()["state"]), (&json!(2), &json!("open")));
    let closed = done(&scene.change(&scene.user, &given, &close).await);
    assert_eq!((&closed["state"], closed.get("assignee")), (&json!("closed"), None), "ids of staff are staff's");
    scene.change(&scene.staff, &closed, &close).await.assert_problem(409, "nothing_to_change");
    let nobody = done(&scene.change(&scene.staff, &closed, &json!({"assignee": null})).await);
    let open = done(&scene.change(&scene.owner, &nobody, &json!({"state": "open"})).await);
    assert_eq!((&open["state"], &open["version"]), (&json!("open"), &json!(5)));
    let urgent = done(&scene.change(&scene.staff, &open, &json!({"priority": "urgent"})).await);
    assert_eq!(urgent["priority"], "urgent");
}

#[actix_web::test]
async fn a_ticket_is_there_for_who_opened_it_for_the_merchants_admin_and_for_the_stores_staff() {
    let scene = Scene::start().await;
    let (mine, owners) = (scene.open(&scene.user).await, scene.open(&scene.owner).await);
    let outdoor = scene.app.log_in(&scene.world.outdoor.admin).await;
    let states = ["T-2 open false", "T-1 open true"];
    assert_eq!(scene.subjects(&scene.owner, "").await, states);
    assert_eq!(scene.subjects(&scene.user, "").await, ["T-1 open false"]);
    assert_eq!(scene.subjects(&outdoor, "").await, [] as [&str; 0]);
    for (token, ticket) in [(&outdoor, &mine), (&scene.user, &owners)] {
        let by = || Call { token, version: Some("1"), key: None };
        scene.send(by(), Method::GET, href(ticket), &Value::Null).await.assert_problem(404, "not_found");
        scene
            .send(by(), Method::PATCH, href(ticket), &json!({"state": "closed"}))
            .await
            .assert_problem(404, "not_found");
        for (deed, body) in [
            ("messages", json!({"text": "x"})),
            ("notes", json!({"text": "x"})),
            ("read", json!({})),
            ("actions", json!({"action": "resync"})),
        ] {
            scene.post(token, &format!("{}/{deed}", href(ticket)), &body).await.assert_problem(404, "not_found");
        }
    }
    let at_store = |store: Value| json!({"store_id": store, "subject": "x", "text": "x"});
    let elsewhere = at_store(json!(scene.world.outdoor.store));
    scene.post(&scene.user, TICKETS, &elsewhere).await.assert_problem(404, "not_found");
    let mut foreign = at_store(json!(scene.world.coffee.store));
    foreign["about"] = json!({"kind": "product", "id": scene.world.outdoor.stock(&scene.app, 1).await[0]});
    scene.post(&scene.user, TICKETS, &foreign).await.assert_problem(404, "not_found");
    let mut hasty = at_store(json!(scene.world.coffee.store));
    hasty["priority"] = json!("urgent");
    scene.post(&scene.user, TICKETS, &hasty).await.assert_problem(403, "staff_only");
    assert_eq!(made(&scene.post(&scene.staff, TICKETS, &hasty).await)["priority"], "urgent");
}

#[actix_web::test]
async fn a_request_is_decided_and_an_order_moved_from_the_thread_and_merchants_read_that_it_was() {
    let scene = Scene::start().await;
    let ticket = scene.open(&scene.user).await;
    let request = scene.ask(&scene.user, 20).await;
    let path = format!("{}/actions", href(&ticket));
    let approve = |version: u32| json!({"action": "approve", "request_id": request["id"], "version": version});
    scene.post(&scene.user, &path, &approve(1)).await.assert_problem(403, "forbidden");
    scene.post(&scene.staff, &path, &approve(7)).await.assert_problem(412, "changed");
    let accepted = scene.post(&scene.staff, &path, &approve(1)).await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.text);
    assert_eq!(scene.app.fetch(&scene.user, href(&request)).await["state"], "approved");
    assert_eq!(scene.intents().await, 1);
    for token in [&scene.user, &scene.staff] {
        let page = scene.app.fetch(token, href(&ticket)).await;
        let entry = page["messages"].as_array().unwrap().last().unwrap();
        assert_eq!(entry["kind"], "action");
        assert_eq!(entry["detail"], json!({"action": "approve", "request": request["id"]}));
    }
    let status = json!({"action": "order_status", "status": "completed", "seen": "processing"});
    scene.post(&scene.staff, &path, &status).await.assert_problem(404, "not_found");
    let resync = scene.post(&scene.staff, &path, &json!({"action": "resync"})).await;
    assert_eq!(resync.status, StatusCode::ACCEPTED, "{}", resync.text);

    let order = scene.world.coffee.sell(&scene.app, 1).await[0];
    let about = json!({"kind": "order", "id": order});
    let wish = json!({"store_id": scene.world.coffee.store, "subject": "Late", "text": "where is it?", "about": about});
    let of_order = made(&scene.post(&scene.user, TICKETS, &wish).await);
    let path = format!("{}/actions", href(&of_order));
    let refund = json!({"action": "order_status", "status": "refunded", "seen": "processing"});
    scene.post(&scene.staff, &path, &refund).await.assert_problem(422, "refund_elsewhere");
    assert_eq!(scene.app.fetch(&scene.user, href(&of_order)).await["messages"].as_array().unwrap().len(), 1);
    let moved = scene.post(&scene.staff, &path, &status).await;
    assert_eq!(moved.status, StatusCode::ACCEPTED, "{}", moved.text);
    assert_eq!(scene.intents().await, 2);
    let page = scene.app.fetch(&scene.user, href(&of_order)).await;
    assert_eq!(page["messages"][1]["detail"], json!({"action": "order_status", "status": "completed"}));
    let page = scene.app.fetch(&scene.staff, href(&of_order)).await;
    assert!(page["messages"][1]["detail"].get("intent").is_some(), "staff follow what writes to stores");
}
