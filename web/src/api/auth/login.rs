//! `POST /api/v1/auth/login`: e-mail and password for a bearer token. For anyone; slowed by failures.

use std::fmt;

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::auth::User,
    error::{Problem, WebError},
    extract::{Client, LoginError, login},
    state::AppState,
};

/// What to log in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    #[schema(example = "ada@example.com")]
    email: String,
    #[schema(format = Password)]
    password: String,
}

/// A bearer token and whose it is.
#[derive(Serialize, ToSchema)]
pub struct LoggedIn {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds until the token ends.
    expires_in: u64,
    user: User,
}

/// Logs in.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth", operation_id = "login",
    request_body = Credentials, responses(
        (status = 200, description = "Logged in", body = LoggedIn),
        (status = 401, description = "E-mail or password is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The body does not fit", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many attempts; wait as `Retry-After` says", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Not now", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    state: web::Data<AppState>,
    client: Client,
    credentials: web::Json<Credentials>,
) -> Result<web::Json<LoggedIn>, WebError> {
    let login = login(&state, &credentials.email, &credentials.password, &client).await?;
    Ok(web::Json(LoggedIn {
        access_token: login.token,
        token_type: "Bearer",
        expires_in: login.expires_in.as_secs(),
        user: User::from(&login.viewer),
    }))
}

impl From<LoginError> for WebError {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Refused => Self::WrongPassword,
            LoginError::TooMany { retry_after } => Self::TooManyRequests { retry_after },
            LoginError::Busy => Self::Unavailable,
            LoginError::Failed(error) => error,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}
