//! What people are told, by letter and by notice, as staff and merchants meet it.

use actix_web::http::{Method, StatusCode};
use serde_json::{Value, json};
use storewire_testkit::wait_until;

use super::{Call, Scene, approve, done, reject};
use crate::{
    panel::{form, log_in, open},
    seed::ADMIN,
};

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

impl Scene {
    /// The letters about a request, as staff see them.
    async fn letters(&self, request: &Value) -> Vec<Value> {
        let path = format!("/api/v1/letters?about={}", request["id"].as_str().unwrap());
        self.app.fetch(&self.staff, &path).await["items"].as_array().unwrap().clone()
    }

    async fn notices(&self, token: &str) -> (Vec<String>, Value) {
        let page = self.app.fetch(token, "/api/v1/notices").await;
        let kinds = page["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap().to_owned());
        (kinds.collect(), page["unread"].clone())
    }
}

#[actix_web::test]
async fn a_letter_that_could_not_leave_says_why_and_staff_send_it_again() {
    let scene = Scene::start().await;
    let asked = scene.ask(&scene.user, 20).await;
    done(&scene.decide(&scene.staff, &asked, &reject()).await);
    // This house has no mail server.
    wait_until(PATIENCE, "the letter failed", || async { scene.letters(&asked).await[0]["state"] == "failed" })
        .await
        .unwrap();
    let letters = scene.letters(&asked).await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    let letter = &letters[0];
    assert_eq!((&letter["fault"], &letter["tries"]), (&json!("no_smtp"), &json!([])));
    assert_eq!((&letter["about_kind"], &letter["about_id"]), (&json!("request"), &asked["id"]));
    assert!(letter["body"].as_str().unwrap().contains("there is no pallet"), "{letter}");

    let send = format!("/api/v1/letters/{}/send", letter["id"].as_str().unwrap());
    let keyed = || Call { token: &scene.staff, version: None, key: Some("again") };
    let first = scene.send(keyed(), Method::POST, &send, &json!({})).await;
    assert_eq!(first.status, StatusCode::ACCEPTED, "{}", first.text);
    let again = scene.send(keyed(), Method::POST, &send, &json!({})).await;
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    let sent = scene.app.db.admin().await.unwrap();
    let sql = "UPDATE letter SET state = 'sent', reason = NULL, claimed_until = NULL, finished_at = now()";
    sent.execute(sql, &[]).await.unwrap();
    scene.post(&scene.staff, &send, &json!({})).await.assert_problem(409, "already_sent");
    let proofs = "SELECT count(*) FROM audit WHERE action = 'letter.send'";
    assert_eq!(sent.query_one(proofs, &[]).await.unwrap().get::<_, i64>(0), 1);

    for merchant in [&scene.user, &scene.owner] {
        scene.post(merchant, &send, &json!({})).await.assert_problem(403, "forbidden");
    }
}

#[actix_web::test]
async fn notices_are_read_by_who_was_told_and_by_nobody_else() {
    let scene = Scene::start().await;
    let asked = scene.ask(&scene.user, 20).await;
    done(&scene.decide(&scene.staff, &asked, &approve()).await);
    assert_eq!(scene.notices(&scene.user).await, (vec!["request-approved".to_owned()], json!(1)));
    assert_eq!(scene.notices(&scene.admin).await, (vec!["request-asked".to_owned()], json!(1)));
    assert_eq!(scene.notices(&scene.owner).await, (vec![], json!(0)), "told of a colleague's request");

    let ids = scene.app.fetch(&scene.user, "/api/v1/notices").await["items"][0]["id"].clone();
    for (token, body, status) in [
        (&scene.admin, json!({"ids": [ids]}), StatusCode::NO_CONTENT),
        (&scene.user, json!({}), StatusCode::UNPROCESSABLE_ENTITY),
        (&scene.user, json!({"ids": [], "up_to": ids}), StatusCode::UNPROCESSABLE_ENTITY),
        (&scene.user, json!({"ids": [ids], "user_id": ids}), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = scene.post(token, "/api/v1/notices/read", &body).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    assert_eq!(scene.notices(&scene.user).await.1, json!(1), "an admin has read it for somebody else");
    let answer = scene.post(&scene.user, "/api/v1/notices/read", &json!({"up_to": ids})).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    assert_eq!((scene.notices(&scene.user).await.1, scene.notices(&scene.admin).await.1), (json!(0), json!(1)));
}

#[actix_web::test]
async fn the_bell_counts_and_each_line_leads_to_what_it_is_about_until_it_is_read() {
    let scene = Scene::start().await;
    let cookie = log_in(&scene.app, ADMIN).await;
    let see = async |path: &str| {
        let answer = open(&scene.app, &cookie, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.text
    };
    assert!(!see("/bell").await.contains("bell__count"));
    let asked = scene.ask(&scene.user, 20).await;
    let rung = see("/bell").await;
    assert!(rung.contains(r#"href="/notices""#) && rung.contains("bell__count") && rung.contains("1 unread notice"));
    let page = see("/notices").await;
    assert!(page.contains(&format!(r#"href="/requests/{}""#, asked["id"].as_str().unwrap())), "{page}");
    assert!(page.contains("R-1 waits for a decision: Product 001"), "{page}");
    assert!(page.contains(r#"hx-get="/bell""#), "every page has the bell");

    let newest = page.split(r#"name="up_to" value=""#).nth(1).unwrap().split('"').next().unwrap();
    let fields = [("up_to", newest), ("next", "/notices")];
    let answer = scene.app.call(form("/notices/read", &fields).cookie(cookie.clone())).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, Some("/notices")));
    assert!(!see("/bell").await.contains("bell__count"));
    assert!(see("/notices").await.contains("R-1 waits"), "what was read is still there");
}
