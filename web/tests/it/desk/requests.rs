//! Requests on their way: decided once, on the values that were seen, each refusal with its word.

use actix_web::http::{Method, StatusCode};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Call, Scene, approve, done, href, reject};
use crate::{
    panel::{log_in, open},
    seed::STAFF,
};

#[actix_web::test]
async fn a_request_goes_from_its_asker_to_the_store_and_both_sides_read_its_way() {
    let scene = Scene::start().await;
    let asked = scene.ask(&scene.user, 20).await;
    assert_eq!((&asked["state"], &asked["version"], &asked["number"]), (&json!("waiting"), &json!(1), &json!(1)));
    assert_eq!((&asked["base"], &asked["current"]), (&json!({"stock_quantity": "1"}), &json!({"stock_quantity": "1"})));
    assert_eq!((&asked["proposed"], &asked["is_stale"]), (&json!({"stock_quantity": "20"}), &json!(false)));
    assert_eq!((&asked["about"], &asked["meaning"]), (&json!("Product 001"), &json!("absolute")));

    let said = scene.post(&scene.staff, &format!("{}/comments", href(&asked)), &json!({"text": "which pallet?"})).await;
    assert_eq!(said.status, StatusCode::CREATED, "{}", said.text);
    let approved = done(&scene.decide(&scene.staff, &asked, &approve()).await);
    assert_eq!((&approved["state"], &approved["version"]), (&json!("approved"), &json!(2)));
    let intent =
        scene.app.fetch(&scene.staff, &format!("/api/v1/intents/{}", approved["intent_id"].as_str().unwrap())).await;
    assert_eq!(intent["edit"], json!({"kind": "product.stock", "quantity": "20"}));
    assert_eq!(intent["expected"], json!({"stock_quantity": "1"}), "what the decider saw");

    let answer = scene
        .send(Call { token: &scene.user, version: None, key: None }, Method::GET, href(&asked), &Value::Null)
        .await;
    assert_eq!(answer.header("etag"), Some("\"2\""));
    let page = done(&answer);
    let kinds: Vec<&str> =
        page["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["asked", "commented", "approved"]);
    assert_eq!((&page["intent_state"], page.get("intent_id")), (&json!("waiting"), None));
    assert_eq!(scene.numbers(&scene.user, "?state=approved").await, ["coffee shop R-1"]);
    assert_eq!(scene.numbers(&scene.user, "?state=waiting").await, [] as [&str; 0]);
}

#[actix_web::test]
async fn g7_own_twice_withdrawn_raced_and_edited_after_approval_are_refused_each_with_its_word() {
    let scene = Scene::start().await;
    // Raced: of two who decide at once one does, and the other is told who.
    let raced = scene.ask(&scene.owner, 20).await;
    let (approval, rejection) = (approve(), reject());
    let decisions = [(&scene.staff, &approval), (&scene.admin, &rejection)];
    let answers = join_all(decisions.map(|(token, body)| scene.decide(token, &raced, body))).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status.is_success());
    assert_eq!((won.len(), lost.len()), (1, 1));
    lost[0].assert_problem(409, "already_decided");
    let (told, is) = (lost[0].json(), won[0].json());
    assert_eq!((&told["state"], &told["decided_by"]), (&is["state"], &json!("A Person")));

    // Twice: by the same deed answered as before, by another refused.
    let twice = scene.ask(&scene.owner, 21).await;
    let keyed = |key| Call { token: &scene.staff, version: Some("1"), key: Some(key) };
    let first = scene.send(keyed("k-1"), Method::PATCH, href(&twice), &approve()).await;
    done(&first);
    let again = scene.send(keyed("k-1"), Method::PATCH, href(&twice), &approve()).await;
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    scene.send(keyed("k-2"), Method::PATCH, href(&twice), &approve()).await.assert_problem(409, "already_decided");
    let put = scene.send(keyed("k-3"), Method::PUT, href(&twice), &approve()).await;
    put.assert_problem(409, "already_decided");

    // Edited after approval: neither taken back nor decided otherwise.
    let approved = first.json();
    scene.withdraw(&scene.owner, &approved).await.assert_problem(409, "not_waiting");
    scene.decide(&scene.admin, &approved, &reject()).await.assert_problem(409, "already_decided");
    let reopened = scene.decide(&scene.admin, &approved, &json!({"decision": "reopen"})).await;
    reopened.assert_problem(409, "not_failed");

    // Withdrawn.
    let withdrawn = scene.ask(&scene.user, 22).await;
    assert_eq!(done(&scene.withdraw(&scene.owner, &withdrawn).await)["state"], "withdrawn");
    scene.decide(&scene.staff, &withdrawn, &approve()).await.assert_problem(409, "not_waiting");

    // Own: who asked as a merchant and is one of the platform's people by now.
    let own = scene.ask(&scene.user, 23).await;
    let rows = scene.app.db.admin().await.unwrap();
    let promote = "UPDATE app_user SET platform_role = 'platform_admin' WHERE email = $1";
    assert_eq!(rows.execute(promote, &[&scene.world.coffee.user]).await.unwrap(), 1);
    let promoted = scene.app.log_in(&scene.world.coffee.user).await;
    for body in [approve(), reject()] {
        scene.decide(&promoted, &own, &body).await.assert_problem(403, "four_eyes");
    }
    assert_eq!(done(&scene.decide(&scene.staff, &own, &reject()).await)["state"], "rejected");
}

