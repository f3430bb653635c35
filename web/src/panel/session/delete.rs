//! `POST /logout`: ends the session here and on the server.

use actix_web::{HttpResponse, web};

use crate::{
    error::WebError,
    extract::{Client, Session, cookie, login::logout},
    panel::respond,
    state::AppState,
};

/// Handles the request.
pub async fn submit(
    session: Option<Session>,
    client: Client,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    if let Some(session) = session {
        logout(&state, &session).await?;
    }
    let mut response = respond::see("/login");
    response.add_cookie(&cookie::cleared(&client)).map_err(|error| WebError::Internal(Box::new(error)))?;
    Ok(response)
}
