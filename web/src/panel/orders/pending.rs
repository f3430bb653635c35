//! `GET /orders/pending-approvals`: the requests that are about orders to be placed. A merchant's users see their own.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    api::orders::pending::KIND,
    error::WebError,
    extract::Session,
    panel::{narrow::ListQuery, requests, url},
    state::AppState,
};

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<ListQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    requests::list::page((&request, &session, &state), &query, Some(KIND), url::PLACED).await
}
