//! `GET /s/{token}`: what a buyer is shown of one order, by a link and without a login.
//!
//! Everything that does not open an order is answered alike: altered, expired, revoked, or of an order that is gone. A token has 256 random
//! bits, so there is nothing to guess and no guesser to slow down.

use actix_web::{HttpResponse, http::header::HeaderName, web};
use storewire_db::orders;
use storewire_guard::token;

use super::{respond, view::SharedPage, words::Words};
use crate::{error::WebError, state::AppState};

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// Handles the request. Nothing of who asks is looked at.
pub async fn show(token: web::Path<String>, state: web::Data<AppState>) -> Result<HttpResponse, WebError> {
    let digest = token::digest(&token);
    let (order, until) = orders::shared(&state.db, &digest, state.clock.now()).await?.ok_or(WebError::NotFound)?;
    let mut answer = respond::page(&SharedPage::new(&order, until, Words::default()))?;
    answer
        .headers_mut()
        .insert(ROBOTS, actix_web::http::header::HeaderValue::from_static("noindex, nofollow, noarchive"));
    Ok(answer)
}
