//! `POST /rehearsals/leave`: back to the real stores. Anyone may.

use actix_web::{HttpRequest, HttpResponse};

use super::sent;
use crate::{error::WebError, extract::Session, panel::url};

/// Handles the request.
pub async fn submit(_: Session, request: HttpRequest) -> Result<HttpResponse, WebError> {
    sent(&request, None, url::CONTROL)
}
