//! What staff do with stores and their mail: each deed is a row, an entry in the diary and one in the audit.

use actix_web::{http::StatusCode, test::TestRequest};
use serde_json::{Value, json};

use crate::{
    app::{Answer, HOST, TestApp, bearer, peer, post},
    seed::{ADMIN, World},
};

struct Scene {
    app: TestApp,
    world: World,
    admin: String,
}

impl Scene {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let world = World::create(&app).await;
        let admin = app.log_in(ADMIN).await;
        Self { app, world, admin }
    }

    fn store(&self, rest: &str) -> String {
        format!("/api/v1/stores/{}{rest}", self.world.coffee.store)
    }

    async fn post(&self, path: &str, body: Option<Value>) -> Answer {
        let request = post(path).insert_header(bearer(&self.admin));
        self.app.call(body.into_iter().fold(request, TestRequest::set_json)).await
    }

    async fn get(&self, path: &str) -> Value {
        self.app.fetch(&self.admin, path).await
    }

    /// The kinds of the diary's entries, newest first.
    async fn diary(&self) -> Vec<String> {
        let items = self.get(&self.store("/diary")).await["items"].clone();
        items.as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
    }

    async fn audited(&self) -> Vec<String> {
        let path = format!("/api/v1/audit?entity={}", self.world.coffee.store);
        let items = self.get(&path).await["items"].clone();
        items.as_array().unwrap().iter().map(|deed| deed["action"].as_str().unwrap().to_owned()).collect()
    }
}

#[actix_web::test]
async fn a_store_is_resumed_paused_and_compared_and_its_diary_tells_who_did_it() {
    let scene = Scene::start().await;
    let state = async |deed: &str| scene.post(&scene.store(deed), None).await.json()["state"].clone();
    assert_eq!(state("/resume").await, "new", "nothing was imported yet");
    assert_eq!(state("/pause").await, "paused");
    assert_eq!(state("/reconcile").await, "paused");
    assert_eq!(scene.diary().await, ["reconcile_wanted", "paused", "resumed"]);
    assert_eq!(scene.audited().await, ["store.reconcile", "store.pause", "store.resume"]);
    let entry = scene.get(&scene.store("/diary?limit=1")).await;
    assert_eq!(entry["items"][0]["user_name"], "A Person");
    let next = entry["next"].as_str().unwrap();
    let older = scene.get(&scene.store(&format!("/diary?limit=1&after={next}"))).await;
    assert_eq!(older["items"][0]["kind"], "paused");
    let walks = scene.get(&scene.store("/walks")).await;
    let wanted = walks["walks"].as_array().unwrap().iter().find(|walk| walk["wanted_at"].is_string()).unwrap();
    assert_eq!(wanted["purpose"], "reconcile");
    assert!(walks["listings"].as_array().unwrap().iter().all(|one| one["position"].is_null()));
    assert_eq!(scene.get(&scene.store("/drift")).await, json!({"items": [], "next": null}));
}

#[actix_web::test]
async fn a_stores_name_and_goal_are_changed_and_audited() {
    let scene = Scene::start().await;
    let change = async |body: Value| {
        let request = TestRequest::patch().uri(&scene.store("")).peer_addr(peer(1)).insert_header(("host", HOST));
        scene.app.call(request.insert_header(bearer(&scene.admin)).set_json(body)).await
    };
    let changed = change(json!({"name": " Coffee & Co ", "freshness_goal_seconds": 60})).await.json();
    assert_eq!((&changed["name"], &changed["freshness_goal_seconds"]), (&json!("Coffee & Co"), &json!(60)));
    assert_eq!(change(json!({"name": "Coffee & Co"})).await.status, StatusCode::OK);
    assert_eq!(scene.audited().await, ["store.change"], "what stays the same is no deed");
    for bad in [json!({"freshness_goal_seconds": 0}), json!({"freshness_goal_seconds": 604_801}), json!({"name": " "})]
    {
        change(bad).await.assert_problem(422, "invalid_field");
    }
    change(json!({"currency": "EUR"})).await.assert_problem(422, "invalid_body");
}

#[actix_web::test]
async fn a_store_tells_staff_how_fresh_it_is_and_how_gently_it_is_treated() {
    let scene = Scene::start().await;
    let shown = scene.get(&scene.store("")).await;
    assert_eq!(
        (&shown["budget"], &shown["eta_seconds"], &shown["is_stale"]),
        (&Value::Null, &Value::Null, &json!(false))
    );
    scene.world.coffee.treat_gently(&scene.app).await;
    scene.world.coffee.bury(&scene.app, "undecodable").await;
    let shown = scene.get(&scene.store("")).await;
    assert_eq!(shown["budget"]["reason"], "slow_answers");
    assert_eq!(shown["dead_letters"], 1);
    assert_eq!(scene.get(&scene.store("/budget")).await, shown["budget"]);
    let listed = scene.get("/api/v1/stores").await;
    assert_eq!(listed["items"][0], shown);
    assert!(listed["items"][1]["budget"].is_null());
}

