//! `POST /api/v1/deliveries/{id}/replay` and `POST /api/v1/deliveries/replay`: handle stored deliveries again, by today's code. For staff.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use storewire_db::deliveries;
use storewire_domain::DeliveryId;
use storewire_guard::access::Action;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{
        once::Reply,
        stores,
        write::{NoBody, Write},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

const MAX_AT_ONCE: usize = 1_000;

/// Which deliveries of one store.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayWish {
    store_id: Uuid,
    /// At most 1,000.
    ids: Vec<Uuid>,
}

/// What was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct Replayed {
    /// Deliveries that wait to be handled again; those that waited already are not counted.
    pub replayed: u64,
}

/// Has a stored delivery handled again; its own page tells the new verdict.
#[utoipa::path(post, path = "/api/v1/deliveries/{id}/replay", tag = "deliveries", operation_id = "replayDelivery",
    params(("id" = Uuid, Path, description = "The delivery's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "It waits to be handled again", body = Replayed),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn one(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    write: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let (found, _) = deliveries::find(&tx, DeliveryId(*id)).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    let store = stores::addressed(&session, &state, found.store_id.uuid(), Action::Sync).await?;
    let work = async |_| {
        let replayed = state.engine.replay(&store, &[found.id], session.user_id).await?;
        Reply::accepted(&Replayed { replayed })
    };
    write.once.carry_out(&state, (store.tenant_id, session.user_id), work).await
}

/// Has many stored deliveries of one store handled again.
#[utoipa::path(post, path = "/api/v1/deliveries/replay", tag = "deliveries", operation_id = "replayDeliveries",
    request_body = ReplayWish, security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "They wait to be handled again", body = Replayed),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such store of yours", body = Problem, content_type = "application/problem+json")))]
pub async fn many(
    session: Session,
    state: web::Data<AppState>,
    Write { body: wish, once, .. }: Write<ReplayWish>,
) -> Result<HttpResponse, WebError> {
    let store = stores::addressed(&session, &state, wish.store_id, Action::Sync).await?;
    if !(1..=MAX_AT_ONCE).contains(&wish.ids.len()) {
        let detail = format!("ids must name 1 to {MAX_AT_ONCE} deliveries");
        return Err(WebError::Unprocessable { code: "invalid_field", detail });
    }
    let ids: Vec<DeliveryId> = wish.ids.into_iter().map(DeliveryId).collect();
    let work = async |_| {
        let replayed = state.engine.replay(&store, &ids, session.user_id).await?;
        Reply::accepted(&Replayed { replayed })
    };
    once.carry_out(&state, (store.tenant_id, session.user_id), work).await
}
