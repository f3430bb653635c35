//! The record that a ticket is about, as it is now: shown beside the thread and renewed whenever it changes.

use jiff::Timestamp;
use storewire_db::{OrderDetail, ProductSummary, RequestRow, ReturnRow, StoreRow, customers::CustomerSummary};
use storewire_domain::{RoleClass, order::Parcel, ticket::AboutKind};
use storewire_woo::decode::parcels;

use super::{Badge, OrderHead, Ordered, OtherOrders, ProductRow, StoreView, When, request, text::plain};
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
    /// Of an order.
    pub ordered: Vec<Ordered>,
    /// Of an order.
    pub parcels: Vec<Parcel>,
    /// Of the person behind it, if there is one.
    pub others: Option<OtherOrders>,
    /// Up to when our copy is that of the store.
    pub as_of: Option<When>,
    /// For staff: the store's last delivery.
    pub delivered: Option<When>,
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
            ordered: Vec::new(),
            parcels: Vec::new(),
            others: None,
            as_of: None,
            delivered: None,
        }
    }

    #[must_use]
    pub fn order(order: &OrderDetail, ordered: Vec<Ordered>, others: Option<OtherOrders>, t: &Words) -> Self {
        let summary = &order.summary;
        let facts = [
            (t.get("orders-col-customer"), plain(&summary.customer_name)),
            (t.get("orders-col-items"), summary.item_count.to_string()),
        ];
        Self {
            href: Some(url::order(summary.id)),
            order: Some(OrderHead::new(summary, t)),
            facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
            ordered,
            parcels: parcels(&order.raw),
            others,
            ..Self::new(AboutKind::Order, format!("#{}", summary.number), t)
        }
    }

    #[must_use]
    pub fn product(product: &ProductSummary, t: &Words) -> Self {
        let row = ProductRow::new(product, t);
        Self { href: Some(row.href.clone()), product: Some(row.clone()), ..Self::new(AboutKind::Product, row.name, t) }
    }

    #[must_use]
    pub fn customer(customer: &CustomerSummary, orders: OtherOrders, t: &Words) -> Self {
        let name = if customer.name.is_empty() { &customer.email } else { &customer.name };
        Self {
            href: Some(url::customer(customer.id)),
            facts: vec![(t.get("ticket-card-email"), customer.email.clone())],
            others: Some(orders),
            ..Self::new(AboutKind::Customer, plain(name), t)
        }
    }

    /// How a store fares is for staff; merchants read up to when their numbers are good.
    #[must_use]
    pub fn store(store: &StoreRow, class: RoleClass, now: Timestamp, t: &Words) -> Self {
        let card = Self::new(AboutKind::Store, plain(&store.name), t).fresh(store, class);
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

    /// The same with how fresh the record's store is. When it last delivered is for staff.
    #[must_use]
    pub fn fresh(self, store: &StoreRow, class: RoleClass) -> Self {
        let delivered = store.last_webhook_at.filter(|_| class == RoleClass::Staff);
        Self { as_of: store.as_of.map(When::moment), delivered: delivered.map(When::moment), ..self }
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
