//! `GET /api/v1/intents`: changes on their way to stores, newest first. For staff.

use actix_web::web;
use serde::Deserialize;
use storewire_db::intents::{self, IntentFilter};
use storewire_domain::{IntentState, StoreId};
use storewire_guard::access::{Action, Area};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    api::{
        intents::IntentItem,
        page::{self, Page},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Which intents.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IntentQuery {
    /// To this store only.
    store: Option<Uuid>,
    /// Of this order, product or customer only.
    entity: Option<Uuid>,
    /// `waiting`, `sending`, `unknown`, `done` or `failed` only.
    #[param(value_type = Option<String>)]
    state: Option<IntentState>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// Lists intents, newest first; finished ones are kept.
#[utoipa::path(get, path = "/api/v1/intents", tag = "intents", operation_id = "listIntents", params(IntentQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of intents", body = Page<IntentItem>),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<IntentQuery>,
) -> Result<web::Json<Page<IntentItem>>, WebError> {
    session.require(Area::Stores, Action::View)?;
    let limit = page::limit(query.limit)?;
    let filter = IntentFilter {
        store: query.store.map(StoreId),
        entity: query.entity,
        state: query.state,
        before: page::id(query.after.as_deref())?,
        limit: limit + 1,
    };
    let tx = state.db.read(&session.scope()).await?;
    let rows = intents::list(&tx, &filter).await?;
    tx.commit().await?;
    Ok(web::Json(Page::of(rows, limit, |row| page::mark(&(row.id,)), IntentItem::from)))
}
