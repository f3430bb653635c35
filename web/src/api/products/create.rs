//! `POST /api/v1/products`: a product that a store does not have yet. For staff.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_domain::{
    Edit, RemoteId, StoreId,
    intent::{NewAttribute, NewKind, NewProduct},
};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    addressed,
    api::{
        intents::propose::{Proposed, Target, Wishes},
        money::Amount,
        write::Write,
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// The product; what is left out it does not have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductWish {
    store_id: Uuid,
    #[schema(example = "Copper kettle")]
    name: String,
    #[serde(default)]
    sku: String,
    /// `simple`, or `variable` for one that is sold by its variations.
    #[serde(default = "simple")]
    #[schema(value_type = String, default = "simple")]
    kind: NewKind,
    /// `publish`, `draft`, `pending` or `private`.
    #[serde(default = "draft")]
    #[schema(default = "draft")]
    status: String,
    /// In the store's currency.
    #[schema(value_type = Option<String>, example = "12.50")]
    regular_price: Option<Amount>,
    /// In the store's currency.
    #[schema(value_type = Option<String>, example = "9.90")]
    sale_price: Option<Amount>,
    /// Without it the store does not count.
    #[schema(value_type = Option<String>, example = "20")]
    stock_quantity: Option<Amount>,
    #[serde(default)]
    short_description: String,
    #[serde(default)]
    description: String,
    /// By the store's ids.
    #[serde(default)]
    #[schema(example = json!(["15", "22"]))]
    categories: Vec<String>,
    /// What variations choose among.
    #[serde(default)]
    attributes: Vec<AttributeWish>,
}

/// An attribute of the product's own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeWish {
    #[schema(example = "Colour")]
    name: String,
    #[schema(example = json!(["Red", "Blue"]))]
    options: Vec<String>,
}

/// Has a product made; the answer does not wait for the store. Until it is made, its intent is what it is known by.
#[utoipa::path(post, path = "/api/v1/products", tag = "products", operation_id = "createProduct",
    request_body = ProductWish, security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "On its way to the store", body = Proposed),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such product can be made", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    Write { body, once, .. }: Write<ProductWish>,
) -> Result<HttpResponse, WebError> {
    let store = addressed::store(&session, &state, body.store(), (Area::Products, Action::Edit)).await?;
    let target = Target { tenant: store.tenant_id, store: store.id, entity: Uuid::nil() };
    let mut wishes = Wishes::given(None);
    wishes.add(Edit::Create { product: Box::new(body.into()) }, &[]);
    wishes.propose(&session, &state, target, once).await
}

impl ProductWish {
    /// Where it is to be made.
    #[must_use]
    pub const fn store(&self) -> StoreId {
        StoreId(self.store_id)
    }
}

impl From<ProductWish> for NewProduct {
    fn from(wish: ProductWish) -> Self {
        let amount = |amount: Option<Amount>| amount.map(|Amount(amount)| amount);
        let own = |one: AttributeWish| NewAttribute {
            id: None,
            name: one.name,
            options: one.options,
            for_variations: wish.kind == NewKind::Variable,
        };
        Self {
            attributes: wish.attributes.into_iter().map(own).collect(),
            name: wish.name,
            sku: wish.sku,
            kind: wish.kind,
            status: wish.status,
            regular_price: amount(wish.regular_price),
            sale_price: amount(wish.sale_price),
            stock_quantity: amount(wish.stock_quantity),
            short_description: wish.short_description,
            description: wish.description,
            categories: wish.categories.into_iter().map(RemoteId).collect(),
            image_ids: Vec::new(),
        }
    }
}

const fn simple() -> NewKind {
    NewKind::Simple
}

fn draft() -> String {
    "draft".to_owned()
}
