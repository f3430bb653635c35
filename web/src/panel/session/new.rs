//! `GET /login`: the form, and in a demo its people. Also its answer to a login that was refused.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Deserialize;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame, respond, url,
        view::{DemoPerson, LoginPage},
        words::Words,
    },
    state::AppState,
};

/// Where to go after the login.
#[derive(Debug, Deserialize)]
pub struct LoginQuery {
    #[serde(default)]
    next: String,
}

/// Handles the request. Who is logged in already goes on.
pub async fn show(
    request: HttpRequest,
    query: web::Query<LoginQuery>,
    session: Option<Session>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    if session.is_some() {
        return Ok(respond::see(url::same_site(&query.next)));
    }
    respond::page(&page(&request, &state, &query.next, "", None))
}

/// The form again, with what was wrong.
pub fn refused(
    request: &HttpRequest,
    state: &AppState,
    status: StatusCode,
    next: &str,
    email: &str,
    problem: String,
) -> Result<HttpResponse, WebError> {
    respond::page_with(status, &page(request, state, next, email, Some(problem)))
}

fn page(request: &HttpRequest, state: &AppState, next: &str, email: &str, problem: Option<String>) -> LoginPage {
    let people = state.settings.demo.iter().flat_map(|demo| {
        demo.users.iter().map(|user| DemoPerson {
            email: user.email.clone(),
            password: demo.password.clone(),
            label: user.label.clone(),
            role: user.role_label.clone(),
            initial: user.label.chars().next().map(String::from).unwrap_or_default(),
        })
    });
    LoginPage {
        t: Words::default(),
        theme: frame::theme(request),
        next: url::same_site(next).to_owned(),
        email: email.to_owned(),
        problem,
        people: people.collect(),
    }
}
