//! `POST /api/v1/notices/read`: notes that one has read what one was told. For everyone: their own.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_db::notices::Which;
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::write::Write,
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// As many lines are named at once; more are taken by `up_to`.
const MOST: usize = 200;

/// Which lines, by one of the two. Lines of others are passed by.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// These, 200 at most.
    pub ids: Option<Vec<Uuid>>,
    /// This one and all that were told before it, a thousand at a time.
    pub up_to: Option<Uuid>,
}

/// Marks what you were told as read. Said twice it does nothing more, so its key is not kept.
#[utoipa::path(post, path = "/api/v1/notices/read", tag = "notices", operation_id = "readNotices", request_body = Read,
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 204, description = "They are read"),
        (status = 422, description = "`ids` and `up_to` are both given, or none, or too many", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    Write { body, .. }: Write<Read>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Profile, Action::Edit)?;
    let which = match (&body.ids, body.up_to) {
        (Some(ids), None) if ids.len() <= MOST => Which::These(ids),
        (None, Some(id)) => Which::UpTo(id),
        _ => return Err(unclear()),
    };
    state.engine.desk().read_notices(session.user_id, &session.scope(), which).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn unclear() -> WebError {
    let detail = format!("say which: either up to {MOST} `ids`, or `up_to`");
    WebError::Unprocessable { code: "which_notices", detail }
}
