//! What a record holds of the fields that an edit is about: wanted, expected, before and after are all told in this form.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Edit, TextField};
use crate::{Customer, Order, Product, RemoteId};

/// Fields whose values are numbers: `12.50` is `12.5` there.
const NUMBERS: [&str; 3] = ["stock_quantity", "regular_price", "sale_price"];

/// One field's value. Numbers are kept as text, in their shortest form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    Text(String),
    /// In no order.
    List(Vec<String>),
    /// As people and programs may give it; told as text.
    Number(Decimal),
    Nothing,
}

/// Values by field name. JSON form: `{"stock_quantity": "20"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(BTreeMap<String, FieldValue>);

impl FieldValue {
    /// A number, or nothing.
    #[must_use]
    pub fn number(value: Option<Decimal>) -> Self {
        value.map_or(Self::Nothing, |value| Self::Text(value.normalize().to_string()))
    }

    /// A text; empty is nothing.
    #[must_use]
    pub fn text(value: &str) -> Self {
        if value.is_empty() { Self::Nothing } else { Self::Text(value.to_owned()) }
    }

    /// A list, sorted.
    #[must_use]
    pub fn list<'a>(values: impl Iterator<Item = &'a str>) -> Self {
        let mut values: Vec<String> = values.map(str::to_owned).collect();
        values.sort_unstable();
        values.dedup();
        Self::List(values)
    }

    /// The same value in the one form in which equal values are equal.
    fn settled(self, name: &str) -> Self {
        match self {
            Self::Number(number) => Self::number(Some(number)),
            Self::Text(text) if NUMBERS.contains(&name) => match text.trim().parse::<Decimal>() {
                Ok(number) => Self::number(Some(number)),
                Err(_) => Self::text(text.trim()),
            },
            Self::Text(text) => match name.parse::<TextField>() {
                Ok(field) => Self::text(&field.settled(&text)),
                Err(_) => Self::text(&text),
            },
            Self::List(values) => Self::list(values.iter().map(String::as_str)),
            Self::Nothing => Self::Nothing,
        }
    }
}

impl Fields {
    /// One field.
    #[must_use]
    pub fn of(name: &str, value: FieldValue) -> Self {
        Self(BTreeMap::from([(name.to_owned(), value)]))
    }

    /// Adds a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: FieldValue) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    /// A field's value; `None` if these fields say nothing of it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FieldValue> {
        self.0.get(name)
    }

    /// The names that are spoken of.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Every value in its settled form, so that what people and programs gave compares with what a store says.
    #[must_use]
    pub fn settled(self) -> Self {
        let settled = self.0.into_iter().map(|(name, value)| {
            let value = value.settled(&name);
            (name, value)
        });
        Self(settled.collect())
    }

    /// Those of these fields that `present` holds other values of.
    #[must_use]
    pub fn missing_in(&self, present: &Self) -> Self {
        let missing = self.0.iter().filter(|(name, value)| present.0.get(*name) != Some(value));
        Self(missing.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// Whether `present` holds every one of these values.
    #[must_use]
    pub fn are_in(&self, present: &Self) -> bool {
        self.missing_in(present).0.is_empty()
    }
}

impl Edit {
    /// The values that shall be there afterwards.
    #[must_use]
    pub fn wanted(&self) -> Fields {
        match self {
            Self::Stock { quantity } => Fields::of("stock_quantity", FieldValue::number(Some(*quantity))),
            Self::Price { regular, sale } => prices(*regular, *sale),
            Self::ProductStatus { status } | Self::OrderStatus { status } => {
                Fields::of("status", FieldValue::text(status))
            }
            Self::Categories { ids } => Fields::of("categories", FieldValue::list(ids.iter().map(RemoteId::as_str))),
            Self::Text { fields } => texts(fields.iter().map(|(field, text)| (*field, text.as_str()))),
            Self::Trash => Fields::of("status", FieldValue::text("trash")),
            Self::Create { .. } | Self::AddVariation { .. } | Self::PlaceOrder { .. } => made(true),
            Self::OrderNote { text, .. } => Fields::of("note", FieldValue::text(text)),
            Self::Tracking { provider, number, url } => {
                let parts = [provider.as_str(), number.as_str(), url.as_deref().unwrap_or_default()];
                Fields::of("tracking", FieldValue::List(parts.map(str::to_owned).to_vec()))
            }
            Self::Customer { fields } => fields
                .iter()
                .fold(Fields::default(), |told, (field, value)| told.with(field.as_str(), FieldValue::text(value))),
        }
    }

    /// What a product holds of this edit's fields.
    #[must_use]
    pub fn in_product(&self, product: &Product) -> Fields {
        match self {
            Self::Stock { .. } => Fields::of("stock_quantity", FieldValue::number(product.stock_quantity)),
            Self::Price { .. } => prices(product.regular_price, product.sale_price),
            Self::ProductStatus { .. } | Self::Trash => Fields::of("status", FieldValue::text(&product.status)),
            Self::Text { fields } => texts(fields.keys().map(|field| (*field, field.of(product)))),
            Self::Categories { .. } => {
                Fields::of("categories", FieldValue::list(product.categories.keys().map(String::as_str)))
            }
            _ => Fields::default(),
        }
    }

    /// What an order holds of this edit's fields, as far as an order tells.
    #[must_use]
    pub fn in_order(&self, order: &Order) -> Fields {
        match self {
            Self::OrderStatus { .. } => Fields::of("status", FieldValue::text(&order.status)),
            _ => Fields::default(),
        }
    }

    /// What a customer holds of this edit's fields.
    #[must_use]
    pub fn in_customer(&self, customer: &Customer) -> Fields {
        match self {
            Self::Customer { fields } => fields
                .keys()
                .fold(Fields::default(), |told, field| told.with(field.as_str(), FieldValue::text(field.of(customer)))),
            _ => Fields::default(),
        }
    }
}

/// Whether what is to be made is there.
#[must_use]
pub fn made(is_there: bool) -> Fields {
    Fields::of("created", FieldValue::text(if is_there { "yes" } else { "" }))
}

fn texts<'a>(of: impl Iterator<Item = (TextField, &'a str)>) -> Fields {
    of.fold(Fields::default(), |told, (field, text)| told.with(field.as_str(), FieldValue::text(&field.settled(text))))
}

fn prices(regular: Option<Decimal>, sale: Option<Decimal>) -> Fields {
    Fields::of("regular_price", FieldValue::number(regular)).with("sale_price", FieldValue::number(sale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_compares_with_what_a_store_says() {
        let typed = Fields::of("regular_price", FieldValue::Text("12.50".to_owned()))
            .with("sale_price", FieldValue::Text(String::new()))
            .with("categories", FieldValue::List(vec!["9".to_owned(), "10".to_owned(), "9".to_owned()]));
        let counted = typed.with("stock_quantity", FieldValue::Number("20.0".parse().unwrap())).settled();
        let said = Fields::of("regular_price", FieldValue::number("12.5".parse().ok()))
            .with("sale_price", FieldValue::Nothing)
            .with("categories", FieldValue::list(["10", "9"].into_iter()))
            .with("stock_quantity", FieldValue::number("20".parse().ok()));
        assert!(counted.are_in(&said), "{counted:?}");
    }

    #[test]
    fn only_what_differs_is_missing() {
        let wanted = Edit::Price { regular: "12".parse().ok(), sale: "9".parse().ok() }.wanted();
        let present = prices("12.00".parse().ok(), None);
        assert_eq!(wanted.missing_in(&present), Fields::of("sale_price", FieldValue::Text("9".to_owned())));
        assert!(!wanted.are_in(&Fields::default()));
    }
}
