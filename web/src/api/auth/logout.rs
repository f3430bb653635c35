//! `POST /api/v1/auth/logout`: ends this session. For anyone who is logged in.

use actix_web::{HttpResponse, web};

use crate::{
    error::{Problem, WebError},
    extract::{Client, Session, cookie, login},
    state::AppState,
};

/// Logs out: the token, wherever it is kept, ends at once.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth", operation_id = "logout",
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 204, description = "Logged out"),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(state: web::Data<AppState>, session: Session, client: Client) -> Result<HttpResponse, WebError> {
    login::logout(&state, &session).await?;
    Ok(HttpResponse::NoContent().cookie(cookie::cleared(&client)).finish())
}
