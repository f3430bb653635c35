//! Turns the panel's refusals and failures into pages that say what to do.

use actix_web::{
    Error,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{CONTENT_TYPE, HeaderValue},
    middleware::Next,
};
use askama::Template;

use super::{frame, view::ErrorPage, words::Words};
use crate::error::Problem;

/// Replaces problem details by a page; everything else passes.
pub async fn show<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let theme = frame::theme(request.request());
    let response = next.call(request).await?;
    let problem = response.response().extensions().get::<Problem>().cloned();
    let Some(problem) = problem else { return Ok(response.map_into_left_body()) };
    let page = page(&problem, theme);
    let mut response = response.map_body(|_, _| EitherBody::right(BoxBody::new(page)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Ok(response)
}

fn page(problem: &Problem, theme: &'static str) -> String {
    let t = Words::default();
    let (title, hint) = match problem.status {
        404 | 405 => (t.get("error-not-found"), t.get("error-not-found-hint")),
        403 => (t.get("error-forbidden"), t.get("error-forbidden-hint")),
        503 => (t.get("error-unavailable"), t.get("error-unavailable-hint")),
        500..=599 => (t.get("error-failed"), t.get("error-failed-hint")),
        _ => (t.get("error-bad-request"), t.get("error-bad-request-hint")),
    };
    let page = ErrorPage { t, theme, code: problem.status, title, hint };
    page.render().unwrap_or_default()
}
