//! `POST /requests/{id}/comment`: says something about a request. For everyone who sees it.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::DeskError;
use storewire_domain::RequestId;
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use crate::{
    api::requests::addressed,
    error::WebError,
    extract::Session,
    panel::{respond, url},
    state::AppState,
};

/// The form.
#[derive(Debug, Deserialize)]
pub struct CommentForm {
    deed: Uuid,
    text: String,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<RequestId>,
    form: web::Form<CommentForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id).await?;
    session.require(Area::Requests, Action::Comment)?;
    let CommentForm { deed, text } = form.into_inner();
    let text = text.replace("\r\n", "\n");
    let word = match state.engine.desk().comment(deed, session.hand(), row.tenant_id, row.id, text).await {
        Ok(_) => "commented",
        Err(DeskError::Rejected(rejected)) => rejected.fault.as_str(),
        Err(error) => return Err(error.into()),
    };
    Ok(respond::see(&url::saying(&url::request(*id), word)))
}
