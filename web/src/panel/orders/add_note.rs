//! `POST /orders/{id}/notes`: wishes a note added to an order in its store.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use storewire_domain::{Edit, OrderId};
use uuid::Uuid;

use super::addressed;
use crate::{
    error::WebError,
    extract::Session,
    panel::{propose::propose_once, url},
    state::AppState,
};

/// The form.
#[derive(Debug, Deserialize)]
pub struct NoteForm {
    deed: Uuid,
    text: String,
    /// Present if the store is to mail it to the buyer.
    for_customer: Option<String>,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    id: web::Path<OrderId>,
    form: web::Form<NoteForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let order = addressed(&session, &state, *id).await?;
    let text = form.text.replace("\r\n", "\n").trim().to_owned();
    let edit = Edit::OrderNote { text, for_customer: form.for_customer.is_some() };
    propose_once(&state, (&session, &request), (order, form.deed), edit, &url::order(*id)).await
}
