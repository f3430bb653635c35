//! Rehearsals over the API and on their pages: who may, what is refused, and how little anybody else notices.

use actix_web::{cookie::Cookie, http::StatusCode};
use serde_json::{Value, json};
use storewire_db::{
    identity,
    rehearsals::{self, Ending, NewRehearsal},
    stores::{self, NewStore},
    tickets::{self, NewMessage, NewTicket},
};
use storewire_domain::{
    AuthScheme, StoreId, TenantId, TicketId,
    rehearsal::{Phase, Report, Wish},
    ticket::{MessageKind, Priority, TicketState},
};
use uuid::Uuid;

use crate::{
    app::{Answer, TestApp, bearer, get, post},
    panel::{form, log_in, open},
    seed::{ADMIN, STAFF, World},
};

/// A rehearsal that is over, with one twin that is still there.
pub async fn over(app: &TestApp, world: &World) -> TenantId {
    let id = TenantId::for_rehearsal();
    let now = app.clock.now();
    let wish = Wish { stores: 1, factor: 1, rate: 1, seconds: 5, goal_seconds: 5, troubles: Vec::new() };
    let new =
        NewRehearsal { name: "Rehearsal of 28 Feb".to_owned(), node: Uuid::now_v7(), wished_by: world.staff, wish };
    let tx = app.db.db().tenant(id).await.unwrap();
    identity::create_tenant(&tx, &new.name).await.unwrap();
    rehearsals::insert(&tx, &new, now).await.unwrap();
    stores::insert(&tx, &twin(), now).await.unwrap();
    let report = Report { twins: 1, ..Report::default() };
    rehearsals::finish(&tx, &Ending { phase: Phase::Done, reason: None, report: Some(&report) }, now).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn twin() -> NewStore {
    NewStore {
        id: StoreId::fresh(),
        name: "Coffee, twin 1".to_owned(),
        home_url: "https://127.0.0.1:9700/s/1".to_owned(),
        rest_root: "https://127.0.0.1:9700/s/1/wp-json/".to_owned(),
        auth: AuthScheme::Basic,
        plain_http: false,
        timezone: "UTC".to_owned(),
        currency: "EUR".to_owned(),
        decimals: 2,
        woo_version: None,
        hook_token_digest: [9; 32],
        secrets: Vec::new(),
    }
}

async fn begin(app: &TestApp, token: &str, wish: Value) -> Answer {
    app.call(post("/api/v1/rehearsals").insert_header(bearer(token)).set_json(wish)).await
}

#[actix_web::test]
async fn staff_begin_a_rehearsal_of_chosen_stores_follow_it_and_stop_it() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let token = app.log_in(STAFF).await;
    let wish =
        json!({"stores": [world.coffee.store], "factor": 3, "rate": 7, "seconds": 30, "troubles": ["slow", "slow"]});
    let answer = begin(&app, &token, wish).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let begun = answer.json();
    assert_eq!((&begun["phase"], &begun["stores"], &begun["factor"]), (&json!("opening"), &json!(1), &json!(3)));
    assert_eq!(begun["troubles"], json!(["slow"]));
    let address = format!("/api/v1/rehearsals/{}", begun["id"].as_str().unwrap());
    assert_eq!(answer.header("location"), Some(address.as_str()));
    assert_eq!(app.fetch(&token, &address).await["report"], Value::Null);
    assert_eq!(app.fetch(&token, "/api/v1/rehearsals").await["items"].as_array().unwrap().len(), 1);

    let deed = async |verb: &str| app.call(post(&format!("{address}/{verb}")).insert_header(bearer(&token))).await;
    deed("clear").await.assert_problem(409, "under_way");
    assert_eq!(deed("stop").await.status, StatusCode::ACCEPTED);
    let told: Vec<&str> = app.stage.told.lock().unwrap().iter().map(|(word, _)| *word).collect();
    assert_eq!(told, ["begin", "stop"]);
}

#[actix_web::test]
async fn what_is_out_of_bounds_is_refused_by_name_and_nothing_begins() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let token = app.log_in(ADMIN).await;
    for (wish, code) in [
        (json!({"factor": 0}), "factor"),
        (json!({"factor": 21}), "factor"),
        (json!({"rate": 101}), "rate"),
        (json!({"seconds": 4}), "seconds"),
        (json!({"goal_seconds": 0}), "goal"),
        (json!({"stores": [Uuid::now_v7()]}), "no_store"),
        (json!({"troubles": ["meteor"]}), "invalid_body"),
        (json!({"stores": [world.coffee.store], "rate": -1}), "invalid_body"),
    ] {
        begin(&app, &token, wish).await.assert_problem(422, code);
    }
    assert!(app.stage.told.lock().unwrap().is_empty());
    let over = over(&app, &world).await;
    let stop = post(&format!("/api/v1/rehearsals/{over}/stop")).insert_header(bearer(&token));
    app.call(stop).await.assert_problem(409, "over");
}

#[actix_web::test]
async fn nobody_meets_a_rehearsal_who_does_not_ask_for_it() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let id = over(&app, &world).await;
    let keeper = {
        let tx = app.db.db().tenant(world.outdoor.tenant).await.unwrap();
        identity::assign_staff(&tx, world.staff, world.outdoor.store).await.unwrap();
        tx.commit().await.unwrap();
        app.log_in(STAFF).await
    };
    let admin = app.log_in(ADMIN).await;
    let merchant = app.log_in(&world.coffee.admin).await;
    let names = async |token: &str| app.fetch(token, "/api/v1/stores").await["items"].to_string();
    for token in [&admin, &keeper, &merchant] {
        assert!(!names(token).await.contains("twin"), "a twin is among the stores");
    }
    for token in [&keeper, &merchant] {
        assert_eq!(app.status(token, "/api/v1/rehearsals").await, StatusCode::FORBIDDEN);
        assert_eq!(app.status(token, &format!("/api/v1/rehearsals/{id}")).await, StatusCode::FORBIDDEN);
    }
    // A tenant that nobody sees is nobody's to connect a store to.
    let store = json!({"tenant_id": id, "url": "https://a.example", "consumer_key": "ck_1", "consumer_secret": "cs_1"});
    let connect = post("/api/v1/stores").insert_header(bearer(&admin)).set_json(store);
    app.call(connect).await.assert_problem(422, "no_tenant");
}

