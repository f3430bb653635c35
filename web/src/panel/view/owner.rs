//! Who owns what a page shows: a small arrow with words for it, and the sentence that stands where a form would.

use askama::{Template, filters::HtmlSafe};
use storewire_domain::owner::{OwnedField, Owner, Owners};

use crate::panel::{filters, words::Words};

/// Which way a field goes.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "components/owner.html")]
pub struct OwnerMark {
    icon: &'static str,
    /// For who cannot see the arrow, and for lists.
    pub text: String,
    /// What that means.
    about: String,
    /// In place of its form, if the shop alone changes it.
    pub instead: Option<String>,
}

impl HtmlSafe for OwnerMark {}

impl OwnerMark {
    /// What the shop changes and we copy.
    fn shop(t: &Words, instead: Option<String>) -> Self {
        Self { icon: "arrow-right", text: t.get("owner-shop"), about: t.get("owner-shop-about"), instead }
    }

    fn both(t: &Words) -> Self {
        let (text, about) = (t.get("owner-both"), t.get("owner-both-about"));
        Self { icon: "arrow-left-right", text, about, instead: None }
    }

    /// What no shop knows of.
    fn here(t: &Words) -> Self {
        Self { icon: "circle-dot", text: t.get("owner-here"), about: t.get("owner-here-about"), instead: None }
    }
}

/// One thing and its owner.
#[derive(Clone, Debug)]
pub struct OwnerLine {
    pub label: String,
    pub mark: OwnerMark,
}

/// The owners of what a record's page shows.
#[derive(Clone, Debug)]
pub struct OwnersView {
    /// All of it, in words.
    pub lines: Vec<OwnerLine>,
    owners: Owners,
    t: Words,
}

impl OwnersView {
    /// For a product's page.
    #[must_use]
    pub fn of_product(owners: Owners, t: &Words) -> Self {
        use OwnedField::{Categories, Price, ProductStatus, Stock, Texts};
        Self::new(owners, &[Price, Stock, ProductStatus, Categories, Texts], "stock-level", t)
    }

    /// For the page of a product's stock.
    #[must_use]
    pub fn of_stock(owners: Owners, t: &Words) -> Self {
        Self::new(owners, &[OwnedField::Stock], "stock-level", t)
    }

    /// For an order's page.
    #[must_use]
    pub fn of_order(owners: Owners, t: &Words) -> Self {
        use OwnedField::{OrderNotes, OrderStatus, Tracking};
        Self::new(owners, &[OrderStatus, OrderNotes, Tracking], "returns-title", t)
    }

    /// For a customer's page.
    #[must_use]
    pub fn of_customer(owners: Owners, t: &Words) -> Self {
        Self::new(owners, &[OwnedField::Customer], "customer-tags", t)
    }

    fn new(owners: Owners, fields: &[OwnedField], here: &str, t: &Words) -> Self {
        let mut view = Self { lines: Vec::new(), owners, t: t.clone() };
        let mut lines: Vec<OwnerLine> =
            fields.iter().map(|field| OwnerLine { label: label(*field, t), mark: view.mark(*field) }).collect();
        lines.push(OwnerLine { label: t.get(here), mark: view.here() });
        lines.push(OwnerLine { label: t.get("owner-rest"), mark: OwnerMark::shop(t, None) });
        view.lines = lines;
        view
    }

    fn mark(&self, field: OwnedField) -> OwnerMark {
        let t = &self.t;
        match self.owners.of(field) {
            Owner::Shop => OwnerMark::shop(t, Some(instead(field, t))),
            Owner::LastWriter => OwnerMark::both(t),
        }
    }

    #[must_use]
    pub fn price(&self) -> OwnerMark {
        self.mark(OwnedField::Price)
    }

    #[must_use]
    pub fn stock(&self) -> OwnerMark {
        self.mark(OwnedField::Stock)
    }

    #[must_use]
    pub fn product_status(&self) -> OwnerMark {
        self.mark(OwnedField::ProductStatus)
    }

    #[must_use]
    pub fn categories(&self) -> OwnerMark {
        self.mark(OwnedField::Categories)
    }

    #[must_use]
    pub fn texts(&self) -> OwnerMark {
        self.mark(OwnedField::Texts)
    }

    #[must_use]
    pub fn order_status(&self) -> OwnerMark {
        self.mark(OwnedField::OrderStatus)
    }

    #[must_use]
    pub fn notes(&self) -> OwnerMark {
        self.mark(OwnedField::OrderNotes)
    }

    #[must_use]
    pub fn tracking(&self) -> OwnerMark {
        self.mark(OwnedField::Tracking)
    }

    #[must_use]
    pub fn customer(&self) -> OwnerMark {
        self.mark(OwnedField::Customer)
    }

    /// Of what no shop knows of.
    #[must_use]
    pub fn here(&self) -> OwnerMark {
        OwnerMark::here(&self.t)
    }
}

/// What a field is called.
pub(super) fn label(field: OwnedField, t: &Words) -> String {
    match field {
        OwnedField::Price => t.get("owned-price"),
        OwnedField::Stock => t.get("owned-stock"),
        OwnedField::ProductStatus => t.get("owned-product-status"),
        OwnedField::Categories => t.get("owned-categories"),
        OwnedField::Texts => t.get("owned-texts"),
        OwnedField::OrderStatus => t.get("owned-order-status"),
        OwnedField::OrderNotes => t.get("owned-notes"),
        OwnedField::Tracking => t.get("owned-tracking"),
        OwnedField::Customer => t.get("owned-customer"),
    }
}

/// The sentence that stands where a form would.
pub(super) fn instead(field: OwnedField, t: &Words) -> String {
    t.with("owner-instead", "field", &label(field, t))
}
