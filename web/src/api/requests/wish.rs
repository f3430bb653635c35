//! From the words of a wish to the edit that it means, on what our copy holds.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Map, Value};
use storewire_domain::{
    Edit, RemoteId,
    intent::{EditFault, FieldValue, Fields, Rejected, TextField},
    request::{Meaning, RequestRefusal},
};

use super::ask::NewRequest;
use crate::{
    api::{money::Amount, products::create::ProductWish},
    error::WebError,
};

/// A price as it is asked for: left out, taken away, or an amount.
type Price = Option<Option<Amount>>;

/// What our copy holds of a product, as far as wishes are counted from it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    pub stock_quantity: Option<Decimal>,
    pub regular_price: Option<Decimal>,
    pub sale_price: Option<Decimal>,
}

/// One change, as its asker says it.
#[derive(Debug)]
pub enum Wish {
    Stock(Decimal),
    StockChange(Decimal),
    Prices { regular: Price, sale: Price },
    Status(String),
    Categories(Vec<String>),
    Text(BTreeMap<TextField, String>),
    Create(Box<ProductWish>),
    OrderNote(String),
}

impl Wish {
    /// The one change that a body names.
    pub(super) fn of(body: NewRequest) -> Result<Self, WebError> {
        let (regular, sale) = (body.regular_price, body.sale_price);
        let named = [
            body.stock_quantity.map(|Amount(quantity)| Self::Stock(quantity)),
            body.stock_change.map(|Amount(change)| Self::StockChange(change)),
            (regular.is_some() || sale.is_some()).then_some(Self::Prices { regular, sale }),
            body.status.map(Self::Status),
            body.categories.map(Self::Categories),
            body.text.map(Self::Text),
            body.product.map(|product| Self::Create(Box::new(product))),
            body.order_note.map(Self::OrderNote),
        ];
        let mut named = named.into_iter().flatten();
        match (named.next(), named.next()) {
            (Some(wish), None) => Ok(wish),
            (None, _) => Err(WebError::Unprocessable {
                code: "nothing_to_change",
                detail: "the body names nothing to ask for".to_owned(),
            }),
            (Some(_), Some(_)) => Err(WebError::Unprocessable {
                code: "one_at_a_time",
                detail: "ask for one change at a time: each is decided by itself".to_owned(),
            }),
        }
    }

    /// Whether it is about no record that is there.
    pub(super) const fn is_new(&self) -> bool {
        matches!(self, Self::Create(_))
    }

    /// Otherwise it is about a product.
    pub(super) const fn is_about_an_order(&self) -> bool {
        matches!(self, Self::OrderNote(_))
    }

    /// The edit, how its quantity is meant, and what its asker saw. Where an edit is made of what we hold, that was seen too: if the store
    /// holds something else when it is written down, it is refused.
    pub(super) fn settled(
        self,
        held: Held,
        seen: Option<Map<String, Value>>,
    ) -> Result<(Edit, Meaning, Option<Fields>), WebError> {
        let mut seen = seen.map(told).transpose()?;
        let mut meaning = Meaning::Absolute;
        let edit = match self {
            Self::Stock(quantity) => Edit::Stock { quantity },
            Self::StockChange(change) => {
                meaning = Meaning::Relative;
                let base = match seen.as_ref().and_then(|seen| seen.get("stock_quantity")) {
                    Some(FieldValue::Text(text)) => Some(text.parse::<Decimal>().map_err(|_| bad_expectation())?),
                    Some(_) => None,
                    None => held.stock_quantity,
                };
                let base: Decimal = base.ok_or(RequestRefusal::NoMeaning)?;
                see(&mut seen, "stock_quantity", Some(base));
                Edit::Stock { quantity: base.checked_add(change).ok_or_else(too_large)? }
            }
            Self::Prices { regular, sale } => {
                // The two are written together: the one that is not asked for must stay what we hold.
                let mut settle = |field: &str, wanted: Price, held: Option<Decimal>| match wanted {
                    Some(wanted) => wanted.map(|Amount(price)| price),
                    None => {
                        see(&mut seen, field, held);
                        held
                    }
                };
                let regular = settle("regular_price", regular, held.regular_price);
                let sale = settle("sale_price", sale, held.sale_price);
                Edit::Price { regular, sale }
            }
            Self::Status(status) => Edit::ProductStatus { status },
            Self::Categories(ids) => Edit::Categories { ids: ids.into_iter().map(RemoteId).collect() },
            Self::Text(fields) => Edit::Text { fields },
            Self::Create(product) => Edit::Create { product: Box::new((*product).into()) },
            Self::OrderNote(text) => Edit::OrderNote { text, for_customer: false },
        };
        let wanted = edit.wanted();
        let is_foreign = |name: &str| edit.adds() || wanted.get(name).is_none();
        if seen.as_ref().is_some_and(|seen| seen.names().any(is_foreign)) {
            return Err(bad_expectation());
        }
        Ok((edit, meaning, seen))
    }
}

