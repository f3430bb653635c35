//! Who asks: the session behind a bearer token or the session cookie, read from its row on every request.
//!
//! A request with a bearer token is judged by that token alone; the cookie is not a second chance. Another scheme of
//! `Authorization` is a proxy's affair and changes nothing.

use std::{future::Future, ops::Deref, pin::Pin};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::{Method, header},
    web,
};
use storewire_actors::Hand;
use storewire_db::identity::ViewerRow;
use storewire_domain::TenantId;
use storewire_guard::{
    access::{Action, Area, Standing, Viewer, allowed},
    session_token::SessionClaims,
};

use crate::{
    error::WebError,
    extract::{Client, cookie},
    state::AppState,
};

/// The viewer of this request. Taking it as an argument is what makes a handler private.
#[derive(Clone, Debug)]
pub struct Session(pub Viewer);

impl Session {
    /// Refuses an action that the viewer's role does not have at all.
    pub fn require(&self, area: Area, action: Action) -> Result<(), WebError> {
        if allowed(&self.0, area, action) { Ok(()) } else { Err(WebError::Forbidden("your role may not do this")) }
    }

    /// Whose hand is behind what they do at the desk.
    #[must_use]
    pub fn hand(&self) -> Hand {
        Hand { user: self.user_id, name: self.name.clone(), class: self.class() }
    }
}

impl Deref for Session {
    type Target = Viewer;

    fn deref(&self) -> &Viewer {
        &self.0
    }
}

impl FromRequest for Session {
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, WebError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // The API's middleware has asked already, before anything else of the request was looked at.
        if let Some(session) = request.extensions().get::<Self>() {
            let session = session.clone();
            return Box::pin(async { Ok(session) });
        }
        let request = request.clone();
        Box::pin(async move {
            match authenticate(&request).await {
                Err(WebError::Unauthorized) => Err(stranger(&request)),
                other => other,
            }
        })
    }
}

/// The session of `request`, or `Unauthorized`.
pub async fn authenticate(request: &HttpRequest) -> Result<Session, WebError> {
    let state = request.app_data::<web::Data<AppState>>().ok_or_else(|| WebError::Internal("no state".into()))?.clone();
    let token = token(request).ok_or(WebError::Unauthorized)?;
    let session = resolve(&state, &token).await?;
    Ok(match watched(request).and_then(|tenant| session.watching(tenant)) {
        Some(viewer) => Session(viewer),
        None => session,
    })
}

/// The rehearsal that this browser watches. Programs name what they mean, and the pages of rehearsals themselves are of the real world.
fn watched(request: &HttpRequest) -> Option<TenantId> {
    let path = request.path();
    let is_real = path.starts_with("/api/") || path.starts_with("/rehearsals");
    request.cookie(cookie::WATCH_NAME).filter(|_| !is_real)?.value().parse().ok()
}

/// The session that `token` stands for now.
pub async fn resolve(state: &AppState, token: &str) -> Result<Session, WebError> {
    let now = state.clock.now();
    let claims = state.sessions.verify(token, now).map_err(|_| WebError::Unauthorized)?;
    let row = state.db.find_viewer(claims.sid, now).await?;
    row.and_then(|row| viewer(row, claims)).map(Session).ok_or(WebError::Unauthorized)
}

/// The viewer behind live claims; `None` if the session is another user's, or stands for nobody any more.
pub(super) fn viewer(row: ViewerRow, claims: SessionClaims) -> Option<Viewer> {
    if row.user_id != claims.sub {
        return None;
    }
    let standing = match (row.platform_role, row.membership) {
        (Some(role), _) => Standing::Platform { role, stores: row.stores },
        (None, Some((tenant, role))) => Standing::Tenant { tenant, role },
        (None, None) => return None,
    };
    Some(Viewer {
        user_id: row.user_id,
        session_id: claims.sid,
        email: row.email,
        name: row.name,
        locale: row.locale,
        standing,
    })
}

fn token(request: &HttpRequest) -> Option<String> {
    match bearer(request) {
        Some(token) => Some(token.to_owned()),
        None => cookie::token(request, &Client::of(request)),
    }
}

/// The token of an `Authorization: Bearer` header; the scheme's case does not matter.
#[must_use]
pub fn bearer(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// What a stranger is told: the API's callers that they must log in, a person's browser where.
fn stranger(request: &HttpRequest) -> WebError {
    if request.path().starts_with("/api/") {
        return WebError::Unauthorized;
    }
    let is_fragment = request.headers().contains_key("hx-request");
    // After the login a browser can only be sent on with GET.
    let next = match (request.method(), is_fragment) {
        (&Method::GET, false) => request.uri().path_and_query().map_or("/", |path| path.as_str()),
        _ => "/",
    };
    WebError::LogIn { next: next.to_owned(), is_fragment }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bearer_scheme_is_taken() {
        let token = |value: &'static str| {
            let request = actix_web::test::TestRequest::get().insert_header(("authorization", value)).to_http_request();
            bearer(&request).map(str::to_owned)
        };
        assert_eq!(token("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(token("bearer abc").as_deref(), Some("abc"));
        for other in ["abc", "Basic abc", "Bearerabc", "Bearer", ""] {
            assert_eq!(token(other), None, "{other}");
        }
    }
}
