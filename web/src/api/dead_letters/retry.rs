//! `POST /api/v1/dead-letters/retry`: tries dead letters again. For staff.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use storewire_guard::access::Action;
use utoipa::ToSchema;

use crate::{
    api::{dead_letters::DeadWish, once::Reply, stores, write::Write},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// What was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct Retried {
    /// Dead letters that are tried again; those closed meanwhile, or of a record whose id is unknown, are not counted.
    pub retried: u64,
}

/// Tries dead letters again: deliveries are handled anew, records asked of the store anew. What fails again is set aside again.
#[utoipa::path(post, path = "/api/v1/dead-letters/retry", tag = "deliveries", operation_id = "retryDeadLetters",
    request_body = DeadWish, security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "They are being tried again", body = Retried),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such store of yours", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    Write { body: wish, once, .. }: Write<DeadWish>,
) -> Result<HttpResponse, WebError> {
    let store = stores::addressed(&session, &state, wish.store_id, Action::Sync).await?;
    let which = wish.selection()?;
    let work = async |_| {
        let retried = state.engine.retry_dead(&store, &which, session.user_id).await?;
        Reply::accepted(&Retried { retried })
    };
    once.carry_out(&state, (store.tenant_id, session.user_id), work).await
}
