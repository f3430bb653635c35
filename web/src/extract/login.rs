//! Logging in and out, shared by the API and the panel's form.

use std::time::Duration;

use storewire_db::{DbError, identity};
use storewire_domain::{SessionId, UserId};
use storewire_guard::{access::Viewer, password, session_token::SessionClaims};

use crate::{
    error::WebError,
    extract::{Client, login_gate::Attempt, session},
    state::AppState,
};

/// No address of a person is longer; what is longer costs no look-up.
const MAX_EMAIL_BYTES: usize = 254;

/// A login that was just opened.
#[derive(Debug)]
pub struct Login {
    pub viewer: Viewer,
    /// The session token, for the cookie or as a bearer.
    pub token: String,
    pub expires_in: Duration,
}

/// Why nobody was logged in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// Wrong e-mail, wrong password, disabled, or without any role: deliberately one answer.
    #[error("e-mail or password is wrong")]
    Refused,
    #[error("too many attempts; try again later")]
    TooMany { retry_after: Duration },
    /// Too many people are logging in at this moment.
    #[error("too many logins at once; try again in a moment")]
    Busy,
    #[error("the login could not be checked")]
    Failed(#[from] WebError),
}

impl From<DbError> for LoginError {
    fn from(error: DbError) -> Self {
        Self::Failed(error.into())
    }
}

/// Opens a session for the owner of `email` if `password` is theirs.
///
/// Known and unknown e-mails take the same path and the same time: one look-up, one hash.
pub async fn login(state: &AppState, email: &str, password: &str, client: &Client) -> Result<Login, LoginError> {
    let email = email.trim().to_lowercase();
    let attempt = Attempt::new(&email, client.address);
    let result = check(state, &email, password, attempt).await;
    metrics::counter!("storewire_logins_total", "outcome" => outcome(&result)).increment(1);
    open_session(state, result?, client, attempt).await
}

/// Ends the viewer's session: its sockets are closed, its next request, by any way, is refused.
pub async fn logout(state: &AppState, viewer: &Viewer) -> Result<(), WebError> {
    let tx = state.db.auth().await?;
    identity::revoke_session(&tx, viewer.session_id, state.clock.now()).await?;
    tx.commit().await?;
    state.engine.revoke(viewer.session_id);
    tracing::info!(user.id = %viewer.user_id, session.id = %viewer.session_id, "logged out");
    Ok(())
}

async fn check(state: &AppState, email: &str, password: &str, attempt: Attempt) -> Result<UserId, LoginError> {
    let gate = &state.logins;
    let refuse_if_slowed = || match gate.delay(attempt, state.clock.now()) {
        Some(retry_after) => Err(LoginError::TooMany { retry_after }),
        None => Ok(()),
    };
    refuse_if_slowed()?;
    let found = find(state, email).await?;
    let turn = gate.turn().await.ok_or(LoginError::Busy)?;
    // Attempts that waited together must not all pass on what was known before the first was checked.
    refuse_if_slowed()?;

    let stored = found.as_ref().map_or(password::NOBODY, |login| login.password_hash.as_str()).to_owned();
    let given = password.to_owned();
    let hashed = actix_web::web::block(move || {
        let fits = password::verify(&given, &stored);
        let renewed = if fits && password::needs_rehash(&stored) { password::hash(&given).ok() } else { None };
        (fits, renewed)
    });
    let (fits, renewed) = hashed.await.map_err(|error| WebError::Internal(Box::new(error)))?;
    drop(turn);

    let Some(login) = found.filter(|login| fits && !login.is_disabled) else {
        gate.failed(attempt, state.clock.now());
        return Err(LoginError::Refused);
    };
    if let Some(hash) = renewed {
        let tx = state.db.auth().await?;
        identity::rehash(&tx, login.user_id, &hash).await?;
        tx.commit().await?;
    }
    Ok(login.user_id)
}

/// The look-up ends its transaction before the hash, so that waiting for a turn holds no connection.
async fn find(state: &AppState, email: &str) -> Result<Option<identity::LoginRow>, LoginError> {
    let is_plausible = !email.is_empty() && email.len() <= MAX_EMAIL_BYTES && !email.contains(char::is_control);
    // An e-mail that cannot be anyone's is still looked up as one, so that its answer takes as long.
    let wanted = if is_plausible { email } else { "nobody" };
    let tx = state.db.auth().await?;
    let found = identity::find_login(&tx, wanted).await?;
    tx.commit().await?;
    Ok(found.filter(|_| is_plausible))
}

async fn open_session(state: &AppState, user: UserId, client: &Client, attempt: Attempt) -> Result<Login, LoginError> {
    let now = state.clock.now();
    let ttl = state.settings.session_ttl;
    let claims = SessionClaims { sub: user, sid: SessionId::fresh() };
    let until = now.checked_add(ttl).map_err(|error| WebError::Internal(Box::new(error)))?;
    let tx = state.db.auth().await?;
    identity::insert_session(&tx, claims.sid, user, now, until, &client.user_agent).await?;
    let row = identity::find_viewer(&tx, claims.sid, now).await?;
    let Some(viewer) = row.and_then(|row| session::viewer(row, claims)) else {
        return Err(LoginError::Refused);
    };
    tx.commit().await?;
    state.logins.succeeded(attempt, now);
    tracing::info!(user.id = %user, session.id = %claims.sid, "logged in");
    Ok(Login { viewer, token: state.sessions.issue(claims, now, ttl), expires_in: ttl })
}

const fn outcome(result: &Result<UserId, LoginError>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(LoginError::Refused) => "refused",
        Err(LoginError::TooMany { .. }) => "slowed",
        Err(LoginError::Busy) => "busy",
        Err(LoginError::Failed(_)) => "failed",
    }
}