fn told(seen: Map<String, Value>) -> Result<Fields, WebError> {
    serde_json::from_value::<Fields>(Value::Object(seen)).map(Fields::settled).map_err(|_| bad_expectation())
}

/// Adds what was seen of a field, unless the asker said it themselves.
fn see(seen: &mut Option<Fields>, field: &str, held: Option<Decimal>) {
    let told = seen.take().unwrap_or_default();
    let is_told = told.get(field).is_some();
    *seen = Some(if is_told { told } else { told.with(field, FieldValue::number(held)) });
}

fn bad_expectation() -> WebError {
    rejected("seen", EditFault::BadExpectation)
}

fn too_large() -> WebError {
    rejected("stock_change", EditFault::TooLarge)
}

fn rejected(field: &'static str, fault: EditFault) -> WebError {
    WebError::Unprocessable { code: fault.as_str(), detail: Rejected { field, fault }.to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// 12 of it, at 9.50.
    const TWELVE: Held = Held {
        stock_quantity: Some(Decimal::from_parts(12, 0, 0, false, 0)),
        regular_price: Some(Decimal::from_parts(950, 0, 0, false, 2)),
        sale_price: None,
    };

    fn wish(body: Value) -> Result<Wish, WebError> {
        let mut named = json!({"entity_id": "018f0000-0000-7000-8000-000000000000"});
        named.as_object_mut().unwrap().extend(body.as_object().cloned().unwrap());
        Wish::of(serde_json::from_value(named).unwrap())
    }

    fn settled(body: Value, seen: Value) -> Result<(Edit, Meaning, Value), WebError> {
        let (edit, meaning, seen) = wish(body)?.settled(TWELVE, seen.as_object().cloned())?;
        Ok((edit, meaning, serde_json::to_value(seen).unwrap()))
    }

    #[test]
    fn a_body_names_one_change() {
        assert!(matches!(wish(json!({"stock_quantity": "3"})), Ok(Wish::Stock(_))));
        assert!(matches!(wish(json!({"regular_price": "3", "sale_price": null})), Ok(Wish::Prices { .. })));
        assert_eq!(wish(json!({})).unwrap_err().code(), "nothing_to_change");
        assert_eq!(wish(json!({"stock_quantity": "3", "status": "draft"})).unwrap_err().code(), "one_at_a_time");
    }

    #[test]
    fn so_many_more_is_counted_from_what_was_seen() {
        let twenty = (Edit::Stock { quantity: 20.into() }, Meaning::Relative);
        for (change, seen) in
            [("8", Value::Null), ("10", json!({"stock_quantity": "10.0"})), ("11", json!({"stock_quantity": 9}))]
        {
            let (edit, meaning, _) = settled(json!({"stock_change": change}), seen).unwrap();
            assert_eq!((edit, meaning), twenty, "{change}");
        }
        let (.., seen) = settled(json!({"stock_change": "-3"}), Value::Null).unwrap();
        assert_eq!(seen, json!({"stock_quantity": "12"}), "or it would be counted from another number");
        let code = |seen| settled(json!({"stock_change": "1"}), seen).unwrap_err().code();
        assert_eq!(code(json!({"stock_quantity": null})), "no_meaning");
        assert_eq!(code(json!({"stock_quantity": "many"})), "bad_expectation");
    }

    #[test]
    fn one_price_alone_is_asked_for_while_the_other_is_what_we_hold() {
        let (edit, meaning, seen) = settled(json!({"sale_price": "8.00"}), Value::Null).unwrap();
        assert_eq!(edit, Edit::Price { regular: Some(Decimal::new(950, 2)), sale: Some(8.into()) });
        assert_eq!((meaning, seen), (Meaning::Absolute, json!({"regular_price": "9.5"})));
    }

    #[test]
    fn what_was_seen_is_of_the_fields_that_are_to_change() {
        let code = |body, seen| settled(body, seen).unwrap_err().code();
        assert_eq!(code(json!({"status": "draft"}), json!({"stock_quantity": "12"})), "bad_expectation");
        assert_eq!(code(json!({"status": "draft"}), json!({"status": {"a": 1}})), "bad_expectation");
        assert_eq!(code(json!({"order_note": "fragile"}), json!({"note": "x"})), "bad_expectation");
        let (.., seen) = settled(json!({"status": "draft"}), json!({"status": "publish"})).unwrap();
        assert_eq!(seen, json!({"status": "publish"}));
    }
}
