//! `POST /api/v1/stores/{id}/sync`: read the store, or one record of it, now rather than at its next turn. For staff.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Deserialize;
use storewire_db::{StoreRow, rechecks::RecheckKind};
use storewire_domain::{RemoteId, StoreState};
use storewire_guard::access::Action;
use utoipa::ToSchema;
use uuid::Uuid;

use super::addressed;
use crate::{
    api::{once::Reply, write::Write},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// What to read: all that changed, or one record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncWish {
    /// This record only, changed or not.
    record: Option<RecordWish>,
}

/// One record of the store.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordWish {
    /// `order`, `product`, `customer`, `coupon`, `refunds` (of an order) or `variations` (of a product).
    #[schema(example = "order")]
    kind: String,
    /// The store's own id of it.
    #[schema(example = "4711")]
    remote_id: String,
}

/// Asks the store's actor to read it now, and resumes a parked store; the answer does not wait for it.
#[utoipa::path(post, path = "/api/v1/stores/{id}/sync", tag = "stores", operation_id = "syncStore",
    request_body(content = Option<SyncWish>, description = "Nothing, for all that changed; or one record"),
    params(("id" = Uuid, Path, description = "The store's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "Asked"),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The store is paused", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    write: Write<SyncWish>,
) -> Result<HttpResponse, WebError> {
    let store = addressed(&session, &state, *id, Action::Sync).await?;
    let record = write.body.record.map(RecordWish::checked).transpose()?;
    let work = async |_| {
        ask(&session, &state, &store, record).await?;
        Ok(Reply::empty(StatusCode::ACCEPTED))
    };
    write.once.carry_out(&state, (store.tenant_id, session.user_id), work).await
}

async fn ask(
    session: &Session,
    state: &AppState,
    store: &StoreRow,
    record: Option<(RecheckKind, RemoteId)>,
) -> Result<(), WebError> {
    let not_running = |detail: &str| WebError::Conflict { code: "not_running", detail: detail.to_owned() };
    if store.state == StoreState::Paused {
        return Err(not_running("the store is paused: resume it first"));
    }
    let Some((kind, remote_id)) = record else {
        let is_heard = state.engine.sync_now(store, session.user_id).await?;
        return if is_heard {
            Ok(())
        } else {
            Err(not_running("the store's actor is just starting: try again in a few seconds"))
        };
    };
    if store.state == StoreState::Parked {
        state.engine.resume(store, session.user_id).await?;
    }
    // The wish is a row: an actor that is just starting finds it.
    state.engine.sync_record(store, kind, &remote_id).await?;
    Ok(())
}

fn kinds() -> Vec<&'static str> {
    RecheckKind::ALL.into_iter().map(RecheckKind::as_str).collect()
}

impl RecordWish {
    fn checked(self) -> Result<(RecheckKind, RemoteId), WebError> {
        let kind = RecheckKind::ALL.into_iter().find(|kind| kind.as_str() == self.kind);
        let is_number =
            (1..=18).contains(&self.remote_id.len()) && self.remote_id.bytes().all(|byte| byte.is_ascii_digit());
        let kind = kind.filter(|_| is_number).ok_or_else(|| WebError::Unprocessable {
            code: "invalid_field",
            detail: format!("record must name a kind, one of {}, and a remote_id, a number", kinds().join(", ")),
        })?;
        Ok((kind, RemoteId(self.remote_id)))
    }
}
