//! `GET /api/v1/inventory`: what is counted, by the names of articles. For everyone, within their own stores.

use actix_web::web;
use serde::Deserialize;
use storewire_db::stock::{self, StockFilter, StockKey, StockRow};
use storewire_domain::{ProductId, StoreId};
use storewire_guard::access::{Action, Area};
use utoipa::IntoParams;
use uuid::Uuid;

use super::StockItem;
use crate::{
    api::page::{self, Page},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Which stock.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StockQuery {
    /// Of this store only.
    store: Option<Uuid>,
    /// Only what is at or below its level.
    #[serde(default)]
    low: bool,
    /// Part of the name, SKU or GTIN.
    q: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// Lists products and variations that count their stock; the variations of an article follow each other.
#[utoipa::path(get, path = "/api/v1/inventory", tag = "inventory", operation_id = "listStock", params(StockQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of stock", body = Page<StockItem>),
        (status = 400, description = "A parameter is unknown or wrong", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<StockQuery>,
) -> Result<web::Json<Page<StockItem>>, WebError> {
    session.require(Area::Inventory, Action::View)?;
    let query = query.into_inner();
    let limit = page::limit(query.limit)?;
    let after: Option<(String, Uuid, String, Uuid)> = page::place(query.after.as_deref())?;
    let filter = StockFilter {
        store: query.store.map(StoreId),
        is_low: query.low,
        search: page::filter("q", query.q)?,
        after: after.map(|(article_name, article, name, id)| StockKey {
            article_name,
            article: ProductId(article),
            name,
            id: ProductId(id),
        }),
        limit: limit + 1,
    };
    let tx = state.db.read(&session.scope()).await?;
    let rows = stock::list(&tx, &filter).await?;
    tx.commit().await?;
    let mark = |StockRow { key, .. }: &StockRow| page::mark(&(&key.article_name, key.article, &key.name, key.id));
    Ok(web::Json(Page::of(rows, limit, mark, StockItem::from)))
}
