//! `PATCH /api/v1/inventory/{id}`: sets the stock of a product or variation in its store, or adds to it. For staff.

use actix_web::{HttpResponse, web};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Map, Value};
use storewire_domain::{
    Edit,
    intent::{EditFault, FieldValue, Rejected},
    stock::Adjustment,
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

const FIELD: &str = "stock_quantity";

/// The stock that shall be there: as a number, or as so many more or fewer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StockChange {
    #[schema(value_type = Option<String>, example = "20")]
    stock_quantity: Option<Amount>,
    /// So many more than you expected, or fewer; without `expected`, than we hold. Nothing is written if the store holds another number.
    #[schema(value_type = Option<String>, example = "+3")]
    change: Option<Amount>,
    /// Why, for the ledger.
    reason: Option<String>,
    /// What you saw, by the field's name: if the store holds something else by then, nothing is written.
    /// `stock_quantity` needs it, `change` does not.
    #[schema(value_type = Option<Object>)]
    expected: Option<Map<String, Value>>,
}

/// Sets a stock; the answer does not wait for the store.
#[utoipa::path(patch, path = "/api/v1/inventory/{id}", tag = "inventory", operation_id = "changeStock",
    request_body = StockChange,
    params(("id" = Uuid, Path, description = "The product's or variation's id")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "On its way to the store", body = Proposed),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "We hold something else than you expected (`changed`)", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`expected` does not name every field that is to change; `current` says what we hold of them", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, version }: Write<StockChange>,
) -> Result<HttpResponse, WebError> {
    let product = addressed::product(&session, &state, *id, Area::Inventory).await?;
    unversioned(version)?;
    let wishes = body.into_wishes(product.stock_quantity)?;
    let target = Target { tenant: product.tenant_id, store: product.store_id, entity: *id };
    wishes.propose(&session, &state, target, once).await
}

impl StockChange {
    fn into_wishes(self, held: Option<Decimal>) -> Result<Wishes, WebError> {
        let seen = self.expected.as_ref().and_then(|expected| expected.get(FIELD)).cloned();
        let mut wishes = Wishes::given(self.expected);
        wishes.because(self.reason);
        match (self.stock_quantity, self.change) {
            (Some(Amount(quantity)), None) => wishes.add(Edit::Stock { quantity }, &[FIELD]),
            (None, Some(Amount(change))) => {
                let base = seen.map_or(Ok(held), count)?.ok_or_else(|| rejected(EditFault::BadExpectation))?;
                let adjustment = match change.is_sign_negative() {
                    true => Adjustment::Take(-change),
                    false => Adjustment::Add(change),
                };
                let quantity = adjustment.apply(base).map_err(rejected)?;
                // Or it would be added to another number.
                wishes.expect(FIELD, serde_json::to_value(FieldValue::number(Some(base))).unwrap_or_default());
                wishes.add(Edit::Stock { quantity }, &[FIELD]);
            }
            (Some(_), Some(_)) => {
                let detail = "give stock_quantity or change, not both".to_owned();
                return Err(WebError::Unprocessable { code: "one_at_a_time", detail });
            }
            (None, None) => {}
        }
        Ok(wishes)
    }
}

/// The count that a caller says they saw.
fn count(seen: Value) -> Result<Option<Decimal>, WebError> {
    match serde_json::from_value(seen) {
        Ok(FieldValue::Nothing) => Ok(None),
        Ok(FieldValue::Text(text)) => text.parse().map(Some).map_err(|_| rejected(EditFault::BadExpectation)),
        Ok(FieldValue::Number(count)) => Ok(Some(count)),
        Ok(FieldValue::List(_)) | Err(_) => Err(rejected(EditFault::BadExpectation)),
    }
}

fn rejected(fault: EditFault) -> WebError {
    WebError::Unprocessable { code: fault.as_str(), detail: Rejected { field: FIELD, fault }.to_string() }
}
