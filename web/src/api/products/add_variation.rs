//! `POST /api/v1/products/{id}/variations`: one more variation of a variable product. For staff.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::ProposeError;
use storewire_db::products;
use storewire_domain::{Edit, ProductId, intent::NewVariation};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{
        intents::propose::{Proposed, Target, Wishes},
        money::Amount,
        write::Write,
    },
    error::{Problem, WebError},
    extract::Session,
    goods::Sheet,
    state::AppState,
};

/// The variation; what is left out it does not have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VariationWish {
    /// What is chosen, by the names of the product's attributes.
    #[schema(example = json!({"Colour": "Red"}))]
    options: BTreeMap<String, String>,
    #[serde(default)]
    sku: String,
    /// In the store's currency.
    #[schema(value_type = Option<String>, example = "12.50")]
    regular_price: Option<Amount>,
    /// In the store's currency.
    #[schema(value_type = Option<String>, example = "9.90")]
    sale_price: Option<Amount>,
    /// Without it the store does not count.
    #[schema(value_type = Option<String>, example = "20")]
    stock_quantity: Option<Amount>,
}

/// Has a variation made; the answer does not wait for the store.
#[utoipa::path(post, path = "/api/v1/products/{id}/variations", tag = "products", operation_id = "addVariation",
    request_body = VariationWish, params(("id" = Uuid, Path, description = "The variable product's id")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "On its way to the store", body = Proposed),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The product does not let that be chosen", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, .. }: Write<VariationWish>,
) -> Result<HttpResponse, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let product = products::find(&tx, ProductId(*id)).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    session.require(Area::Products, Action::Edit)?;
    let options = body.options.iter().map(|(name, option)| (name.as_str(), option.as_str()));
    let amount = |amount: Option<Amount>| amount.map(|Amount(amount)| amount);
    let variation = NewVariation {
        choices: Sheet::of(&product.raw).choices(options).map_err(ProposeError::from)?,
        regular_price: amount(body.regular_price),
        sale_price: amount(body.sale_price),
        stock_quantity: amount(body.stock_quantity),
        sku: body.sku,
    };
    let target = Target { tenant: product.summary.tenant_id, store: product.summary.store_id, entity: *id };
    let mut wishes = Wishes::given(None);
    wishes.add(Edit::AddVariation { variation: Box::new(variation) }, &[]);
    wishes.propose(&session, &state, target, once).await
}
