//! Turns refusals and failures into pages that say what to do, for who reads pages.

use actix_web::{
    Error,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{ACCEPT, CONTENT_TYPE, HeaderValue},
    middleware::Next,
};
use askama::Template;
use serde_json::Value;

use super::{frame, view::ErrorPage, words::Words};
use crate::error::Problem;

/// For the panel's own routes: replaces problem details by a page; everything else passes.
pub async fn show<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let theme = frame::theme(request.request());
    let response = next.call(request).await?;
    Ok(replace(response, theme))
}

/// For what is refused before a route is chosen, such as a form from a foreign origin: a browser that asked for a
/// page gets one. Programs keep their problem details.
pub async fn show_to_browsers<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let theme = frame::theme(request.request());
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
    let wants_page = accept.is_some_and(|accept| accept.contains("text/html")) && !request.path().starts_with("/api/");
    let response = next.call(request).await?;
    Ok(if wants_page { replace(response, theme) } else { response.map_into_left_body() })
}

fn replace<B>(mut response: ServiceResponse<B>, theme: &'static str) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let problem = response.response_mut().extensions_mut().remove::<Problem>();
    let Some(problem) = problem else { return response.map_into_left_body() };
    let page = page(&problem, theme);
    let mut response = response.map_body(|_, _| EitherBody::right(BoxBody::new(page)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

fn page(problem: &Problem, theme: &'static str) -> String {
    let t = Words::default();
    let (title, hint) = refused_file(problem, &t).unwrap_or_else(|| match problem.status {
        404 | 405 => (t.get("error-not-found"), t.get("error-not-found-hint")),
        403 => (t.get("error-forbidden"), t.get("error-forbidden-hint")),
        503 => (t.get("error-unavailable"), t.get("error-unavailable-hint")),
        500..=599 => (t.get("error-failed"), t.get("error-failed-hint")),
        _ => (t.get("error-bad-request"), t.get("error-bad-request-hint")),
    });
    let page = ErrorPage { t, theme, code: problem.status, title, hint };
    page.render().unwrap_or_default()
}

/// Of a form with files: which of them was not taken, and why.
fn refused_file(problem: &Problem, t: &Words) -> Option<(String, String)> {
    let file = problem.more.get("file").and_then(Value::as_str)?;
    match problem.code {
        "too_large" => Some((t.get("error-too-large"), t.with("error-too-large-hint", "file", file))),
        "bad_type" => Some((t.get("error-bad-type"), t.with("error-bad-type-hint", "file", file))),
        "too_many_files" => Some((t.get("error-too-many"), t.with("error-too-many-hint", "file", file))),
        "full" => Some((t.get("error-no-room"), t.with("error-no-room-hint", "file", file))),
        _ => None,
    }
}
