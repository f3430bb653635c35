//! `GET /api/v1/stores/{id}/walks`: how far each listing of a store has been read, and the last walks over it. For staff.

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_db::{
    checkpoints::{self, Checkpoint},
    sweeps::{self, Sweep},
};
use storewire_domain::Purpose;
use storewire_guard::access::Action;
use utoipa::ToSchema;
use uuid::Uuid;

use super::visible;
use crate::{
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// What has been read of a store, and what was compared.
#[derive(Debug, Serialize, ToSchema)]
pub struct Walks {
    /// Read by date of change.
    pub listings: Vec<ListingItem>,
    /// Walked by id, to find what no date tells.
    pub walks: Vec<WalkItem>,
}

/// Up to where a listing has been read.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListingItem {
    /// `orders`, `products` or `coupons`.
    pub resource: &'static str,
    /// `any`, or `trash` (which `any` never contains).
    pub listing: &'static str,
    /// Everything modified up to here, by the store's clock, is stored; null before the first walk ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub position: Option<Timestamp>,
    pub is_under_way: bool,
    /// Rows read in the walk under way.
    pub done: i64,
    /// Rows that the store announced for it.
    pub expected: Option<i64>,
    /// When the walk under way, or the last one, began.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub began_at: Option<Timestamp>,
    /// When the first import of this listing ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub imported_at: Option<Timestamp>,
}

/// A walk over a listing by id: under way, or the last one.
#[derive(Debug, Serialize, ToSchema)]
pub struct WalkItem {
    /// `sweep` compares what a light listing tells, `reconcile` whole records.
    #[schema(value_type = String)]
    pub purpose: Purpose,
    /// `orders`, `products`, `variations`, `coupons` or `customers`.
    pub resource: &'static str,
    /// `any` or `trash`.
    pub listing: &'static str,
    /// Since when another one is wanted.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub wanted_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
    /// Rows passed.
    pub done: i64,
    /// Rows that the store last announced.
    pub expected: Option<i64>,
    /// Differences found.
    pub drifted: i64,
}

/// Shows how far a store has been read and compared.
#[utoipa::path(get, path = "/api/v1/stores/{id}/walks", tag = "stores", operation_id = "listWalks",
    params(("id" = Uuid, Path, description = "The store's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "Its listings and walks", body = Walks),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<Walks>, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let store = visible(&tx, &session, *id, Action::View).await?;
    let walks = sweeps::list_of(&tx, store.tenant_id, store.id).await?;
    tx.commit().await?;
    let tx = state.db.tenant(store.tenant_id).await?;
    let listings = checkpoints::list(&tx, store.id).await?;
    tx.commit().await?;
    Ok(web::Json(Walks {
        listings: listings.into_iter().map(ListingItem::from).collect(),
        walks: walks.into_iter().map(WalkItem::from).collect(),
    }))
}

impl From<Checkpoint> for ListingItem {
    fn from(checkpoint: Checkpoint) -> Self {
        Self {
            resource: checkpoint.resource.as_str(),
            listing: checkpoint.listing,
            position: checkpoint.backfilled_at.map(|_| checkpoint.position),
            is_under_way: checkpoint.walk.is_some(),
            done: checkpoint.done,
            expected: checkpoint.expected,
            began_at: checkpoint.began_at,
            imported_at: checkpoint.backfilled_at,
        }
    }
}

impl From<Sweep> for WalkItem {
    fn from(sweep: Sweep) -> Self {
        Self {
            purpose: sweep.purpose,
            resource: sweep.resource.as_str(),
            listing: sweep.listing,
            wanted_at: sweep.wanted_at,
            started_at: sweep.started_at,
            finished_at: sweep.finished_at,
            done: sweep.done,
            expected: sweep.expected,
            drifted: sweep.drifted,
        }
    }
}
