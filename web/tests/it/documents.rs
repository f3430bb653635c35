//! The pages in `docs/` name what is there.

use std::collections::BTreeSet;

use utoipa::OpenApi;

const HTTP: &str = include_str!("../../../docs/http.md");

/// Every route of the description, as `METHOD path`; those of the API without their common beginning.
fn routes() -> BTreeSet<String> {
    let document = serde_json::to_value(storewire_web::openapi::ApiDescription::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let named = paths.iter().flat_map(|(path, methods)| {
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        methods.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    named.collect()
}

/// What stands in backquotes and begins with a method.
fn told(text: &str) -> BTreeSet<String> {
    let is_route = |text: &&str| ["GET /", "POST /", "PATCH /"].iter().any(|start| text.starts_with(start));
    text.split('`').filter(is_route).map(str::to_owned).collect()
}

#[test]
fn the_page_about_http_names_every_route_of_the_api_and_none_that_is_not_there() {
    let table = HTTP.split("### The API, under `/api/v1`").nth(1).unwrap().split("## Who asks").next().unwrap();
    let (there, told) = (routes(), told(table));
    let probes = ["GET /livez", "GET /readyz"].map(str::to_owned);
    let missing: Vec<&String> = there.difference(&told).filter(|route| !probes.contains(route)).collect();
    assert!(missing.is_empty(), "{missing:?} are not in docs/http.md");
    let invented: Vec<&String> = told.difference(&there).collect();
    assert!(invented.is_empty(), "docs/http.md names {invented:?}");
}
