//! Fields that nobody offered: refused by every described write, and without a trace.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::{Scene, operations};
use crate::{
    app::{HOST, bearer, peer, post},
    seed::ADMIN,
};

/// What somebody who wants more than their role gives might add.
const WANTED: [&str; 12] = [
    "role",
    "tenant_id",
    "store_id",
    "state",
    "approved",
    "decided_by",
    "asked_by",
    "version",
    "by_staff",
    "for_staff",
    "deed_id",
    "is_staff",
];

/// What changes with a request that is refused, too.
const OF_ITS_OWN: [&str; 2] = ["session", "refinery_schema_history"];

/// The fields that a write's body offers, in all its forms.
fn offered(document: &Value, method: &str, path: &str) -> BTreeSet<String> {
    let schema = &document["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"];
    let mut names = BTreeSet::new();
    collect(document, schema, &mut names);
    names
}

fn collect(document: &Value, schema: &Value, names: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        collect(document, &document["components"]["schemas"][name], names);
    }
    names.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
    for part in ["oneOf", "allOf", "anyOf"] {
        schema[part].as_array().into_iter().flatten().for_each(|schema| collect(document, schema, names));
    }
}

/// Every table's rows as one digest each.
async fn rows(scene: &Scene) -> BTreeMap<String, String> {
    let admin = scene.app.db.admin().await.unwrap();
    let tables = "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname";
    let mut rows = BTreeMap::new();
    for table in admin.query(tables, &[]).await.unwrap() {
        let name: String = table.get(0);
        if OF_ITS_OWN.contains(&name.as_str()) {
            continue;
        }
        let sql = format!("SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM \"{name}\" t");
        rows.insert(name, admin.query_one(&sql, &[]).await.unwrap().get(0));
    }
    rows
}

#[actix_web::test]
async fn g6_fields_that_nobody_offered_change_nothing_on_any_write() {
    let scene = Scene::start().await;
    let token = scene.app.log_in(ADMIN).await;
    let document = serde_json::to_value(storewire_web::openapi::ApiDescription::openapi()).unwrap();
    let values = [json!("platform_admin"), json!(true), json!(7), json!(null), json!({"a": [1]}), json!([])];
    let before = rows(&scene).await;
    let mut tried = 0;
    for (method, path) in operations().into_iter().filter(|(method, _)| method != "get") {
        let offered = offered(&document, &method, &path);
        let body = scene.body(&method, &path).unwrap_or_else(|| json!({}));
        let uri = if path.contains("{id}") { scene.address(&path) } else { path.clone() }.replace("{position}", "1");
        for wanted in WANTED.iter().filter(|wanted| !offered.contains(**wanted)) {
            let mut body = body.clone();
            body[*wanted] = values[tried % values.len()].clone();
            let request = TestRequest::default().method(method.to_uppercase().parse().unwrap()).uri(&uri);
            let request = request.peer_addr(peer(1)).insert_header(("host", HOST)).insert_header(bearer(&token));
            let answer = scene.app.call(request.insert_header(("if-match", "\"1\"")).set_json(body)).await;
            assert_eq!(answer.status.as_u16(), 422, "{method} {path} with {wanted}: {}", answer.text);
            assert_eq!(answer.json()["code"], "invalid_body", "{method} {path} with {wanted}: {}", answer.text);
            tried += 1;
        }
    }
    assert!(tried >= 300, "only {tried} fields were tried");
    // A store that is to be connected, and a file: bytes, with what names them beside.
    for wanted in WANTED.iter().filter(|wanted| **wanted != "tenant_id") {
        let tenant = scene.world.coffee.tenant;
        let mut store =
            json!({"tenant_id": tenant, "url": "https://a.example", "consumer_key": "ck_1", "consumer_secret": "cs_1"});
        store[*wanted] = json!(true);
        let connect = post("/api/v1/stores").insert_header(bearer(&token)).set_json(store);
        scene.app.call(connect).await.assert_problem(422, "invalid_body");
        let upload = post(&format!("/api/v1/attachments?name=list.txt&{wanted}=true"));
        let upload = upload.insert_header(bearer(&token)).set_payload("two boxes");
        scene.app.call(upload).await.assert_problem(400, "bad_request");
    }
    assert_eq!(rows(&scene).await, before);
}