#[actix_web::test]
async fn a_products_timeline_names_who_asked_and_tells_no_user_what_a_colleague_asked_for() {
    let scene = Scene::start().await;
    let own = scene.ask(&scene.owner, 20).await;
    let path = format!("/api/v1/products/{}", scene.product);
    let kinds = async |token: &str| -> Vec<Value> {
        let page = scene.app.fetch(token, &path).await;
        page["timeline"].as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect()
    };
    let asked = json!("request.ask");
    assert!(kinds(&scene.owner).await.contains(&asked) && kinds(&scene.staff).await.contains(&asked), "{own}");
    assert!(!kinds(&scene.user).await.contains(&asked), "it is a colleague's");
    done(&scene.decide(&scene.staff, &own, &approve()).await);
    let written = json!("intent.propose");
    assert!(kinds(&scene.staff).await.contains(&written));
    assert!(!kinds(&scene.user).await.contains(&written), "what a colleague's request became is theirs too");
    let staff = log_in(&scene.app, STAFF).await;
    let page = open(&scene.app, &staff, &format!("/products/{}", scene.product)).await.text;
    let asker = own["asked_by_name"].as_str().unwrap();
    assert!(page.contains("Change requested") && page.contains(asker), "{page}");
}

#[actix_web::test]
async fn a_decision_names_the_version_that_was_seen_and_is_shown_the_values_of_now() {
    let scene = Scene::start().await;
    let asked = scene.ask(&scene.user, 4).await;
    let by = |version| Call { token: &scene.staff, version, key: None };
    scene.send(by(None), Method::PATCH, href(&asked), &approve()).await.assert_problem(428, "version_needed");
    scene.send(by(Some("*")), Method::PATCH, href(&asked), &approve()).await.assert_problem(400, "bad_request");
    let bare = format!("{}/withdraw", href(&asked));
    scene.post(&scene.owner, &bare, &json!({})).await.assert_problem(428, "version_needed");

    scene.sell(&asked).await;
    let refused = scene.decide(&scene.staff, &asked, &approve()).await;
    refused.assert_problem(412, "changed");
    let told = refused.json();
    assert_eq!((&told["version"], &told["base"]), (&json!(2), &json!({"stock_quantity": "1"})));
    assert_eq!(
        (&told["current"], &told["proposed"]),
        (&json!({"stock_quantity": "0"}), &json!({"stock_quantity": "4"}))
    );
    scene.withdraw(&scene.owner, &asked).await.assert_problem(412, "changed");
    assert_eq!(scene.intents().await, 0);

    let relative = json!({"decision": "approve", "meaning": "relative"});
    let approved = done(&scene.decide(&scene.staff, &told_as(&asked, &told), &relative).await);
    assert_eq!(
        approved["decided_edit"],
        json!({"kind": "product.stock", "quantity": "3"}),
        "three more than there are"
    );
    assert_eq!((&approved["is_stale"], &approved["decided_meaning"]), (&json!(true), &json!("relative")));
}

/// The request with the version that a refusal told.
fn told_as(request: &Value, told: &Value) -> Value {
    let mut request = request.clone();
    request["version"] = told["version"].clone();
    request
}

#[actix_web::test]
async fn what_a_request_wanted_written_is_not_tried_again_but_decided_anew() {
    let scene = Scene::start().await;
    let asked = scene.ask(&scene.user, 20).await;
    let approved = done(&scene.decide(&scene.staff, &asked, &approve()).await);
    let intent = format!("/api/v1/intents/{}", approved["intent_id"].as_str().unwrap());
    assert_eq!(scene.post(&scene.staff, &format!("{intent}/cancel"), &json!({})).await.status, StatusCode::ACCEPTED);
    scene.post(&scene.staff, &format!("{intent}/retry"), &json!({})).await.assert_problem(409, "decide_again");
    let failed = scene.app.fetch(&scene.staff, href(&asked)).await;
    assert_eq!((&failed["state"], &failed["reason"]), (&json!("failed"), &json!("cancelled")));
    let reopened = done(&scene.decide(&scene.staff, &failed, &json!({"decision": "reopen"})).await);
    assert_eq!((&reopened["state"], &reopened["decided_by_name"]), (&json!("waiting"), &Value::Null));
    assert_eq!(done(&scene.decide(&scene.staff, &reopened, &approve()).await)["state"], "approved");
    assert_eq!(scene.intents().await, 2);
}
