//! What a record's page says of requests about it: those that wait, and what its reader may ask for.

use std::{collections::BTreeMap, mem};

use rust_decimal::Decimal;
use serde_json::json;
use storewire_db::{ProductDetail, ProductSummary};
use storewire_domain::{
    ManageStock, OrderId, RemoteId,
    owner::{OwnedField, Owners},
};
use uuid::Uuid;

use super::{Choice, RequestView, TextInput, owner::instead, product_forms::STATUSES, status, text::plain};
use crate::panel::words::Words;

/// The part of a record's page that is about requests.
#[derive(Clone, Debug, Default)]
pub struct Asks {
    pub waiting: Vec<RequestView>,
    /// `None` for who may not ask, and for a record that is gone.
    pub forms: Option<AskForms>,
}

/// The forms of who may ask. Each carries what its reader saw.
#[derive(Clone, Debug)]
pub struct AskForms {
    pub entity: Uuid,
    pub currency: String,
    /// Empty where the store does not count; `None` where it is not this record's to count.
    pub stock: Option<Seen<String>>,
    /// Regular and sale price; `None` where the record has none of its own.
    pub price: Option<Seen<(String, String)>>,
    pub statuses: Option<Seen<Vec<Choice>>>,
    /// What it is called and described by; `None` where that is not asked for.
    pub texts: Option<Seen<Vec<TextInput>>>,
    /// The store's, those that it is in chosen; `None` where none can be asked for.
    pub categories: Option<Seen<Vec<Choice>>>,
    /// A private note can be added to it.
    pub takes_note: bool,
    /// In place of the forms of what the shop alone changes.
    pub instead: Vec<String>,
}

/// What a form shows, and the same as JSON by field name.
#[derive(Clone, Debug)]
pub struct Seen<T> {
    pub shown: T,
    pub json: String,
}

impl AskForms {
    /// What may be asked of a product.
    #[must_use]
    pub fn of_product(product: &ProductSummary, t: &Words) -> Self {
        let amount = |amount: Option<Decimal>| amount.map(|amount| amount.normalize().to_string());
        let told = |amount: &Option<String>| amount.clone().unwrap_or_default();
        let quantity = amount(product.stock_quantity).filter(|_| product.manage_stock == ManageStock::Yes);
        let is_countable = !matches!(product.kind.as_str(), "grouped" | "external");
        let is_its_own = is_countable && product.manage_stock != ManageStock::Parent;
        let (regular, sale) = (amount(product.regular_price), amount(product.sale_price));
        let has_parts = product.kind.starts_with("variable") || product.kind == "grouped";
        let statuses = STATUSES.into_iter().map(|word| Choice {
            value: word.to_owned(),
            label: status::product(word, t).word,
            is_chosen: word == product.status,
        });
        Self {
            entity: product.id.uuid(),
            currency: product.currency.clone(),
            stock: is_its_own
                .then(|| Seen { shown: told(&quantity), json: json!({ "stock_quantity": quantity }).to_string() }),
            price: (!has_parts).then(|| Seen {
                shown: (told(&regular), told(&sale)),
                json: json!({ "regular_price": regular, "sale_price": sale }).to_string(),
            }),
            statuses: Some(Seen { shown: statuses.collect(), json: json!({ "status": product.status }).to_string() }),
            texts: None,
            categories: None,
            takes_note: false,
            instead: Vec::new(),
        }
    }

    /// The same, with the texts of the product's page.
    #[must_use]
    pub fn with_texts(self, texts: Vec<TextInput>) -> Self {
        let seen: BTreeMap<&str, &str> = texts.iter().map(|text| (text.field, text.value.as_str())).collect();
        let json = json!(seen).to_string();
        Self { texts: Some(Seen { shown: texts, json }), ..self }
    }

    /// The same, with the categories of the product's store, by id and name. A variation lies in its parent's.
    #[must_use]
    pub fn with_categories(self, product: &ProductDetail, categories: &[(RemoteId, String)]) -> Self {
        let choice = |(id, name): &(RemoteId, String)| Choice {
            value: id.to_string(),
            label: plain(name),
            is_chosen: product.category_ids.contains(id),
        };
        let can_choose = product.summary.parent_id.is_none() && !categories.is_empty();
        let categories = can_choose.then(|| Seen {
            shown: categories.iter().map(choice).collect(),
            json: json!({ "categories": product.category_ids }).to_string(),
        });
        Self { categories, ..self }
    }

    /// What may be asked of an order.
    #[must_use]
    pub fn of_order(id: OrderId) -> Self {
        Self {
            entity: id.uuid(),
            currency: String::new(),
            stock: None,
            price: None,
            statuses: None,
            texts: None,
            categories: None,
            takes_note: true,
            instead: Vec::new(),
        }
    }

    /// The same without what the shop alone changes.
    #[must_use]
    pub fn within(mut self, owners: &Owners, t: &Words) -> Self {
        for field in owners.of_shop() {
            let is_left_out = match field {
                OwnedField::Stock => self.stock.take().is_some(),
                OwnedField::Price => self.price.take().is_some(),
                OwnedField::ProductStatus => self.statuses.take().is_some(),
                OwnedField::Categories => self.categories.take().is_some(),
                OwnedField::Texts => self.texts.take().is_some(),
                OwnedField::OrderNotes => mem::take(&mut self.takes_note),
                OwnedField::OrderStatus | OwnedField::Tracking | OwnedField::Customer => false,
            };
            self.instead.extend(is_left_out.then(|| instead(field, t)));
        }
        self
    }

    /// A deed of one rendering of a form.
    #[must_use]
    pub fn deed(&self) -> Uuid {
        Uuid::now_v7()
    }
}
