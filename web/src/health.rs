//! Whether this process lives, and whether it can serve.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Serialize;
use storewire_db::{DbError, identity};
use storewire_domain::SessionId;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{error::WebError, state::AppState};

/// Who asks whether we are ready does not wait long; a database that says nothing for this long is none.
const DATABASE_ANSWERS_WITHIN: Duration = Duration::from_secs(2);

/// The answer of a health check.
#[derive(Serialize, ToSchema)]
pub struct Health {
    #[schema(example = "ok")]
    pub status: &'static str,
}

/// Mounts both checks. They need no login and reveal nothing.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/livez").route(web::get().to(livez)).route(web::head().to(livez)))
        .service(web::resource("/readyz").route(web::get().to(readyz)).route(web::head().to(readyz)));
}

/// Alive: the process answers. Asks nothing of the database, so that an outage there restarts nobody.
#[utoipa::path(get, path = "/livez", tag = "health", operation_id = "livez",
    responses((status = 200, description = "The process answers", body = Health)))]
pub async fn livez() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

/// Ready: the database takes writes, and answers the look-up that every login needs, so the schema is in place.
#[utoipa::path(get, path = "/readyz", tag = "health", operation_id = "readyz", responses(
    (status = 200, description = "Requests can be served", body = Health),
    (status = 503, description = "Not now; send requests elsewhere", body = crate::error::Problem,
        content_type = "application/problem+json")))]
pub async fn readyz(state: web::Data<AppState>) -> Result<HttpResponse, WebError> {
    let why_not = match tokio::time::timeout(DATABASE_ANSWERS_WITHIN, look_up(&state)).await {
        Ok(Ok(true)) => return Ok(HttpResponse::Ok().json(Health { status: "ok" })),
        Ok(Ok(false)) => "the database takes no writes".to_owned(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the database does not answer".to_owned(),
    };
    tracing::warn!(reason = why_not, "not ready");
    Err(WebError::Unavailable)
}

/// Asks for a session that nobody has, and whether one could be made.
async fn look_up(state: &AppState) -> Result<bool, DbError> {
    let db = state.db.for_probes();
    let tx = db.auth().await?;
    identity::find_viewer(&tx, SessionId(Uuid::nil()), state.clock.now()).await?;
    tx.commit().await?;
    db.takes_writes().await
}
