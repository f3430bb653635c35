//! `POST /api/v1/inventory/approvals`: asks that a product or an order be changed in its store, or a product be made. For merchants.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use storewire_actors::desk::Asked;
use storewire_db::{ReadTx, orders, products, stores};
use storewire_domain::{RequestId, StoreId, TenantId, intent::TextField, request::RequestRefusal};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    RequestItem, addressed,
    wish::{Held, Wish},
};
use crate::{
    api::{money::Amount, once::Reply, products::create::ProductWish, write::Write},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// What is asked for: exactly one change, of one record. The two prices are one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// The id of the product, variation or order; left out for a product that is yet to be made.
    pub(super) entity_id: Option<Uuid>,
    /// That many shall be there.
    #[schema(value_type = Option<String>, example = "20")]
    pub(super) stock_quantity: Option<Amount>,
    /// So many more than you saw, or fewer.
    #[schema(value_type = Option<String>, example = "-3")]
    pub(super) stock_change: Option<Amount>,
    /// In the store's currency; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "12.50")]
    pub(super) regular_price: Option<Option<Amount>>,
    /// In the store's currency; null ends the sale.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "9.90")]
    pub(super) sale_price: Option<Option<Amount>>,
    /// `publish`, `draft`, `pending` or `private`.
    #[schema(example = "publish")]
    pub(super) status: Option<String>,
    /// All its categories, by the store's ids.
    #[schema(example = json!(["15", "22"]))]
    pub(super) categories: Option<Vec<String>>,
    /// Texts by name: `name`, `sku`, `short_description` or `description`.
    #[schema(value_type = Option<Object>, example = json!({"name": "Blue mug"}))]
    pub(super) text: Option<BTreeMap<TextField, String>>,
    /// A product that the store does not have yet.
    pub(super) product: Option<ProductWish>,
    /// A private note to add to an order.
    pub(super) order_note: Option<String>,
    /// What you have to say about it, for staff.
    #[serde(default)]
    note: String,
    /// What you saw, such as `{"stock_quantity": "12"}`: if we hold something else by now, nothing is asked. Left out, it is what we hold.
    #[schema(value_type = Option<Object>)]
    seen: Option<Map<String, Value>>,
}

/// What a request is to be about.
struct Record {
    tenant: TenantId,
    store: StoreId,
    is_gone: bool,
    /// Nothing of an order: it is only added to.
    held: Held,
}

/// Asks for a change; staff decide.
#[utoipa::path(post, path = "/api/v1/inventory/approvals", tag = "requests", operation_id = "askRequest",
    request_body = NewRequest, security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "It waits to be decided", body = RequestItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such record of yours", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Another request about the same values waits (`already_asked`), or the record is gone (`gone`)", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "We hold something else than you saw (`changed`)", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    Write { body, once, .. }: Write<NewRequest>,
) -> Result<HttpResponse, WebError> {
    let (entity, note, seen) = (body.entity_id, body.note.clone(), body.seen.clone());
    let wish = Wish::of(body)?;
    if wish.is_new() == entity.is_some() {
        return Err(WebError::Unprocessable {
            code: "invalid_body",
            detail: "entity_id: names the record; a product that is yet to be made has none".to_owned(),
        });
    }
    let tx = state.db.read(&session.scope()).await?;
    let record = find(&tx, &wish, entity).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    session.require(Area::Requests, Action::Request)?;
    if record.is_gone {
        return Err(RequestRefusal::Gone.into());
    }
    let (edit, meaning, seen) = wish.settled(record.held, seen)?;
    let (tenant, store) = (record.tenant, record.store);
    let work = async |deed| {
        // What is yet to be made is known by its request until then.
        let entity = entity.unwrap_or(deed);
        let asked = Asked { tenant, store, entity, edit, meaning, note, seen };
        let row = match state.engine.desk().ask(deed, session.hand(), asked).await {
            Ok(row) => row,
            Err(error) => return Err(discreet(&session, &state, error.into()).await),
        };
        let item = RequestItem::of(row, session.class());
        Reply::created(item.href.clone(), &item)
    };
    once.carry_out(&state, (tenant, session.user_id), work).await
}

/// A refusal as this reader may have it: which request stands in the way is told to those who may see that one.
async fn discreet(session: &Session, state: &AppState, error: WebError) -> WebError {
    match error {
        WebError::Refused { status, code: code @ "already_asked", detail, more } => {
            let id = more.get("id").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
            let is_theirs = match id {
                Some(id) => addressed(session, state, RequestId(id)).await.is_ok(),
                None => false,
            };
            let more = if is_theirs { more } else { Map::new() };
            WebError::Refused { status, code, detail, more }
        }
        other => other,
    }
}

async fn find(tx: &ReadTx, wish: &Wish, entity: Option<Uuid>) -> Result<Option<Record>, WebError> {
    if let Wish::Create(product) = wish {
        let store = stores::find(tx, product.store()).await?;
        return Ok(store.map(|store| Record {
            tenant: store.tenant_id,
            store: store.id,
            is_gone: false,
            held: Held::default(),
        }));
    }
    let Some(id) = entity else { return Ok(None) };
    if wish.is_about_an_order() {
        let order = orders::summaries(tx, &[id]).await?.pop();
        return Ok(order.map(|order| Record {
            tenant: order.tenant_id,
            store: order.store_id,
            is_gone: order.trashed_at.or(order.deleted_at).is_some(),
            held: Held::default(),
        }));
    }
    let product = products::summaries(tx, &[id]).await?.pop();
    Ok(product.map(|product| Record {
        tenant: product.tenant_id,
        store: product.store_id,
        is_gone: product.trashed_at.or(product.deleted_at).is_some(),
        held: Held {
            stock_quantity: product.stock_quantity,
            regular_price: product.regular_price,
            sale_price: product.sale_price,
        },
    }))
}

/// Tells a field that is null from one that is left out.
fn given<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Option<Amount>>, D::Error> {
    Option::<Amount>::deserialize(field).map(Some)
}
