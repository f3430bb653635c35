//! `POST /login`: opens a session and goes on to where the person wanted to be.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Deserialize;

use super::new::refused;
use crate::{
    error::WebError,
    extract::{Client, LoginError, cookie, login},
    panel::{respond, url, words::Words},
    state::AppState,
};

/// The form.
#[derive(Deserialize)]
pub struct LoginForm {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// Handles the request. Every refusal is worded the same, whatever was wrong.
pub async fn submit(
    request: HttpRequest,
    form: web::Form<LoginForm>,
    client: Client,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let t = Words::default();
    let (status, problem) = match login(&state, &form.email, &form.password, &client).await {
        Ok(login) => {
            let mut response = respond::see(url::same_site(&form.next));
            let cookie = cookie::session(login.token, login.expires_in, &client);
            response.add_cookie(&cookie).map_err(|error| WebError::Internal(Box::new(error)))?;
            return Ok(response);
        }
        Err(LoginError::Refused) => (StatusCode::UNPROCESSABLE_ENTITY, t.get("login-wrong")),
        Err(LoginError::TooMany { .. }) => (StatusCode::TOO_MANY_REQUESTS, t.get("login-slow-down")),
        Err(LoginError::Busy | LoginError::Failed(WebError::Unavailable)) => {
            (StatusCode::SERVICE_UNAVAILABLE, t.get("login-unavailable"))
        }
        Err(LoginError::Failed(error)) => return Err(error),
    };
    refused(&request, &state, status, &form.next, &form.email, problem)
}
