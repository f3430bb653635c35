//! What is mounted is described, so that the matrix tries it.

use std::{collections::BTreeSet, fs, path::Path};

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use utoipa::OpenApi;
use uuid::Uuid;

use crate::{
    app::{HOST, TestApp, bearer, peer},
    seed::{ADMIN, World},
};

/// How the API's modules say that they mount an address.
const MOUNTS: [&str; 3] = ["resource(", "deed(", "look("];
const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
/// It is mounted beside the API, where another method meets nothing.
const SOCKET: &str = "/api/v1/live";

/// The addresses that the Rust files below a folder mount.
fn mounted(folder: &Path, paths: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            mounted(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            for rest in MOUNTS.iter().flat_map(|mount| text.split(mount).skip(1)) {
                let address = rest.trim_start().strip_prefix("\"/").and_then(|rest| rest.split('"').next());
                paths.extend(address.map(|address| format!("/api/v1/{address}")));
            }
        }
    }
}

/// An address in which every part between braces is an id that nothing has.
fn filled(path: &str) -> String {
    let id = Uuid::nil().to_string();
    path.split('/').map(|part| if part.starts_with('{') { id.as_str() } else { part }).collect::<Vec<_>>().join("/")
}

#[actix_web::test]
async fn every_address_and_method_of_the_api_that_is_mounted_is_described() {
    let document = serde_json::to_value(storewire_web::openapi::ApiDescription::openapi()).unwrap();
    let described = document["paths"].as_object().unwrap();
    let mut paths = BTreeSet::new();
    mounted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api"), &mut paths);
    assert!(paths.len() >= 60, "{}", paths.len());
    let of_api: BTreeSet<String> =
        described.keys().filter(|path| path.starts_with("/api/v1/") && *path != SOCKET).cloned().collect();
    assert_eq!(paths, of_api, "left is mounted, right is described");

    let app = TestApp::start().await;
    World::create(&app).await;
    let token = app.log_in(ADMIN).await;
    for path in paths {
        for method in METHODS.iter().filter(|method| described[&path].get(method.as_str().to_lowercase()).is_none()) {
            let request = TestRequest::default().method(method.clone()).uri(&filled(&path)).peer_addr(peer(1));
            let answer = app.call(request.insert_header(("host", HOST)).insert_header(bearer(&token))).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path} is taken and not described");
        }
    }
}
