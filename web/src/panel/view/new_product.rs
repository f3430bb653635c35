//! The form for a product that a store does not have yet.

use askama::Template;
use storewire_db::StoreRow;
use storewire_domain::RemoteId;

use super::{Choice, product_forms::STATUSES, status, text::plain};
use crate::panel::{filters, frame::Frame, products::draft::ProductDraft, words::Words};

/// What was typed, and what can be chosen in this store.
#[derive(Clone, Debug)]
pub struct NewProductForm {
    pub store: String,
    pub store_name: String,
    pub currency: String,
    pub draft: ProductDraft,
    pub statuses: Vec<Choice>,
    pub categories: Vec<Choice>,
    /// What must be corrected.
    pub problem: Option<String>,
}

impl NewProductForm {
    /// `categories` are those of the store, by id and name.
    #[must_use]
    pub fn new(
        store: &StoreRow,
        categories: &[(RemoteId, String)],
        draft: &ProductDraft,
        problem: Option<String>,
        t: &Words,
    ) -> Self {
        let status = |word: &&str| Choice {
            value: (*word).to_owned(),
            label: status::product(word, t).word,
            is_chosen: **word == draft.status,
        };
        let category = |(id, name): &(RemoteId, String)| Choice {
            value: id.to_string(),
            label: plain(name),
            is_chosen: draft.categories.iter().any(|chosen| chosen == id.as_str()),
        };
        Self {
            store: store.id.to_string(),
            store_name: plain(&store.name),
            currency: store.currency.clone(),
            statuses: STATUSES.iter().map(status).collect(),
            categories: categories.iter().map(category).collect(),
            draft: draft.clone(),
            problem,
        }
    }
}

/// `GET /products/new` and `GET /products/ask`, and the answer to a form that needs correcting.
#[derive(Template)]
#[template(path = "products/new.html")]
pub struct NewProductPage {
    pub t: Words,
    pub frame: Frame,
    /// Where a product can be made.
    pub stores: Vec<Choice>,
    /// It is asked for, and staff decide.
    pub is_wish: bool,
    /// `None` until a store is chosen.
    pub form: Option<NewProductForm>,
}
