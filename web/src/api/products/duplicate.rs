//! `POST /api/v1/products/{id}/duplicate`: a draft that is like a product. For staff.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_db::products;
use storewire_domain::{Edit, ProductId};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{
        intents::propose::{Proposed, Target, Wishes},
        write::Write,
    },
    error::{Problem, WebError},
    extract::Session,
    goods,
    state::AppState,
};

/// What is to differ.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CopyWish {
    /// The copy's name; the product's own if left out.
    #[schema(example = "Copper kettle, small")]
    name: Option<String>,
}

/// Has a copy of a product made as a draft, with its texts, prices, categories, attributes and pictures; without its number, count and
/// variations. The answer does not wait for the store.
#[utoipa::path(post, path = "/api/v1/products/{id}/duplicate", tag = "products", operation_id = "duplicateProduct",
    request_body = CopyWish, params(("id" = Uuid, Path, description = "The product's id")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "On its way to the store", body = Proposed),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A product of this kind is not made here", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, .. }: Write<CopyWish>,
) -> Result<HttpResponse, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let product = products::find(&tx, ProductId(*id)).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    session.require(Area::Products, Action::Edit)?;
    let (tenant, store) = (product.summary.tenant_id, product.summary.store_id);
    let name = body.name.unwrap_or_else(|| product.summary.name.clone());
    let copy = goods::copy(&product, name).map_err(storewire_actors::ProposeError::from)?;
    let mut wishes = Wishes::given(None);
    wishes.add(Edit::Create { product: Box::new(copy) }, &[]);
    wishes.propose(&session, &state, Target { tenant, store, entity: Uuid::nil() }, once).await
}
