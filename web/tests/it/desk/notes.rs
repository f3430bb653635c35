//! What staff note among themselves: in no answer, page, notice, entry of the log or file that a merchant can get.

use actix_web::http::{Method, StatusCode};
use serde_json::json;

use super::{Call, Scene, files::upload, made};
use crate::panel;

const SECRET: &str = "they-always-say-so";

#[actix_web::test]
async fn fault_20_an_internal_note_reaches_no_merchant_by_page_json_notice_file_or_audit() {
    let scene = Scene::start().await;
    let ticket = scene.open(&scene.user).await;
    let (id, path) = (ticket["id"].as_str().unwrap(), ticket["href"].as_str().unwrap());
    let file = upload(&scene, &scene.staff, "they-always-say-so.txt", b"shelf 12", true).await;
    let file = made(&file);
    let note = json!({"text": SECRET, "attachments": [file["id"]]});
    let noted = made(&scene.post(&scene.staff, &format!("{path}/notes"), &note).await);
    assert_eq!(noted["version"], ticket["version"], "a note moves nothing that a merchant sees");
    let file_href = file["href"].as_str().unwrap();

    // Staff have all of it.
    let page = scene.app.fetch(&scene.staff, path).await;
    assert_eq!((&page["notes"][0]["text"], &page["notes"][0]["attachments"][0]["id"]), (&json!(SECRET), &file["id"]));
    assert_eq!(scene.app.status(&scene.staff, file_href).await, StatusCode::OK);
    let staff = panel::log_in(&scene.app, crate::seed::STAFF).await;
    assert!(panel::open(&scene.app, &staff, &format!("/support/{id}")).await.text.contains(SECRET));

    // Merchants have nothing of it, whoever they are and wherever they look.
    let note_id = page["notes"][0]["id"].as_str().unwrap();
    let secrets = [SECRET, note_id, file["id"].as_str().unwrap(), "desk.note", "\"notes\"", "for_staff"];
    let (owner, user) = (&scene.world.coffee.admin, &scene.world.coffee.user);
    for (email, token) in [(owner, &scene.owner), (user, &scene.user)] {
        let answers = [path, "/api/v1/support/tickets", "/api/v1/notices", "/api/v1/audit"];
        let cookie = panel::log_in(&scene.app, email).await;
        let pages = [format!("/support/{id}"), "/support".to_owned(), "/notices".to_owned()];
        let mut seen = Vec::new();
        for path in answers {
            let by = Call { token, version: None, key: None };
            seen.push((path.to_owned(), scene.send(by, Method::GET, path, &json!(null)).await));
        }
        for path in pages {
            let answer = panel::open(&scene.app, &cookie, &path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            seen.push((path, answer));
        }
        for (path, answer) in seen {
            let found = secrets.iter().find(|secret| answer.text.contains(**secret));
            assert_eq!(found, None, "{email} at {path}: {}", answer.text);
        }
        assert_eq!(scene.app.status(token, file_href).await, StatusCode::NOT_FOUND);
        let in_panel = panel::open(&scene.app, &cookie, &file_href.replace("/api/v1", "")).await;
        assert_eq!(in_panel.status, StatusCode::NOT_FOUND);
        scene.post(token, &format!("{path}/notes"), &json!({"text": "mine"})).await.assert_problem(403, "forbidden");
    }
}
