//! The record that a ticket is about, as it is now: shown beside the thread and renewed whenever it changes.

use jiff::Timestamp;
use storewire_db::{OrderSummary, ProductSummary, RequestRow, ReturnRow, StoreRow, customers::CustomerSummary};
use storewire_domain::{RoleClass, ticket::AboutKind};

use super::{Badge, OrderHead, ProductRow, StoreView, When, request, text::plain};
use crate::panel::{dom_id, url, words::Words};

/// See the module.
#[derive(Clone, Debug)]
pub struct CardView {
    /// What kind of record it is.
    pub kind: String,
    pub title: String,
    /// Its page, for who may open it.
    pub href: Option<String>,
    pub order: Option<OrderHead>,
    pub product: Option<ProductRow>,
    pub state: Option<Badge>,
    /// Names and values, as far as there are any.
    pub facts: Vec<(String, String)>,
    /// Up to when our copy is that of the store.
    pub as_of: Option<When>,
}

impl CardView {
    fn new(kind: AboutKind, title: String, t: &Words) -> Self {
        Self {
            kind: kind_word(kind, t),
            title,
            href: None,
            order: None,
            product: None,
            state: None,
            facts: Vec::new(),
            as_of: None,
        }
    }

    #[must_use]
    pub fn order(order: &OrderSummary, t: &Words) -> Self {
        let facts = [
            (t.get("orders-col-customer"), plain(&order.customer_name)),
            (t.get("orders-col-items"), order.item_count.to_string()),
        ];
        Self {
            href: Some(url::order(order.id)),
            order: Some(OrderHead::new(order, t)),
            as_of: Some(When::moment(order.saved_at)),
            facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
            ..Self::new(AboutKind::Order, format!("#{}", order.number), t)
        }
    }

    #[must_use]
    pub fn product(product: &ProductSummary, t: &Words) -> Self {
        let row = ProductRow::new(product, t);
        Self {
            href: Some(row.href.clone()),
            as_of: Some(When::moment(product.saved_at)),
            product: Some(row.clone()),
            ..Self::new(AboutKind::Product, row.name, t)
        }
    }

    #[must_use]
    pub fn customer(customer: &CustomerSummary, t: &Words) -> Self {
        let name = if customer.name.is_empty() { &customer.email } else { &customer.name };
        Self {
            href: Some(url::customer(customer.id)),
            facts: vec![(t.get("ticket-card-email"), customer.email.clone())],
            ..Self::new(AboutKind::Customer, plain(name), t)
        }
    }

    /// How a store fares is for staff; merchants read up to when their numbers are good.
    #[must_use]
    pub fn store(store: &StoreRow, class: RoleClass, now: Timestamp, t: &Words) -> Self {
        let card = Self { as_of: store.as_of.map(When::moment), ..Self::new(AboutKind::Store, plain(&store.name), t) };
        if class == RoleClass::Merchant {
            return card;
        }
        let view = StoreView::new(store, now, t);
        let told = [
            (t.get("ticket-card-advice"), view.advice),
            (t.get("ticket-card-error"), view.last_error),
            (t.get("nav-dead-letters"), view.has_dead_letters.then_some(view.dead_letters)),
        ];
        Self {
            href: Some(view.href),
            state: Some(view.state),
            facts: told.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
            ..card
        }
    }

    #[must_use]
    pub fn request(row: &RequestRow, t: &Words) -> Self {
        Self {
            href: Some(url::request(row.id)),
            state: Some(request::badge(row.state, t)),
            facts: vec![(t.get("ticket-card-about"), plain(&row.about))],
            ..Self::new(AboutKind::Request, format!("R-{}", row.number), t)
        }
    }

    #[must_use]
    pub fn returned(row: &ReturnRow, t: &Words) -> Self {
        Self {
            href: Some(url::returned(row.id)),
            facts: vec![(t.get("ticket-card-about"), format!("#{}", row.order_number))],
            ..Self::new(AboutKind::Return, format!("RT-{}", row.number), t)
        }
    }

    /// The record as a subject names it.
    #[must_use]
    pub fn named(&self) -> String {
        format!("{} {}", self.kind, self.title)
    }

    /// The id of a product's head within the card.
    #[must_use]
    pub fn head_id(&self) -> String {
        dom_id::TICKET_CARD_HEAD.to_owned()
    }
}

/// A kind of record, in words.
#[must_use]
pub fn kind_word(kind: AboutKind, t: &Words) -> String {
    match kind {
        AboutKind::Order => t.get("ticket-about-order"),
        AboutKind::Product => t.get("ticket-about-product"),
        AboutKind::Customer => t.get("ticket-about-customer"),
        AboutKind::Store => t.get("ticket-about-store"),
        AboutKind::Request => t.get("ticket-about-request"),
        AboutKind::Return => t.get("ticket-about-return"),
    }
}
