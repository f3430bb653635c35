//! `GET /api/v1/deliveries`: received webhooks, newest first. For staff.

use actix_web::web;
use jiff::Timestamp;
use serde::Deserialize;
use storewire_db::deliveries::{self, DeliveryFilter};
use storewire_domain::{StoreId, delivery::DeliveryState};
use storewire_guard::access::{Action, Area};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    api::{
        deliveries::DeliveryItem,
        page::{self, Page},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveryQuery {
    /// Of this store only.
    store: Option<Uuid>,
    /// `pending`, `applied`, `ignored` or `dead` only.
    #[param(value_type = Option<String>)]
    state: Option<DeliveryState>,
    /// Of this topic only.
    topic: Option<String>,
    /// Received from then on only.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// Lists deliveries, newest first, for as long as they are kept.
#[utoipa::path(get, path = "/api/v1/deliveries", tag = "deliveries", operation_id = "listDeliveries", params(DeliveryQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of deliveries", body = Page<DeliveryItem>),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<DeliveryQuery>,
) -> Result<web::Json<Page<DeliveryItem>>, WebError> {
    session.require(Area::Stores, Action::View)?;
    let query = query.into_inner();
    let limit = page::limit(query.limit)?;
    let filter = DeliveryFilter {
        store: query.store.map(StoreId),
        state: query.state.map(|state| state.to_string()),
        topic: page::filter("topic", query.topic)?,
        before: page::id(query.after.as_deref())?,
        since: query.since,
        limit: limit + 1,
    };
    let tx = state.db.read(&session.scope()).await?;
    let rows = deliveries::list(&tx, &filter).await?;
    tx.commit().await?;
    Ok(web::Json(Page::of(rows, limit, |row| page::mark(&(row.id,)), DeliveryItem::from)))
}
