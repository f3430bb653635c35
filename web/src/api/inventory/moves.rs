//! `GET /api/v1/inventory/{id}/moves`: the ledger of one product's or variation's count. For everyone who sees it.

use actix_web::web;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storewire_db::stock::{self, MoveRow};
use storewire_domain::{ProductId, RoleClass, Source, stock::MoveReason};
use storewire_guard::access::{Action, Area};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    api::{
        money::quantity,
        page::{self, Page},
    },
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MoveQuery {
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// One change of a count, as we saw it: one that was undone between two looks of ours is not told.
#[derive(Debug, Serialize, ToSchema)]
pub struct MoveItem {
    pub id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Null where stock was not counted.
    #[schema(example = "12")]
    pub before: Option<String>,
    #[schema(example = "9")]
    pub after: Option<String>,
    /// `shop` (sold, or changed there), `drift` (found by a walk), `edit`, `request`, `import` or `return`.
    #[schema(value_type = String, example = "shop")]
    pub reason: MoveReason,
    /// How we learned of it.
    #[schema(value_type = String, example = "webhook")]
    pub source: Source,
    /// Whose doing it was; empty if it was nobody's of ours, or their name is not for you.
    pub by_name: String,
    /// Why, in their words.
    pub note: String,
    /// What wrote it. For staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent_id: Option<Uuid>,
}

impl MoveItem {
    fn of(row: MoveRow, class: RoleClass) -> Self {
        Self {
            id: row.id,
            at: row.at,
            before: row.before.map(quantity),
            after: row.after.map(quantity),
            reason: row.reason,
            source: row.source,
            by_name: row.by_name,
            note: row.note,
            intent_id: row.intent_id.filter(|_| class == RoleClass::Staff),
        }
    }
}

/// Lists every change of a count, newest first, with what caused it. Entries are never changed or deleted.
#[utoipa::path(get, path = "/api/v1/inventory/{id}/moves", tag = "inventory", operation_id = "listMoves",
    params(("id" = Uuid, Path, description = "The product's or variation's id"), MoveQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of the ledger", body = Page<MoveItem>)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    query: web::Query<MoveQuery>,
) -> Result<web::Json<Page<MoveItem>>, WebError> {
    session.require(Area::Inventory, Action::View)?;
    let limit = page::limit(query.limit)?;
    let before = page::id(query.after.as_deref())?;
    let tx = state.db.read(&session.scope()).await?;
    let row = stock::find(&tx, ProductId(*id)).await?.ok_or(WebError::NotFound)?;
    let rows = stock::moves(&tx, row.product.tenant_id, row.product.id, before, limit + 1).await?;
    tx.commit().await?;
    let item = |row| MoveItem::of(row, session.class());
    Ok(web::Json(Page::of(rows, limit, |row| page::mark(&(row.id,)), item)))
}
