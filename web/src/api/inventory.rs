//! `PATCH /api/v1/inventory/{id}`: sets the stock of a product or variation in its store. For staff.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Map, Value};
use storewire_db::products;
use storewire_domain::Edit;
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{
        intents::propose::{Proposed, Target, Wishes},
        money::Amount,
        patch_only,
        write::Write,
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Mounts the route.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/inventory/{id}").route(web::patch().to(handler)).default_service(web::to(patch_only)));
}

/// The stock that shall be there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StockChange {
    #[schema(value_type = String, example = "20")]
    stock_quantity: Amount,
    /// What you saw, by the same name: if the store holds something else by then, nothing is written.
    #[schema(value_type = Option<Object>)]
    expected: Option<Map<String, Value>>,
}

/// Sets a stock; the answer does not wait for the store.
#[utoipa::path(patch, path = "/api/v1/inventory/{id}", tag = "products", operation_id = "changeStock",
    request_body = StockChange,
    params(("id" = Uuid, Path, description = "The product's or variation's id")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "On its way to the store", body = Proposed),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body: change, once }: Write<StockChange>,
) -> Result<HttpResponse, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let product = products::summaries(&tx, &[*id]).await?.pop().ok_or(WebError::NotFound)?;
    tx.commit().await?;
    session.require(Area::Inventory, Action::Edit)?;
    let mut wishes = Wishes::given(change.expected);
    wishes.add(Edit::Stock { quantity: change.stock_quantity.0 }, &["stock_quantity"]);
    let target = Target { tenant: product.tenant_id, store: product.store_id, entity: *id };
    wishes.propose(&session, &state, target, once).await
}