#[actix_web::test]
async fn who_watches_a_rehearsal_sees_its_twins_on_every_page_and_nothing_real() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let id = over(&app, &world).await;
    let staff = log_in(&app, STAFF).await;
    let sent = app.call(form(&format!("/rehearsals/{id}/watch"), &[("next", "/control")]).cookie(staff.clone())).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, Some("/control")));
    let watch = Cookie::parse(sent.header("set-cookie").unwrap().to_owned()).unwrap();
    let see = async |who: &Cookie<'static>, path: &str| {
        app.call(get(path).cookie(who.clone()).cookie(watch.clone().into_owned())).await
    };

    let control = see(&staff, "/control").await;
    assert!(control.text.contains("Coffee, twin 1") && control.text.contains("/rehearsals/leave"), "{}", control.text);
    assert!(!control.text.contains(&world.coffee.store.to_string()));
    assert_eq!(see(&staff, &format!("/stores/{}", world.coffee.store)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(see(&staff, "/stores/new").await.status, StatusCode::FORBIDDEN);
    // Their own page is of the real world, and so is the API.
    assert!(see(&staff, "/rehearsals").await.text.contains("Rehearsal of 28 Feb"));
    assert!(!see(&staff, "/api/v1/stores").await.text.contains("twin"));

    // The cookie gives nobody a right, and names nothing but rehearsals.
    let merchant = log_in(&app, &world.coffee.admin).await;
    let orders = see(&merchant, "/orders").await;
    assert!(orders.status == StatusCode::OK && !orders.text.contains("/rehearsals/leave"));
    let real = Cookie::new("sw_watch", world.outdoor.tenant.to_string());
    let page = app.call(get("/control").cookie(staff.clone()).cookie(real)).await;
    assert!(page.text.contains(&world.coffee.store.to_string()) && !page.text.contains("/rehearsals/leave"));

    let left = app.call(form("/rehearsals/leave", &[]).cookie(staff)).await;
    assert!(left.header("set-cookie").unwrap().starts_with("sw_watch=; "));
}

/// Staff open a ticket with one of a rehearsal's twins.
async fn ticket_of_twin(app: &TestApp, world: &World, tenant: TenantId) -> TicketId {
    let sql = "SELECT id FROM store WHERE tenant_id = $1";
    let store: Uuid = app.db.admin().await.unwrap().query_one(sql, &[&tenant.uuid()]).await.unwrap().get(0);
    let (deed, now) = (Uuid::now_v7(), app.clock.now());
    let new = NewTicket {
        id: TicketId(deed),
        number: 1,
        store: StoreId(store),
        subject: "Two boxes are wet",
        state: TicketState::Answered,
        priority: Priority::Normal,
        about: None,
        by: world.staff,
        by_name: "Staff",
        by_staff: true,
        answer_due_at: None,
        deed,
    };
    let words = NewMessage {
        ticket: new.id,
        id: deed,
        at: now,
        by: world.staff,
        by_name: "Staff",
        by_staff: true,
        kind: MessageKind::Message,
        text: "they were left outside",
        detail: json!({}),
    };
    let tx = app.db.db().desk(tenant).await.unwrap();
    tickets::insert(&tx, &new, now).await.unwrap();
    assert!(tickets::message(&tx, &words).await.unwrap());
    tx.commit().await.unwrap();
    new.id
}

#[actix_web::test]
async fn who_watches_a_rehearsal_reads_its_tickets_as_its_tenant_does() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let id = over(&app, &world).await;
    let page = format!("/support/{}", ticket_of_twin(&app, &world, id).await);
    let staff = log_in(&app, STAFF).await;
    assert_eq!(open(&app, &staff, &page).await.status, StatusCode::NOT_FOUND, "it is none of the real world's");
    let watch = Cookie::new("sw_watch", id.to_string());
    let shown = app.call(get(&page).cookie(staff).cookie(watch)).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    for text in ["Two boxes are wet", "they were left outside"] {
        assert!(shown.text.contains(text), "{text}: {}", shown.text);
    }
}

#[actix_web::test]
async fn the_form_begins_a_rehearsal_and_says_what_must_be_corrected() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let staff = log_in(&app, STAFF).await;
    let store = world.coffee.store.to_string();
    let send = async |rate: &str| {
        let fields = [("store", store.as_str()), ("factor", "2"), ("rate", rate), ("seconds", "60"), ("goal", "5")];
        app.call(form("/rehearsals", &fields).cookie(staff.clone())).await
    };
    let refused = send("many").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("value=\"many\"") && refused.text.contains("role=\"alert\""), "{}", refused.text);
    let begun = send("5").await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER);
    let page = begun.header("location").unwrap().to_owned();
    let shown = open(&app, &staff, &page).await;
    assert!(shown.status == StatusCode::OK && shown.text.contains("hx-trigger=\"every 5s\""));
    let merchant = log_in(&app, &world.coffee.admin).await;
    for path in ["/rehearsals", &page] {
        assert_eq!(open(&app, &merchant, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let begin = app.call(form("/rehearsals", &[("factor", "1")]).cookie(merchant)).await;
    assert_eq!(begin.status, StatusCode::NOT_FOUND);
}
