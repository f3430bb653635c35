//! `PATCH /api/v1/products/{id}`: changes a product or variation in its store. For staff.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use storewire_db::ProductSummary;
use storewire_domain::{
    Edit, RemoteId,
    intent::{FieldValue, TextField},
};
use storewire_guard::access::Area;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    addressed,
    api::{
        intents::propose::{Proposed, Target, Wishes},
        money::Amount,
        write::{Write, unversioned},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

const PRICES: [&str; 2] = ["regular_price", "sale_price"];

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductChange {
    #[schema(value_type = Option<String>, example = "20")]
    stock_quantity: Option<Amount>,
    /// In the store's currency; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "12.50")]
    regular_price: Option<Option<Amount>>,
    /// In the store's currency; null ends the sale.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "9.90")]
    sale_price: Option<Option<Amount>>,
    /// `publish`, `draft`, `pending` or `private`.
    #[schema(example = "publish")]
    status: Option<String>,
    /// All its categories, by the store's ids.
    #[schema(example = json!(["15", "22"]))]
    categories: Option<Vec<String>>,
    name: Option<String>,
    sku: Option<String>,
    /// HTML is kept as far as the store keeps it.
    short_description: Option<String>,
    /// HTML is kept as far as the store keeps it.
    description: Option<String>,
    /// What you saw, such as `{"stock_quantity": "12"}`: if the store holds something else by then, that change is not
    /// written. Each field that is to change needs it.
    #[schema(value_type = Option<Object>)]
    expected: Option<Map<String, Value>>,
}

/// Changes stock, prices, status, categories or texts; the answer does not wait for the store.
#[utoipa::path(patch, path = "/api/v1/products/{id}", tag = "products", operation_id = "changeProduct",
    request_body = ProductChange,
    params(("id" = Uuid, Path, description = "The product's or variation's id")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "On its way to the store", body = Proposed),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`expected` does not name every field that is to change; `current` says what we hold of them", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body: change, once, version }: Write<ProductChange>,
) -> Result<HttpResponse, WebError> {
    let product = addressed::product(&session, &state, *id, Area::Products).await?;
    unversioned(version)?;
    let target = Target { tenant: product.tenant_id, store: product.store_id, entity: *id };
    change.into_wishes(&product).propose(&session, &state, target, once).await
}

impl ProductChange {
    fn into_wishes(self, product: &ProductSummary) -> Wishes {
        let mut wishes = Wishes::given(self.expected);
        if let Some(Amount(quantity)) = self.stock_quantity {
            wishes.add(Edit::Stock { quantity }, &["stock_quantity"]);
        }
        if self.regular_price.is_some() || self.sale_price.is_some() {
            // The two are written together: the one that is not to change must be what we hold, or nothing is written.
            let mut settle = |field: &str, wanted: Option<Option<Amount>>, held| match wanted {
                Some(wanted) => wanted.map(|Amount(price)| price),
                None => {
                    wishes.expect(field, serde_json::to_value(FieldValue::number(held)).unwrap_or_default());
                    held
                }
            };
            let regular = settle("regular_price", self.regular_price, product.regular_price);
            let sale = settle("sale_price", self.sale_price, product.sale_price);
            wishes.add(Edit::Price { regular, sale }, &PRICES);
        }
        if let Some(status) = self.status {
            wishes.add(Edit::ProductStatus { status }, &["status"]);
        }
        if let Some(ids) = self.categories {
            wishes.add(Edit::Categories { ids: ids.into_iter().map(RemoteId).collect() }, &["categories"]);
        }
        let texts = [
            (TextField::Name, self.name),
            (TextField::Sku, self.sku),
            (TextField::Short, self.short_description),
            (TextField::Long, self.description),
        ];
        let fields: BTreeMap<_, _> = texts.into_iter().filter_map(|(field, text)| Some((field, text?))).collect();
        if !fields.is_empty() {
            let names: Vec<&str> = fields.keys().map(|field| field.as_str()).collect();
            wishes.add(Edit::Text { fields: fields.clone() }, &names);
        }
        wishes
    }
}

/// Tells a field that is null from one that is left out.
fn given<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Option<Amount>>, D::Error> {
    Option::<Amount>::deserialize(field).map(Some)
}
