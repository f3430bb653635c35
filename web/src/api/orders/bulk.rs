//! `POST /api/v1/orders/bulk`: one status for many orders, with what became of each. For staff.

use std::collections::{HashMap, HashSet};

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use storewire_actors::desk::BulkOrder;
use storewire_db::{
    ReadTx, bulks,
    intents::{self, IntentRow},
    orders,
};
use storewire_domain::OrderId;
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{intents::IntentItem, once::Reply, write::Write},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Orders of one bulk.
pub const MOST: usize = 200;

/// Which orders are to have which status.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkChange {
    /// From 1 to 200, each once.
    orders: Vec<BulkTarget>,
    /// Without `wc-`.
    #[schema(example = "completed")]
    status: String,
}

/// One of the orders.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkTarget {
    id: Uuid,
    /// The status that you saw: an order that has another by now is left alone. It must be said.
    #[schema(example = "processing")]
    seen_status: Option<String>,
}

/// What became of a change of many.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkResult {
    pub id: Uuid,
    /// Where to ask how it stands.
    #[schema(example = "/api/v1/orders/bulk/0195f7a0-0000-7000-8000-000000000001")]
    pub href: String,
    /// In the order in which they were given.
    pub items: Vec<BulkItem>,
}

/// What became of one of the orders.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkItem {
    pub order_id: Uuid,
    /// `refused` when it was asked for; else how its write stands: `waiting`, `sending`, `unknown`, `done` or `failed`.
    #[schema(example = "waiting")]
    pub outcome: String,
    /// Why it was refused or failed, such as `illegal_step`, `changed`, `gone`, `conflict` or `unknown_status`.
    #[schema(example = "illegal_step")]
    pub code: Option<String>,
    /// The write that it became.
    pub intent: Option<IntentItem>,
}

/// Gives up to 200 orders one status; the answer does not wait for the stores. An order that cannot take the step is refused by itself, and
/// the others are written. One that you may not see refuses the whole.
#[utoipa::path(post, path = "/api/v1/orders/bulk", tag = "orders", operation_id = "changeOrders",
    request_body = BulkChange, security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "What became of each so far", body = BulkResult),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "One of the orders is not there", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`seen_status` of an order is missing", body = Problem, content_type = "application/problem+json")))]
pub async fn change(
    session: Session,
    state: web::Data<AppState>,
    Write { body, once, .. }: Write<BulkChange>,
) -> Result<HttpResponse, WebError> {
    let seen = body.orders.into_iter().map(|one| (one.id, one.seen_status)).collect();
    let wishes = named(&session, &state, seen).await?;
    session.require(Area::Orders, Action::Edit)?;
    if wishes.iter().any(|wish| wish.seen.is_none()) {
        return Err(unseen());
    }
    // The key is kept with the tenant of the first.
    let first = wishes.first().map(|wish| wish.tenant).ok_or_else(nothing_named)?;
    let work = async |deed| {
        state.engine.desk().change_orders(deed, session.hand(), wishes, body.status).await?;
        Reply::accepted(&outcome(&session, &state, deed).await?)
    };
    once.carry_out(&state, (first, session.user_id), work).await
}

/// How a change of many stands, order by order.
#[utoipa::path(get, path = "/api/v1/orders/bulk/{id}", tag = "orders", operation_id = "showBulk",
    params(("id" = Uuid, Path, description = "The bulk's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "What became of each", body = BulkResult),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn show(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<BulkResult>, WebError> {
    let found = outcome(&session, &state, *id).await?;
    session.require(Area::Orders, Action::Edit)?;
    Ok(web::Json(found))
}

fn unseen() -> WebError {
    WebError::unseen("say which status you saw of each order, as `seen_status`", Map::new())
}

/// Orders with the statuses that were seen of them, each once, where they belong. One that is out of sight is not there, and then nothing is.
pub async fn named(
    session: &Session,
    state: &AppState,
    mut seen: Vec<(Uuid, Option<String>)>,
) -> Result<Vec<BulkOrder>, WebError> {
    let mut known = HashSet::new();
    seen.retain(|(id, _)| known.insert(*id));
    if seen.is_empty() {
        return Err(nothing_named());
    }
    if seen.len() > MOST {
        let detail = format!("at most {MOST} orders at once");
        return Err(WebError::Unprocessable { code: "too_many", detail });
    }
    let ids: Vec<Uuid> = seen.iter().map(|(id, _)| *id).collect();
    let tx = state.db.read(&session.scope()).await?;
    let (found, ended) = tokio::join!(biased; orders::summaries(&tx, &ids), tx.end());
    ended?;
    let places: HashMap<Uuid, _> =
        found?.into_iter().map(|one| (one.id.uuid(), (one.tenant_id, one.store_id))).collect();
    let wish = |(id, seen): (Uuid, Option<String>)| {
        let (tenant, store) = places.get(&id).copied().ok_or(WebError::NotFound)?;
        Ok(BulkOrder { tenant, store, order: OrderId(id), seen })
    };
    seen.into_iter().map(wish).collect()
}

fn nothing_named() -> WebError {
    WebError::Unprocessable { code: "nothing_to_change", detail: "no order is named".to_owned() }
}

async fn outcome(session: &Session, state: &AppState, id: Uuid) -> Result<BulkResult, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let (rows, mut written) = read(&tx, id).await?;
    tx.commit().await?;
    let item = |row: bulks::BulkRow| {
        let intent = row.intent_id.and_then(|id| written.remove(&id));
        let refused = || ("refused".to_owned(), row.refusal.clone());
        let (outcome, code) = match &intent {
            Some(intent) => (intent.state.as_str().to_owned(), intent.reason.clone()),
            None => refused(),
        };
        BulkItem { order_id: row.entity_id, outcome, code, intent: intent.map(IntentItem::from) }
    };
    Ok(BulkResult { id, href: format!("/api/v1/orders/bulk/{id}"), items: rows.into_iter().map(item).collect() })
}

/// The rows of a bulk and the intents that they became, by id.
///
/// # Errors
/// `NotFound` if the reader may see none of it.
pub async fn read(tx: &ReadTx, id: Uuid) -> Result<(Vec<bulks::BulkRow>, HashMap<Uuid, IntentRow>), WebError> {
    let rows = bulks::rows(tx, id).await?;
    if rows.is_empty() {
        return Err(WebError::NotFound);
    }
    let ids: Vec<Uuid> = rows.iter().filter_map(|row| row.intent_id).collect();
    let written = intents::by_ids(tx, &ids).await?;
    Ok((rows, written.into_iter().map(|intent| (intent.id, intent)).collect()))
}
