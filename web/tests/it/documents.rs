//! The pages in `docs/` name what is there.

use std::{collections::BTreeSet, fs, path::Path};

use utoipa::OpenApi;

const HTTP: &str = include_str!("../../../docs/http.md");
const TESTING: &str = include_str!("../../../docs/testing.md");

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
    let methods = ["GET /", "POST /", "PATCH /", "PUT /", "DELETE /"];
    let is_route = |text: &&str| methods.iter().any(|start| text.starts_with(start));
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

/// The names of all functions in the Rust files below a folder.
fn functions(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let named = text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
            names.extend(named.map(str::to_owned));
        }
    }
}

/// Whether a word is the name of a test of a case or fault, such as `a12_…` or `fault_03_…`.
fn is_of_a_case(word: &str) -> bool {
    let rest = word.strip_prefix("fault_").or_else(|| word.strip_prefix(['a', 'b', 'c']));
    let number = rest.and_then(|rest| rest.split_once('_'));
    number.is_some_and(|(number, _)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[test]
fn the_page_about_testing_names_no_test_that_is_not_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut there = BTreeSet::new();
    for folder in ["actors", "crates", "tests", "web"] {
        functions(&root.join(folder), &mut there);
    }
    let told: Vec<&str> = TESTING.split('`').filter(|word| is_of_a_case(word)).collect();
    assert!(told.len() >= 60, "only {} tests are named", told.len());
    let invented: Vec<&&str> = told.iter().filter(|name| !there.contains(**name)).collect();
    assert!(invented.is_empty(), "docs/testing.md names {invented:?}");
}
