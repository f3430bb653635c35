//! What every described operation has in common, said once: how strangers and unknown ids are answered, and keys on writes.

use utoipa::{
    Modify,
    openapi::{
        ContentBuilder, HttpMethod, OpenApi, PathItem, Ref, RefOr, Required, ResponseBuilder,
        path::{Operation, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, Type},
    },
};

/// Adds it to what the handlers say of themselves.
pub struct Common;

const PROBLEM: &str = "application/problem+json";

/// Writes that keep no answer: they open or try something, or twice is as once.
const KEYLESS: [&str; 4] =
    ["/api/v1/auth/login", "/api/v1/auth/logout", "/api/v1/notices/read", "/api/v1/stores/test-connection"];

impl Modify for Common {
    fn modify(&self, description: &mut OpenApi) {
        for (path, item) in &mut description.paths.paths {
            for (method, operation) in operations(item) {
                if operation.security.is_none() {
                    continue;
                }
                add(operation, "401", "Not logged in");
                if operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty()) {
                    add(operation, "400", "A parameter is unknown or wrong");
                }
                if path.contains("{id}") {
                    add(operation, "404", "No such thing of yours");
                }
                if method != HttpMethod::Get && !KEYLESS.contains(&path.as_str()) {
                    add_key(operation);
                }
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let all = [
        (HttpMethod::Get, item.get.as_mut()),
        (HttpMethod::Post, item.post.as_mut()),
        (HttpMethod::Put, item.put.as_mut()),
        (HttpMethod::Patch, item.patch.as_mut()),
        (HttpMethod::Delete, item.delete.as_mut()),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation?)))
}

fn add_key(operation: &mut Operation) {
    let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(200));
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .schema(Some(text))
        .description(Some(
            "Makes a retry safe: for 24 hours the same key with the same request is answered as the first time, and nothing is done again",
        ))
        .build();
    operation.parameters.get_or_insert_default().push(key.into());
    add(operation, "400", "A parameter, the body or the key is malformed");
    add(
        operation,
        "409",
        "The same request is under way (`in_progress`), or what is there does not allow it; `code` says which",
    );
    add(
        operation,
        "422",
        "The body does not fit, or the key was used for another request (`key_reused`); `code` says which",
    );
}

/// A refusal that the handler did not describe itself.
fn add(operation: &mut Operation, status: &str, words: &str) {
    let problem = ContentBuilder::new().schema(Some(RefOr::Ref(Ref::from_schema_name("Problem")))).build();
    let response = ResponseBuilder::new().description(words).content(PROBLEM, problem).build();
    operation.responses.responses.entry(status.to_owned()).or_insert_with(|| response.into());
}
