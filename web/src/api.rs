//! The API under `/api/v1`: JSON for scripts and other programs.
//!
//! Everything but the login asks for a session before it looks at anything else.

pub mod address;
pub mod alerts;
pub mod attachments;
pub mod audit;
pub mod auth;
pub mod bytes;
pub mod customers;
pub mod dead_letters;
pub mod deliveries;
pub mod intents;
pub mod inventory;
pub mod letters;
pub mod money;
pub mod notices;
pub mod once;
pub mod orders;
pub mod page;
pub mod products;
pub mod rehearsals;
pub mod requests;
pub mod returns;
pub mod stores;
pub mod tickets;
pub mod timeline;
pub mod write;

use actix_web::{
    HttpRequest,
    error::{JsonPayloadError, PathError, QueryPayloadError},
    middleware::from_fn,
    web,
};

use crate::{error::WebError, middleware::authenticate};

/// No request of this API needs more.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// Mounts the API.
pub fn configure(cfg: &mut web::ServiceConfig) {
    let private = web::scope("")
        .wrap(from_fn(authenticate::require))
        .configure(auth::configure_private)
        .configure(alerts::configure)
        .configure(attachments::configure)
        .configure(audit::configure)
        .configure(customers::configure)
        .configure(dead_letters::configure)
        .configure(deliveries::configure)
        .configure(intents::configure)
        // Before the stock of a product, whose address would take theirs for an id.
        .configure(requests::configure)
        .configure(inventory::configure)
        .configure(letters::configure)
        .configure(notices::configure)
        .configure(orders::configure)
        .configure(products::configure)
        .configure(rehearsals::configure)
        .configure(returns::configure)
        .configure(stores::configure)
        .configure(tickets::configure)
        .default_service(web::to(nothing_here));
    let api = web::scope("/api/v1")
        .app_data(web::PayloadConfig::default().limit(MAX_BODY_BYTES))
        .app_data(web::JsonConfig::default().limit(MAX_BODY_BYTES).error_handler(bad_json))
        .app_data(web::PathConfig::default().error_handler(bad_path))
        .app_data(web::QueryConfig::default().error_handler(bad_query))
        .configure(auth::configure_public)
        .service(private);
    cfg.service(api);
}

async fn nothing_here() -> Result<&'static str, WebError> {
    Err(WebError::NotFound)
}

async fn get_only() -> Result<&'static str, WebError> {
    Err(WebError::MethodNotAllowed("GET"))
}

async fn post_only() -> Result<&'static str, WebError> {
    Err(WebError::MethodNotAllowed("POST"))
}

async fn delete_only() -> Result<&'static str, WebError> {
    Err(WebError::MethodNotAllowed("DELETE"))
}

async fn put_only() -> Result<&'static str, WebError> {
    Err(WebError::MethodNotAllowed("PUT"))
}

async fn get_or_post() -> Result<&'static str, WebError> {
    Err(WebError::MethodNotAllowed("GET, POST"))
}

async fn get_patch_or_put() -> Result<&'static str, WebError> {
    Err(WebError::MethodNotAllowed("GET, PATCH, PUT"))
}

async fn get_patch_or_delete() -> Result<&'static str, WebError> {
    Err(WebError::MethodNotAllowed("GET, PATCH, DELETE"))
}

async fn get_or_patch() -> Result<&'static str, WebError> {
    Err(WebError::MethodNotAllowed("GET, PATCH"))
}

fn bad_json(error: JsonPayloadError, _: &HttpRequest) -> actix_web::Error {
    let answer = match error {
        JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. } => WebError::TooLarge,
        JsonPayloadError::ContentType => WebError::UnsupportedMedia,
        JsonPayloadError::Deserialize(error) => unfit(&error),
        _ => WebError::BadRequest("the body could not be read".to_owned()),
    };
    answer.into()
}

/// Why a body is not what an address takes.
fn unfit(error: &serde_json::Error) -> WebError {
    if error.is_data() {
        return WebError::Unprocessable { code: "invalid_body", detail: format!("the body does not fit: {error}") };
    }
    WebError::BadRequest(format!("the body is no JSON: {error}"))
}

/// What cannot be an id is nobody's id.
fn bad_path(_: PathError, _: &HttpRequest) -> actix_web::Error {
    WebError::NotFound.into()
}

fn bad_query(error: QueryPayloadError, _: &HttpRequest) -> actix_web::Error {
    let detail = match error {
        QueryPayloadError::Deserialize(error) => format!("the query does not fit: {error}"),
        _ => "the query could not be read".to_owned(),
    };
    WebError::BadRequest(detail).into()
}
