//! What a merchant asks for by a form: the change, what they saw, and how a quantity is meant.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use storewire_domain::{
    Edit, RemoteId,
    intent::{Fields, TextField},
    request::Meaning,
};
use uuid::Uuid;

use crate::{error::WebError, panel::amount};

/// The field of each category that is ticked.
const CATEGORY: &str = "category";

/// The form. Which of its fields are there depends on the wish.
#[derive(Debug, Deserialize)]
pub struct AskForm {
    /// So that a wish sent twice is one request.
    pub(super) deed: Uuid,
    /// The product or order.
    pub(super) entity: Uuid,
    pub(super) wish: Wish,
    /// What the page showed of the fields that are to change, as JSON; empty for what only adds.
    #[serde(default)]
    pub(super) seen: String,
    #[serde(default)]
    pub(super) quantity: String,
    pub(super) meaning: Option<Meaning>,
    #[serde(default)]
    pub(super) regular: String,
    #[serde(default)]
    pub(super) sale: String,
    /// The status or note that is wanted.
    #[serde(default)]
    pub(super) text: String,
    name: Option<String>,
    sku: Option<String>,
    short_description: Option<String>,
    description: Option<String>,
    /// The store's ids of the ticked ones.
    #[serde(default)]
    category: Vec<String>,
    /// What the asker has to say about it, for staff.
    #[serde(default)]
    pub(super) note: String,
}

/// What a form is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wish {
    Stock,
    Price,
    Status,
    Categories,
    Texts,
    OrderNote,
}

impl Wish {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Price => "price",
            Self::Status => "status",
            Self::Categories => "categories",
            Self::Texts => "texts",
            Self::OrderNote => "order_note",
        }
    }
}

impl AskForm {
    /// Reads a form that was sent. Only categories come more than once.
    ///
    /// # Errors
    /// Where it is none of the forms for requests.
    pub(super) fn read(form: &[(String, String)]) -> Result<Self, WebError> {
        let (ticked, others): (Vec<_>, Vec<_>) = form.iter().partition(|(name, _)| name == CATEGORY);
        let mut fields: Map<String, Value> =
            others.into_iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        fields.insert(CATEGORY.to_owned(), ticked.into_iter().map(|(_, id)| id.as_str()).collect());
        serde_json::from_value(Value::Object(fields)).map_err(|error| WebError::BadRequest(format!("form: {error}")))
    }

    /// The edit.
    ///
    /// # Errors
    /// The word for what is wrong with it.
    pub(super) fn edit(&self) -> Result<Edit, &'static str> {
        let text = || tidied(&self.text);
        Ok(match self.wish {
            Wish::Stock => Edit::Stock { quantity: amount::read(&self.quantity).ok_or("amount")? },
            Wish::Price => {
                let price = |text: &str| amount::read_optional(text).map_err(|_| "amount");
                Edit::Price { regular: price(&self.regular)?, sale: price(&self.sale)? }
            }
            Wish::Status => Edit::ProductStatus { status: text() },
            Wish::Categories => {
                Edit::Categories { ids: self.category.iter().map(|id| RemoteId::from(id.as_str())).collect() }
            }
            Wish::Texts => Edit::Text { fields: self.changed_texts().ok_or("unchanged")? },
            Wish::OrderNote => Edit::OrderNote { text: text(), for_customer: false },
        })
    }

    pub(super) fn seen(&self) -> Result<Option<Fields>, WebError> {
        if self.seen.is_empty() {
            return Ok(None);
        }
        let seen: Fields =
            serde_json::from_str(&self.seen).map_err(|error| WebError::BadRequest(format!("seen: {error}")))?;
        let Some(changed) = self.changed_texts().filter(|_| self.wish == Wish::Texts) else { return Ok(Some(seen)) };
        // Of a page full of texts only those must be as they were seen that are to change.
        let kept = changed.keys().filter_map(|field| Some((field.as_str(), seen.get(field.as_str())?.clone())));
        Ok(Some(kept.fold(Fields::default(), |fields, (name, value)| fields.with(name, value))))
    }

    /// The texts that differ from what the page showed; `None` if none does.
    fn changed_texts(&self) -> Option<BTreeMap<TextField, String>> {
        let seen: BTreeMap<TextField, String> = serde_json::from_str(&self.seen).unwrap_or_default();
        let texts = TextField::ALL.iter().filter_map(|&field| Some((field, tidied(self.text_of(field)?))));
        let changed: BTreeMap<_, _> =
            texts.filter(|(field, text)| seen.get(field).is_none_or(|seen| tidied(seen) != *text)).collect();
        (!changed.is_empty()).then_some(changed)
    }

    fn text_of(&self, field: TextField) -> Option<&str> {
        match field {
            TextField::Name => self.name.as_deref(),
            TextField::Sku => self.sku.as_deref(),
            TextField::Short => self.short_description.as_deref(),
            TextField::Long => self.description.as_deref(),
        }
    }

    /// How the quantity is meant; nothing else can be meant in two ways.
    pub(super) fn meaning(&self) -> Meaning {
        self.meaning.filter(|_| self.wish == Wish::Stock).unwrap_or(Meaning::Absolute)
    }

    /// The same form for who has seen these values by now.
    pub(super) fn again(&self, seen: &Fields) -> Vec<(&'static str, String)> {
        let meaning = self.meaning.map(|meaning| meaning.to_string()).unwrap_or_default();
        // Of texts only what was changed: the others are no longer among what was seen.
        let texts = self.changed_texts().unwrap_or_default().into_iter().map(|(field, text)| (field.as_str(), text));
        let fields = [
            ("deed", self.deed.to_string()),
            ("entity", self.entity.to_string()),
            ("wish", self.wish.as_str().to_owned()),
            ("seen", serde_json::to_string(seen).unwrap_or_default()),
            ("quantity", self.quantity.clone()),
            ("meaning", meaning),
            ("regular", self.regular.clone()),
            ("sale", self.sale.clone()),
            ("text", self.text.clone()),
            ("note", self.note.clone()),
        ];
        let ticked = self.category.iter().map(|id| (CATEGORY, id.clone()));
        fields.into_iter().filter(|(_, value)| !value.is_empty()).chain(ticked).chain(texts).collect()
    }
}

