//! How handlers answer: a rendered page, or a way to the next one.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::LOCATION},
};
use askama::Template;

use super::view::Listing;
use crate::error::WebError;

/// More than what a page has around its list.
const FRAME_BYTES: usize = 24 * 1024;

/// A page.
pub fn page(template: &impl Template) -> Result<HttpResponse, WebError> {
    page_with(StatusCode::OK, template)
}

/// A page around a list, most of which is rendered already.
pub fn listing(page: &impl Template, listing: &Listing) -> Result<HttpResponse, WebError> {
    page_in(String::with_capacity(listing.html.len() + FRAME_BYTES), StatusCode::OK, page)
}

/// A page that answers a request which did not succeed.
pub fn page_with(status: StatusCode, template: &impl Template) -> Result<HttpResponse, WebError> {
    page_in(String::new(), status, template)
}

fn page_in(mut body: String, status: StatusCode, template: &impl Template) -> Result<HttpResponse, WebError> {
    template.render_into(&mut body).map_err(|error| WebError::Internal(Box::new(error)))?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(body))
}

/// After a form was done: the page that shows its result.
pub fn see(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()
}
