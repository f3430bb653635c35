//! Carries a request with an `Idempotency-Key` out once, whoever repeats it and however often.
//!
//! The key is taken, the work done, the answer kept: three steps, so that no connection is held while another is needed. A process
//! that ends in between leaves a key that is free again after [`LEASE`]; the work is then repeated under the same id, which adds nothing.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{self, ContentType},
    },
    rt::time::sleep,
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use storewire_db::{
    DbError,
    idempotency::{self, Keyed, Turn},
};
use storewire_domain::{TenantId, UserId};
use uuid::Uuid;

use crate::{error::WebError, state::AppState};

/// Longer than any of our requests works.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// How long the repetition of a request that is under way waits for its answer. It looks soon at first, since most are quick, and then
/// seldom: those whose first try was cut off by a crash are many at once, and wait in vain.
const WAITS: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_millis(50);
const LOOK_SELDOM: Duration = Duration::from_millis(800);

/// Of one step, in a bad moment.
const TRIES: u32 = 4;

/// What tells a repetition from another request.
#[derive(Clone, Debug)]
pub struct Once {
    /// The caller's key, if it sent one.
    pub key: Option<String>,
    /// SHA-256 of method, address and body.
    pub digest: [u8; 32],
}

/// An answer that can be given again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reply {
    status: u16,
    /// JSON, kept as text so that it is given again byte for byte; empty for none.
    body: String,
    /// Where to find what was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location: Option<String>,
}

impl Reply {
    /// The work is asked for; its end is not waited for.
    pub fn accepted(body: &impl Serialize) -> Result<Self, WebError> {
        Self::with(StatusCode::ACCEPTED, body)
    }

    /// It is done.
    pub fn done(body: &impl Serialize) -> Result<Self, WebError> {
        Self::with(StatusCode::OK, body)
    }

    /// Something was made, and is to be found there.
    pub fn created(location: String, body: &impl Serialize) -> Result<Self, WebError> {
        Ok(Self { location: Some(location), ..Self::with(StatusCode::CREATED, body)? })
    }

    /// There is nothing to say about it.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self { status: status.as_u16(), body: String::new(), location: None }
    }

    fn with(status: StatusCode, body: &impl Serialize) -> Result<Self, WebError> {
        let body = serde_json::to_string(body).map_err(|error| WebError::Internal(Box::new(error)))?;
        Ok(Self { status: status.as_u16(), body, location: None })
    }
}

impl From<Reply> for HttpResponse {
    fn from(reply: Reply) -> Self {
        let mut answer = Self::build(StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK));
        if let Some(location) = reply.location {
            answer.insert_header((header::LOCATION, location));
        }
        if reply.body.is_empty() { answer.finish() } else { answer.content_type(ContentType::json()).body(reply.body) }
    }
}

impl Once {
    /// Does `work`, unless this very request was carried out before: then its answer is given again. What the work makes is given ids
    /// that count up from the one it is handed.
    pub async fn carry_out(
        self,
        state: &AppState,
        (tenant, user): (TenantId, UserId),
        work: impl AsyncFnOnce(Uuid) -> Result<Reply, WebError>,
    ) -> Result<HttpResponse, WebError> {
        let Some(key) = self.key else {
            return work(Uuid::now_v7()).await.map(HttpResponse::from);
        };
        let wish = Keyed { user, key, digest: self.digest };
        let deed = match turn(state, tenant, &wish).await? {
            Turn::Yours(deed) => deed,
            Turn::Answered(kept) => {
                let kept: Reply = serde_json::from_value(kept).map_err(|error| WebError::Internal(Box::new(error)))?;
                return Ok(kept.into());
            }
            Turn::Taken => {
                let detail = "the same request is being carried out at this moment".to_owned();
                return Err(WebError::Conflict { code: "in_progress", detail });
            }
            Turn::Reused => {
                let detail = "this Idempotency-Key was used for another request".to_owned();
                return Err(WebError::Unprocessable { code: "key_reused", detail });
            }
        };
        let outcome = work(deed).await;
        let kept = outcome.as_ref().ok().map(serde_json::to_value).transpose();
        let kept = kept.map_err(|error| WebError::Internal(Box::new(error)))?;
        persist(|| keep(state, tenant, &wish, kept.as_ref())).await?;
        outcome.map(HttpResponse::from)
    }
}

/// Keeps the answer, or without one gives the key back.
async fn keep(state: &AppState, tenant: TenantId, wish: &Keyed, kept: Option<&Value>) -> Result<(), DbError> {
    let tx = state.db.tenant(tenant).await?;
    match kept {
        Some(kept) => idempotency::answer(&tx, wish, kept).await?,
        None => idempotency::release(&tx, wish, state.clock.now()).await?,
    }
    tx.commit().await
}

/// Takes the key, or waits a while for the answer of who took it.
async fn turn(state: &AppState, tenant: TenantId, wish: &Keyed) -> Result<Turn, WebError> {
    let deed = Uuid::now_v7();
    let (mut waited, mut pause) = (Duration::ZERO, LOOK_AGAIN);
    loop {
        let turn = persist(|| claim(state, tenant, wish, deed)).await?;
        if turn != Turn::Taken || waited >= WAITS {
            return Ok(turn);
        }
        sleep(pause).await;
        (waited, pause) = (waited + pause, (pause * 2).min(LOOK_SELDOM));
    }
}

async fn claim(state: &AppState, tenant: TenantId, wish: &Keyed, deed: Uuid) -> Result<Turn, DbError> {
    let now = state.clock.now();
    let until = now.saturating_add(LEASE).unwrap_or(now);
    let tx = state.db.tenant(tenant).await?;
    let turn = idempotency::claim(&tx, wish, deed, now, until).await?;
    tx.commit().await?;
    Ok(turn)
}

/// Does again what may be done again, a few times, when the moment was bad: a key that is taken by nobody would block its request.
async fn persist<T>(step: impl AsyncFn() -> Result<T, DbError>) -> Result<T, DbError> {
    for _ in 1..TRIES {
        match step().await {
            Err(error) if error.is_momentary() => sleep(LOOK_AGAIN).await,
            ended => return ended,
        }
    }
    step().await
}
