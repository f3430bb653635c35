//! Words in addresses that a pattern of the same length would take for an id.

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use serde_json::json;

use super::described;
use crate::{
    app::{HOST, TestApp, bearer, peer},
    panel::{form, log_in, open},
    seed::{ADMIN, STAFF, World},
};

/// Whether a pattern such as `/orders/{id}` would take `path`.
fn takes(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    let fits = |(wanted, word): (&&str, &&str)| wanted.starts_with('{') || wanted == word;
    pattern.len() == path.len() && pattern.iter().zip(&path).all(fits)
}

#[actix_web::test]
async fn fault_25_every_literal_path_is_reached_before_a_pattern_takes_it() {
    let app = TestApp::start().await;
    let world = World::create(&app).await;
    let token = app.log_in(ADMIN).await;
    let document = described();
    let paths = document["paths"].as_object().unwrap();
    let mut looked_at = Vec::new();
    for (path, operations) in paths {
        let rivals: Vec<&String> = paths.keys().filter(|other| *other != path && takes(other, path)).collect();
        if rivals.is_empty() {
            continue;
        }
        assert!(!path.contains('{'), "{path} and {rivals:?} are one address");
        for method in operations.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let request = TestRequest::default().method(method.clone()).uri(path).peer_addr(peer(1));
            let request = request.insert_header(("host", HOST)).insert_header(bearer(&token)).set_json(json!({}));
            let answer = app.call(request).await;
            let is_lost = matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
            assert!(!is_lost, "{method} {path}: {} {}", answer.status, answer.text);
            looked_at.push(format!("{method} {path}"));
        }
    }
    // Words that were taken for ids before.
    for word in ["bulk", "pending-approvals", "approvals", "stats"] {
        let mut of_word = paths.iter().filter(|(path, _)| path.ends_with(&format!("/{word}"))).peekable();
        assert!(of_word.peek().is_some(), "{word} is described nowhere");
        for (path, operations) in of_word {
            for method in operations.as_object().unwrap().keys() {
                let known = format!("{} {path}", method.to_uppercase());
                assert!(looked_at.contains(&known), "{known} of {looked_at:?}");
            }
        }
    }

    let (staff, merchant) = (log_in(&app, STAFF).await, log_in(&app, &world.coffee.admin).await);
    for path in ["/stores/new", "/inventory/import", "/support/new"] {
        assert_eq!(open(&app, &staff, path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(open(&app, &merchant, "/orders/new").await.status, StatusCode::OK);
    let sent = app.call(form("/orders/bulk", &[]).cookie(staff)).await;
    assert_eq!(sent.header("location"), Some("/orders?said=bulk_nothing"));
}
