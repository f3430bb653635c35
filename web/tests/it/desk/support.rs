//! The pages of support by plain forms: with files, sent twice, sent late, and with fields that nobody offered.

use actix_web::{cookie::Cookie, http::StatusCode};
use uuid::Uuid;

use super::Scene;
use crate::{
    app::{Answer, ORIGIN, post},
    panel::{form, log_in, open},
    seed::{ADMIN, STAFF},
};

const BOUNDARY: &str = "----x";

/// A form as browsers send it with files; a file field that was left empty comes too.
fn multipart(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    let empty: &[(&str, &[u8])] = &[("", b"")];
    for (name, bytes) in if files.is_empty() { empty } else { files } {
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

impl Scene {
    async fn submit(
        &self,
        cookie: &Cookie<'static>,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = post(path).insert_header(("origin", ORIGIN)).insert_header(("content-type", kind));
        self.app.call(request.cookie(cookie.clone()).set_payload(multipart(fields, files))).await
    }

    async fn count(&self, sql: &str) -> i64 {
        self.app.db.admin().await.unwrap().query_one(sql, &[]).await.unwrap().get(0)
    }
}

fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header("location").unwrap()
}

#[actix_web::test]
async fn a_ticket_is_opened_by_a_form_once_and_a_file_that_is_not_taken_is_named() {
    let scene = Scene::start().await;
    let user = log_in(&scene.app, &scene.world.coffee.user).await;
    let about = format!("product:{}", scene.product);
    let page = open(&scene.app, &user, &format!("/support/new?about={about}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text.contains("value=\"Product Product 001\"") && !page.text.contains("name=\"priority\""),
        "{}",
        page.text
    );
    let (store, deed) = (scene.world.coffee.store.to_string(), Uuid::now_v7().to_string());
    let wish = [
        ("deed", deed.as_str()),
        ("about", &about),
        ("store", &store),
        ("priority", "urgent"),
        ("subject", "Two boxes are wet"),
        ("text", "outside"),
    ];
    let svg: &[u8] = b"<svg onload='alert(1)'/>";
    let refused = scene.submit(&user, "/support", &wish, &[("drawing.svg", svg)]).await;
    assert_eq!(refused.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(refused.text.contains("drawing.svg") && refused.text.contains("Go back"), "{}", refused.text);
    let large = vec![b'x'; (10 << 20) + 1];
    let refused = scene.submit(&user, "/support", &wish, &[("large.txt", &large)]).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(refused.text.contains("large.txt"), "{}", refused.text);
    let six: Vec<(&str, &[u8])> =
        ["1.txt", "2.txt", "3.txt", "4.txt", "5.txt", "6.txt"].map(|name| (name, b"x".as_slice())).into();
    let refused = scene.submit(&user, "/support", &wish, &six).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(refused.text.contains("6.txt") && refused.text.contains("Too many files"), "{}", refused.text);
    assert_eq!(scene.count("SELECT count(*) FROM ticket").await, 0, "nothing is sent without its files");

    let mut places = Vec::new();
    for _ in 0..2 {
        let sent = scene.submit(&user, "/support", &wish, &[("list.csv", b"sku,stock\n")]).await;
        places.push(location(&sent).to_owned());
    }
    assert_eq!(places, vec![format!("/support/{deed}?said=ticket_opened"); 2], "a form that is sent twice opens one");
    assert_eq!(scene.count("SELECT count(*) FROM ticket WHERE priority = 'normal'").await, 1);
    let page = open(&scene.app, &user, &places[0]).await;
    for shown in ["T-1", "Two boxes are wet", "outside", "list.csv", "The ticket is open."] {
        assert!(page.text.contains(shown), "{shown}");
    }
    for hidden in ["Internal note", "Answered by", "/act"] {
        assert!(!page.text.contains(hidden), "{hidden} is for staff");
    }
    let foreign = scene.world.outdoor.store.to_string();
    let elsewhere = [("deed", deed.as_str()), ("store", &foreign), ("subject", "x"), ("text", "x")];
    assert_eq!(scene.submit(&user, "/support", &elsewhere, &[]).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn staff_answer_note_give_and_close_by_forms_and_who_comes_late_is_told() {
    let scene = Scene::start().await;
    let ticket = scene.open(&scene.user).await;
    let (staff, user) = (log_in(&scene.app, STAFF).await, log_in(&scene.app, &scene.world.coffee.user).await);
    let path = format!("/support/{}", ticket["id"].as_str().unwrap());
    let fresh = || Uuid::now_v7().to_string();
    // What a form adds to what it was offered is not looked at.
    let more = [("by_staff", "false"), ("for_staff", "true"), ("state", "closed"), ("tenant_id", "x")];
    let (said, noted) = (fresh(), fresh());
    let words = [&[("deed", said.as_str()), ("text", "we send\r\nothers")][..], &more].concat();
    let answer = scene.submit(&staff, &format!("{path}/messages"), &words, &[]).await;
    assert_eq!(location(&answer), format!("{path}?said=ticket_said"));
    let words = [("deed", noted.as_str()), ("text", "they always say so")];
    let answer = scene.submit(&staff, &format!("{path}/notes"), &words, &[]).await;
    assert_eq!(location(&answer), format!("{path}?said=ticket_noted"));
    assert_eq!(scene.submit(&user, &format!("{path}/notes"), &words, &[]).await.status, StatusCode::FORBIDDEN);
    let sql = "SELECT count(*) FROM ticket_message WHERE by_staff AND text = E'we send\\nothers'";
    assert_eq!(scene.count(sql).await, 1);

    let send = async |cookie: &Cookie<'static>, deed: &str, fields: &[(&str, &str)]| {
        let id = fresh();
        let fields = [&[("deed", id.as_str())][..], fields].concat();
        let answer = scene.app.call(form(&format!("{path}/{deed}"), &fields).cookie(cookie.clone())).await;
        location(&answer).trim_start_matches(&path).to_owned()
    };
    let me = scene.world.staff.to_string();
    assert_eq!(send(&staff, "assign", &[("version", "2"), ("assignee", &me)]).await, "?said=ticket_assigned");
    assert_eq!(send(&staff, "priority", &[("version", "2"), ("priority", "high")]).await, "?said=ticket_changed");
    assert_eq!(send(&staff, "priority", &[("version", "3"), ("priority", "high")]).await, "?said=ticket_prioritised");
    assert_eq!(send(&staff, "act", &[("action", "resync")]).await, "?said=ticket_acted");
    assert_eq!(send(&user, "close", &[("version", "4")]).await, "?said=ticket_closed");
    assert_eq!(send(&staff, "close", &[("version", "5")]).await, "?said=ticket_same");
    assert_eq!(send(&staff, "reopen", &[("version", "5")]).await, "?said=ticket_reopened");
    let page = open(&scene.app, &staff, &path).await.text;
    for shown in ["they always say so", "asked the store again", "closed the ticket", "High", "given to"] {
        assert!(page.contains(shown), "{shown}");
    }
    let counted = async || open(&scene.app, &user, "/support/count").await.text.contains(">1</span>");
    assert!(counted().await);
    let unread = |text: &str| text.contains("ticket--unread");
    assert!(unread(&open(&scene.app, &user, "/support").await.text));
    assert_eq!(send(&user, "read", &[]).await, "");
    assert!(!counted().await);
    assert!(!unread(&open(&scene.app, &user, "/support").await.text));
    assert_eq!(open(&scene.app, &user, "/support?state=closed").await.status, StatusCode::OK);
    let outdoor = log_in(&scene.app, &scene.world.outdoor.admin).await;
    assert_eq!(open(&scene.app, &outdoor, &path).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn what_is_refused_comes_back_with_the_form_and_nothing_that_was_typed_is_lost() {
    let scene = Scene::start().await;
    let ticket = scene.open(&scene.user).await;
    let (staff, user) = (log_in(&scene.app, STAFF).await, log_in(&scene.app, &scene.world.coffee.user).await);
    let path = format!("/support/{}", ticket["id"].as_str().unwrap());
    let (store, deed) = (scene.world.coffee.store.to_string(), Uuid::now_v7().to_string());
    let long = format!("<b>{}", "x".repeat(10_000));
    let shown = format!("&#60;b&#62;{}", "x".repeat(10_000));
    let about = format!("product:{}", scene.product);
    let wish = [
        ("deed", deed.as_str()),
        ("about", &about),
        ("store", &store),
        ("priority", "urgent"),
        ("subject", "Two boxes are wet"),
        ("text", &long),
    ];
    let refused = scene.submit(&staff, "/support", &wish, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    for kept in ["the text is too long", "value=\"Two boxes are wet\"", &shown, "<option value=\"urgent\" selected>"] {
        assert!(refused.text.contains(kept), "{kept}");
    }
    for form in ["messages", "notes"] {
        let words = [("deed", deed.as_str()), ("text", long.as_str())];
        let refused = scene.submit(&staff, &format!("{path}/{form}"), &words, &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(refused.text.contains("the text is too long") && refused.text.contains(&shown), "{form}");
        // The page renews itself, and can be loaded again, where it stands.
        for reader in [&staff, &user] {
            let again = open(&scene.app, reader, &format!("{path}/{form}")).await;
            assert_eq!(again.status, StatusCode::OK, "{form}");
            assert!(again.text.contains("Two boxes are wet") && !again.text.contains(&shown), "{form}");
        }
    }
    let count = "SELECT (SELECT count(*) FROM ticket_message) + (SELECT count(*) FROM ticket_note)";
    assert_eq!(scene.count(count).await, 1, "nothing that was refused is in the thread");
}

#[actix_web::test]
async fn a_request_is_approved_from_the_thread_in_the_other_meaning_too() {
    let scene = Scene::start().await;
    let ticket = scene.open(&scene.user).await;
    let request = scene.ask(&scene.user, 20).await;
    scene.sell(&request).await;
    let staff = log_in(&scene.app, STAFF).await;
    let path = format!("/support/{}", ticket["id"].as_str().unwrap());
    let page = open(&scene.app, &staff, &path).await.text;
    for meaning in ["absolute", "relative"] {
        assert!(page.contains(&format!("name=\"meaning\" value=\"{meaning}\"")), "{meaning}: {page}");
    }
    let deed = Uuid::now_v7().to_string();
    let fields = [
        ("deed", deed.as_str()),
        ("action", "approve"),
        ("request", request["id"].as_str().unwrap()),
        ("version", "2"),
        ("meaning", "relative"),
    ];
    let answer = scene.app.call(form(&format!("{path}/act"), &fields).cookie(staff)).await;
    assert_eq!(location(&answer), format!("{path}?said=ticket_acted"));
    let approved = "SELECT count(*) FROM request WHERE decided_meaning = 'relative' AND state = 'approved'";
    assert_eq!(scene.count(approved).await, 1);
}

#[actix_web::test]
async fn a_ticket_is_opened_from_an_error_about_what_it_befell_and_says_what_it_was() {
    let scene = Scene::start().await;
    let (store, tenant) = (scene.world.coffee.store, scene.world.coffee.tenant);
    let letter = Uuid::now_v7();
    let sql =
        "INSERT INTO dead_letter (tenant_id, store_id, id, origin, topic, cause, reason, body, received_at, created_at)
        VALUES ($1, $2, $3, 'delivery', 'order.updated', 'undecodable', 'no number', '{}', now(), now())";
    scene.app.db.admin().await.unwrap().execute(sql, &[&tenant.uuid(), &store.uuid(), &letter]).await.unwrap();
    let staff = log_in(&scene.app, STAFF).await;
    let page = open(&scene.app, &staff, &format!("/dead-letters/{letter}")).await.text;
    let (_, rest) = page.split_once("href=\"/support/new?").expect("a ticket can be opened");
    let query = rest.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    assert!(query.starts_with(&format!("about=store%3A{store}&subject=")), "{query}");
    let new = open(&scene.app, &staff, &format!("/support/new?{query}")).await.text;
    for shown in ["order.updated\" required", "<dt>Dead letters</dt>", &format!("value=\"store:{store}\"")] {
        assert!(new.contains(shown), "{shown}: {new}");
    }
}

#[actix_web::test]
async fn staff_are_told_who_else_is_at_a_record_and_merchants_who_writes_to_them() {
    let scene = Scene::start().await;
    let ticket = scene.open(&scene.user).await;
    let place = format!("ticket:{}", ticket["id"].as_str().unwrap());
    let product = format!("product:{}", scene.product);
    let (staff, admin) = (log_in(&scene.app, STAFF).await, log_in(&scene.app, ADMIN).await);
    let user = log_in(&scene.app, &scene.world.coffee.user).await;
    let here = async |cookie: &Cookie<'static>, place: &str, doing: &str| {
        scene.app.call(form("/here", &[("place", place), ("doing", doing)]).cookie(cookie.clone())).await
    };
    let told = async |cookie: &Cookie<'static>, place: &str, doing: &str| {
        let answer = here(cookie, place, doing).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert!(answer.text.contains(&format!("data-place=\"{place}\"")));
        answer.text.matches("here__person\"").count() + answer.text.matches("here__person--busy").count()
    };
    assert_eq!(told(&staff, &product, "viewing").await, 0, "nobody is told of themselves");
    assert_eq!(told(&admin, &product, "editing").await, 1);
    assert!(here(&staff, &product, "viewing").await.text.contains("is editing"));
    assert_eq!(
        here(&user, &product, "viewing").await.status,
        StatusCode::NOT_FOUND,
        "there staff are among themselves"
    );

    let customer = format!("customer:{}", scene.world.coffee.greet(&scene.app).await);
    assert_eq!(told(&staff, &customer, "editing").await, 0);
    assert_eq!(told(&admin, &customer, "viewing").await, 1, "two may change one address");

    assert_eq!(told(&staff, &place, "viewing").await, 0);
    assert_eq!(told(&user, &place, "viewing").await, 0, "that staff look is theirs");
    assert_eq!(told(&staff, &place, "editing").await, 1);
    assert_eq!(told(&user, &place, "viewing").await, 0, "so is a note");
    assert_eq!(told(&staff, &place, "typing").await, 1);
    assert!(here(&user, &place, "viewing").await.text.contains("is writing"));
    let outdoor = log_in(&scene.app, &scene.world.outdoor.admin).await;
    for nowhere in [place.as_str(), "ticket:x", "store:x", "nothing", &format!("order:{}", Uuid::now_v7())] {
        assert_eq!(here(&outdoor, nowhere, "viewing").await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
}
