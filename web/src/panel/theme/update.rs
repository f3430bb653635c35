//! `POST /theme`: remembers the theme, for readers without scripts.

use actix_web::{
    HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    web,
};
use serde::Deserialize;

use crate::{
    error::WebError,
    panel::{
        frame::{THEME_COOKIE, known_theme},
        respond, url,
    },
};

/// The form.
#[derive(Debug, Deserialize)]
pub struct ThemeForm {
    theme: String,
    #[serde(default)]
    next: String,
}

/// Handles the request.
pub async fn submit(form: web::Form<ThemeForm>) -> Result<HttpResponse, WebError> {
    let cookie = Cookie::build(THEME_COOKIE, known_theme(&form.theme))
        .path("/")
        .max_age(Duration::days(365))
        .same_site(SameSite::Lax)
        .finish();
    let mut response = respond::see(url::same_site(&form.next));
    response.add_cookie(&cookie).map_err(|error| WebError::Internal(Box::new(error)))?;
    Ok(response)
}
