//! `GET /api/v1/auth/me`: who is logged in.

use actix_web::web;

use crate::{
    api::auth::User,
    error::{Problem, WebError},
    extract::Session,
};

/// The person behind the token.
#[utoipa::path(get, path = "/api/v1/auth/me", tag = "auth", operation_id = "me",
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The person", body = User),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(session: Session) -> Result<web::Json<User>, WebError> {
    Ok(web::Json(User::from(&session.0)))
}