#[actix_web::test]
async fn one_record_is_asked_for_by_the_stores_own_id() {
    let scene = Scene::start().await;
    let rows = scene.app.db.admin().await.unwrap();
    rows.batch_execute("UPDATE store SET state = 'live'").await.unwrap();
    let ask = async |record: Value| scene.post(&scene.store("/sync"), Some(json!({"record": record}))).await;
    let heard = ask(json!({"kind": "order", "remote_id": "4711"})).await;
    assert_eq!(heard.status, StatusCode::ACCEPTED, "{}", heard.text);
    let wish = rows.query_one("SELECT kind, remote_id, reason FROM recheck", &[]).await.unwrap();
    let wish: (String, String, String) = (wish.get(0), wish.get(1), wish.get(2));
    assert_eq!(wish, ("order".to_owned(), "4711".to_owned(), "click".to_owned()));
    for bad in [json!({"kind": "ticket", "remote_id": "1"}), json!({"kind": "order", "remote_id": "1;"})] {
        ask(bad).await.assert_problem(422, "invalid_field");
    }
}

#[actix_web::test]
async fn a_delivery_is_shown_whole_and_replayed() {
    let scene = Scene::start().await;
    let id = scene.world.coffee.bury(&scene.app, "undecodable").await;
    let path = format!("/api/v1/deliveries/{id}");
    let shown = scene.get(&path).await;
    assert_eq!((&shown["state"], &shown["body"]), (&json!("dead"), &json!("{\"id\":")));
    let replayed = scene.post(&format!("{path}/replay"), None).await;
    assert_eq!((replayed.status, replayed.json()), (StatusCode::ACCEPTED, json!({"replayed": 1})));
    assert_eq!(scene.get(&path).await["state"], "pending");
    assert_eq!(scene.get("/api/v1/dead-letters").await["items"], json!([]), "it waits for its new verdict");
    assert_eq!(scene.post(&format!("{path}/replay"), None).await.json(), json!({"replayed": 0}));
    assert_eq!(scene.diary().await, ["replayed"], "nothing done is nothing told");
    let many = json!({"store_id": scene.world.coffee.store, "ids": []});
    scene.post("/api/v1/deliveries/replay", Some(many)).await.assert_problem(422, "invalid_field");
}

#[actix_web::test]
async fn deliveries_are_narrowed_by_what_became_of_them() {
    let scene = Scene::start().await;
    scene.world.coffee.bury(&scene.app, "undecodable").await;
    let count =
        async |query: &str| scene.get(&format!("/api/v1/deliveries?{query}")).await["items"].as_array().unwrap().len();
    assert_eq!(count("state=dead&topic=order.updated").await, 1);
    assert_eq!(count("state=applied").await, 0);
    assert_eq!(count("since=2026-03-01T12:00:01Z").await, 0);
    assert_eq!(count(&format!("store={}", scene.world.outdoor.store)).await, 0);
    let wrong = scene.app.status(&scene.admin, "/api/v1/deliveries?since=yesterday").await;
    assert_eq!(wrong, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn dead_letters_are_counted_retried_by_cause_and_discarded_one_by_one() {
    let scene = Scene::start().await;
    for _ in 0..2 {
        scene.world.coffee.bury(&scene.app, "undecodable").await;
    }
    let crashed = scene.world.coffee.bury(&scene.app, "crashed").await;
    let heaps = scene.get("/api/v1/dead-letters?group=cause").await["items"].clone();
    let heaps: Vec<(&Value, &Value)> =
        heaps.as_array().unwrap().iter().map(|heap| (&heap["cause"], &heap["count"])).collect();
    assert_eq!(heaps, [(&json!("undecodable"), &json!(2)), (&json!("crashed"), &json!(1))]);

    let store = scene.world.coffee.store;
    let by_cause = json!({"store_id": store, "cause": "undecodable"});
    let retried = scene.post("/api/v1/dead-letters/retry", Some(by_cause.clone())).await;
    assert_eq!((retried.status, retried.json()), (StatusCode::ACCEPTED, json!({"retried": 2})));
    let one = json!({"store_id": store, "ids": [crashed]});
    let discarded = scene.post("/api/v1/dead-letters/discard", Some(one)).await;
    assert_eq!((discarded.status, discarded.json()), (StatusCode::OK, json!({"discarded": 1})));
    assert_eq!(scene.get("/api/v1/dead-letters").await["items"], json!([]));
    let kept = scene.get(&format!("/api/v1/dead-letters/{crashed}")).await;
    assert!(kept["resolved_at"].is_string() && kept["body"].is_string(), "{kept}");
    assert_eq!(scene.diary().await, ["dead_discarded", "dead_retried"]);
    for bad in [
        json!({"store_id": store}),
        json!({"store_id": store, "ids": []}),
        json!({"store_id": store, "ids": [crashed], "cause": "x"}),
    ] {
        scene.post("/api/v1/dead-letters/retry", Some(bad)).await.assert_problem(422, "invalid_field");
    }
}
