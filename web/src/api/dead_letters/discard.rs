//! `POST /api/v1/dead-letters/discard`: closes dead letters for good. For staff.

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
pub struct Discarded {
    /// Dead letters that were open.
    pub discarded: u64,
}

/// Closes dead letters for good; their bytes are kept, and the same item met again stays closed.
#[utoipa::path(post, path = "/api/v1/dead-letters/discard", tag = "deliveries", operation_id = "discardDeadLetters",
    request_body = DeadWish, security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "They are closed", body = Discarded),
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
        let discarded = state.engine.discard_dead(&store, &which, session.user_id).await?;
        Reply::done(&Discarded { discarded })
    };
    once.carry_out(&state, (store.tenant_id, session.user_id), work).await
}