/// As a person means what a browser sends.
fn tidied(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(query: &str) -> AskForm {
        let rest = "deed=018f0000-0000-7000-8000-000000000001&entity=018f0000-0000-7000-8000-000000000002";
        let sent = actix_web::web::Query::<Vec<(String, String)>>::from_query(&format!("{rest}&{query}"));
        AskForm::read(&sent.unwrap()).unwrap()
    }

    #[test]
    fn a_form_says_one_change_and_how_its_quantity_is_meant() {
        let stock = form("wish=stock&quantity=1.234,5&meaning=relative");
        assert_eq!(stock.edit(), Ok(Edit::Stock { quantity: "1234.5".parse().unwrap() }));
        assert_eq!(stock.meaning(), Meaning::Relative);
        let price = form("wish=price&regular=9,50&sale=&meaning=relative");
        assert_eq!(price.edit(), Ok(Edit::Price { regular: "9.5".parse().ok(), sale: None }));
        assert_eq!(price.meaning(), Meaning::Absolute);
        let note = form("wish=order_note&text=+a%0D%0Ab+");
        assert_eq!(note.edit(), Ok(Edit::OrderNote { text: "a\nb".to_owned(), for_customer: false }));
        assert_eq!(form("wish=stock&quantity=many").edit(), Err("amount"));
        assert_eq!(form("wish=price&regular=x&sale=").edit(), Err("amount"));
    }

    #[test]
    fn of_a_page_full_of_texts_only_what_was_changed_is_asked_for() {
        let seen = "seen=%7B%22name%22%3A%22Mug%22%2C%22description%22%3A%22a%5Cnb%22%7D";
        let texts = form(&format!("wish=texts&{seen}&name=Cup&description=a%0D%0Ab"));
        assert_eq!(texts.edit(), Ok(Edit::Text { fields: BTreeMap::from([(TextField::Name, "Cup".to_owned())]) }));
        assert_eq!(serde_json::to_value(texts.seen().unwrap()).unwrap(), serde_json::json!({ "name": "Mug" }));
        assert_eq!(form(&format!("wish=texts&{seen}&name=Mug")).edit(), Err("unchanged"));
    }

    #[test]
    fn all_ticked_categories_are_asked_for_and_asked_for_again() {
        let ticked = form("wish=categories&category=5&category=3&seen=%7B%22categories%22%3A%5B%223%22%5D%7D");
        let ids = ["5", "3"].map(RemoteId::from).to_vec();
        assert_eq!(ticked.edit(), Ok(Edit::Categories { ids }));
        let again = ticked.again(&ticked.seen().unwrap().unwrap());
        for field in [("category", "3"), ("category", "5"), ("wish", "categories")] {
            assert!(again.contains(&(field.0, field.1.to_owned())), "{again:?}");
        }
        let odd = [("wish".to_owned(), "everything".to_owned())];
        assert!(matches!(AskForm::read(&odd), Err(WebError::BadRequest(_))));
    }

    #[test]
    fn what_was_seen_is_read_as_it_was_written_and_told_again_with_the_values_of_now() {
        let first = form("wish=stock&quantity=20&seen=%7B%22stock_quantity%22%3A%2212%22%7D&note=a+pallet");
        assert!(first.seen().unwrap().is_some_and(|seen| seen.get("stock_quantity").is_some()));
        assert!(matches!(form("wish=stock&quantity=1&seen=x").seen(), Err(WebError::BadRequest(_))));
        assert!(form("wish=stock&quantity=1").seen().unwrap().is_none());
        let now = serde_json::from_str(r#"{"stock_quantity":"9"}"#).unwrap();
        let again = first.again(&now);
        assert!(again.contains(&("seen", r#"{"stock_quantity":"9"}"#.to_owned())), "{again:?}");
        assert!(again.contains(&("note", "a pallet".to_owned())) && again.iter().all(|(name, _)| *name != "sale"));
    }
}
