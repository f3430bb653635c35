//! Requests: what merchants wish changed in their stores, and what staff decided.
//!
//! They live where the documents look for them, under the inventory. A merchant's user sees the own ones, a merchant's admin the tenant's,
//! staff those of their stores.

pub mod ask;
pub mod comment;
pub mod decide;
pub mod list;
pub mod show;
pub mod wish;
pub mod withdraw;

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use storewire_db::{ReadTx, RequestRow, requests};
use storewire_domain::{
    Edit, IntentState, RequestId, RoleClass,
    intent::Fields,
    request::{Meaning, RequestState},
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{get_or_post, get_patch_or_put, post_only},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Mounts the routes of requests.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/inventory/approvals")
            .route(web::get().to(list::handler))
            .route(web::post().to(ask::handler))
            .default_service(web::to(get_or_post)),
    )
    .service(
        web::resource("/inventory/approvals/{id}")
            .route(web::get().to(show::handler))
            .route(web::patch().to(decide::handler))
            // The documents' word for it.
            .route(web::put().to(decide::put))
            .default_service(web::to(get_patch_or_put)),
    )
    .service(
        web::resource("/inventory/approvals/{id}/comments")
            .route(web::post().to(comment::handler))
            .default_service(web::to(post_only)),
    )
    .service(
        web::resource("/inventory/approvals/{id}/withdraw")
            .route(web::post().to(withdraw::handler))
            .default_service(web::to(post_only)),
    );
}

/// One request. `base`, `current` and `proposed` hold values by field name.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestItem {
    pub id: Uuid,
    /// By which people call it, counted within the merchant.
    #[schema(example = 12)]
    pub number: i64,
    /// Where to ask how it stands.
    #[schema(example = "/api/v1/inventory/approvals/0195f7a0-0000-7000-8000-000000000001")]
    pub href: String,
    pub store_id: Uuid,
    pub store_name: String,
    /// `product.stock`, `product.price`, `product.status`, `product.categories`, `product.text`, `product.create`, `order.note` or `order.place`.
    #[schema(example = "product.stock")]
    pub kind: String,
    /// Our id of the product or order; of what is yet to be made, that of the request.
    pub entity_id: Uuid,
    /// What the record was called when it was asked for.
    pub about: String,
    /// What is asked for.
    #[schema(value_type = Object)]
    pub edit: Edit,
    /// What the asker saw.
    #[schema(value_type = Object)]
    pub base: Fields,
    /// What the store holds now, as far as we know: it is decided on this.
    #[schema(value_type = Object)]
    pub current: Fields,
    /// What the asker wants.
    #[schema(value_type = Object)]
    pub proposed: Fields,
    /// How the asker meant a quantity: `absolute` for that number, `relative` for that many more or fewer.
    #[schema(value_type = String, example = "absolute")]
    pub meaning: Meaning,
    /// `current` is no longer `base`.
    pub is_stale: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub stale_at: Option<Timestamp>,
    /// `waiting`, `approved` (on its way to the store), `applied`, `failed`, `rejected`, `withdrawn` or `expired`.
    #[schema(value_type = String, example = "waiting")]
    pub state: RequestState,
    /// Give it as `If-Match` with a decision; it moves with every step and whenever `current` does.
    pub version: i64,
    /// What the asker said about it.
    pub note: String,
    pub asked_by_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
    pub decided_by_name: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
    /// How a quantity was meant when it was approved.
    #[schema(value_type = Option<String>)]
    pub decided_meaning: Option<Meaning>,
    /// What was approved, with the value that the meaning gave it.
    #[schema(value_type = Option<Object>)]
    pub decided_edit: Option<Edit>,
    /// Why it was rejected, in words, or failed, as a code.
    pub reason: Option<String>,
    /// What the store said it holds, once what was approved had ended.
    #[schema(value_type = Option<Object>)]
    pub result: Option<Value>,
    /// How far what was approved has come, as the `state` of an intent.
    #[schema(value_type = Option<String>)]
    pub intent_state: Option<IntentState>,
    /// What writes it. For staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent_id: Option<Uuid>,
    /// When it ends by itself if nobody decides.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

impl RequestItem {
    /// As readers of this class see it.
    #[must_use]
    pub fn of(row: RequestRow, class: RoleClass) -> Self {
        Self {
            href: format!("/api/v1/inventory/approvals/{}", row.id),
            id: row.id.uuid(),
            number: row.number,
            store_id: row.store_id.uuid(),
            store_name: row.store_name,
            kind: row.kind,
            entity_id: row.entity_id,
            about: row.about,
            proposed: row.edit.wanted(),
            edit: row.edit,
            base: row.base,
            current: row.current,
            meaning: row.asked_meaning,
            is_stale: row.stale_at.is_some(),
            stale_at: row.stale_at,
            state: row.state,
            version: row.version,
            note: row.note,
            asked_by_name: row.asked_name,
            asked_at: row.asked_at,
            decided_by_name: row.decided_name,
            decided_at: row.decided_at,
            decided_meaning: row.decided_meaning,
            decided_edit: row.decided_edit,
            reason: row.reason,
            result: row.result,
            intent_state: row.intent_state,
            intent_id: row.intent_id.filter(|_| class == RoleClass::Staff),
            expires_at: row.expires_at,
        }
    }
}

/// The request, if it is there for this reader: a colleague's looks to a merchant's user like none.
pub(crate) async fn visible(tx: &ReadTx, session: &Session, id: RequestId) -> Result<RequestRow, WebError> {
    let found = requests::find(tx, id).await?;
    found.filter(|row| session.own().is_none_or(|own| own == row.asked_by)).ok_or(WebError::NotFound)
}

/// The same, for what needs no further look at the rows.
pub(crate) async fn addressed(session: &Session, state: &AppState, id: RequestId) -> Result<RequestRow, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let row = visible(&tx, session, id).await?;
    tx.commit().await?;
    Ok(row)
}
