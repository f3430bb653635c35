//! A customer account as a row, as a page, and as a form.

use std::sync::Arc;

use askama::Template;
use jiff::Timestamp;
use storewire_db::customers::{CustomerDetail, CustomerSummary};
use storewire_domain::{Address, RoleClass, intent::CustomerField};

use super::{
    Change, Filter, Fresh, IntentView, Listing, OrderRow, OwnersView, Raw, Stale, When, address, customer_field, deed,
    text::plain,
};
use crate::panel::{dom_id, filters, frame::Frame, url, words::Words};

/// One customer in the list.
#[derive(Clone, Debug)]
pub struct CustomerRow {
    pub href: String,
    pub initial: String,
    pub name: String,
    pub email: String,
    pub store: String,
    pub place: String,
    pub tags: Vec<String>,
    pub since: Option<When>,
    pub is_stale: bool,
}

impl CustomerRow {
    #[must_use]
    pub fn new(customer: &CustomerSummary, is_stale: bool, t: &Words) -> Self {
        let name = name(customer, t);
        let parts = [customer.billing.city.trim(), customer.billing.country.trim()];
        Self {
            href: url::customer(customer.id),
            initial: name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().collect()).unwrap_or_default(),
            name,
            email: customer.email.clone(),
            store: plain(&customer.store_name),
            place: plain(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")),
            tags: customer.tags.clone(),
            since: customer.created_at.map(When::moment),
            is_stale,
        }
    }
}

/// The head of a customer's page: what changes.
#[derive(Clone, Debug)]
pub struct CustomerHead {
    pub dom_id: String,
    pub name: String,
    pub email: String,
    pub gone: Option<String>,
}

impl CustomerHead {
    #[must_use]
    pub fn new(customer: &CustomerSummary, t: &Words) -> Self {
        Self {
            dom_id: dom_id::customer_head(customer.id),
            name: name(customer, t),
            email: customer.email.clone(),
            gone: customer.deleted_at.is_some().then(|| t.get("customer-deleted")),
        }
    }
}

/// A tag and the customers who have it.
#[derive(Clone, Debug)]
pub struct TagView {
    pub tag: String,
    pub href: String,
}

impl TagView {
    fn new(tag: &str) -> Self {
        Self { tag: tag.to_owned(), href: url::with(url::CUSTOMERS, &[("tag", tag)]) }
    }
}

/// A customer's page.
#[derive(Clone, Debug)]
pub struct CustomerView {
    pub head: CustomerHead,
    pub username: String,
    pub role: String,
    pub billing: String,
    pub shipping: String,
    pub orders: Vec<OrderRow>,
    /// All of them, as a list of its own.
    pub orders_href: String,
    pub tags: Vec<TagView>,
    /// Where a tag is added.
    pub tags_href: String,
    /// Where one is taken off.
    pub untag_href: String,
    pub timeline: Vec<Change>,
    pub raw: Option<Raw>,
    pub store: String,
    pub store_href: Option<String>,
    pub remote_id: String,
    pub since: Option<When>,
    pub saved: When,
}

impl CustomerView {
    /// `shown` is when the page is made: what it holds reaches the screen then.
    #[must_use]
    pub fn new(customer: &CustomerDetail, class: RoleClass, shown: Timestamp, t: &Words) -> Self {
        let summary = &customer.summary;
        let is_staff = class == RoleClass::Staff;
        Self {
            head: CustomerHead::new(summary, t),
            username: summary.username.clone(),
            role: super::status::readable(&summary.role),
            billing: address::lines(&summary.billing),
            shipping: address::lines(&customer.shipping),
            orders: customer.orders.iter().map(|order| OrderRow::new(order, t)).collect(),
            orders_href: url::with(url::ORDERS, &[("customer", &summary.id.to_string())]),
            tags: summary.tags.iter().map(|tag| TagView::new(tag)).collect(),
            tags_href: format!("{}/tags", url::customer(summary.id)),
            untag_href: format!("{}/untag", url::customer(summary.id)),
            timeline: deed::timeline(&customer.timeline, &customer.deeds, shown, t),
            raw: is_staff.then(|| Raw::new(&customer.raw)),
            store: plain(&summary.store_name),
            store_href: is_staff.then(|| url::store(summary.store_id)),
            remote_id: summary.remote_id.clone(),
            since: summary.created_at.map(When::moment),
            saved: When::moment(summary.saved_at),
        }
    }
}

/// The fields of an account, by where they belong.
#[derive(Clone, Debug)]
pub struct CustomerForm {
    pub action: String,
    pub groups: Vec<FieldGroup>,
}

/// Fields that belong together.
#[derive(Clone, Debug)]
pub struct FieldGroup {
    pub title: String,
    /// The part of the record that it is.
    pub part: &'static str,
    pub fields: Vec<FieldInput>,
}

/// One field with what is there now.
#[derive(Clone, Debug)]
pub struct FieldInput {
    pub name: &'static str,
    pub label: String,
    pub value: String,
    pub kind: &'static str,
}

impl CustomerForm {
    #[must_use]
    pub fn new(customer: &CustomerDetail, t: &Words) -> Self {
        let raw: serde_json::Value = serde_json::from_str(&customer.raw).unwrap_or_default();
        let group = |title: String, place: Option<&'static str>| FieldGroup {
            title,
            part: place.unwrap_or("account"),
            fields: CustomerField::ALL
                .iter()
                .copied()
                .filter(|field| field.place().0 == place)
                .map(|field| FieldInput {
                    name: field.as_str(),
                    label: customer_field::short(field, t),
                    value: value(field, customer, &raw),
                    kind: if field.is_email() { "email" } else { "text" },
                })
                .collect(),
        };
        Self {
            action: url::customer(customer.summary.id),
            groups: vec![
                group(t.get("customer-account"), None),
                group(t.get("order-billing"), Some("billing")),
                group(t.get("order-shipping"), Some("shipping")),
            ],
        }
    }
}

/// What the store holds in a field. First and last name are kept joined, so they are read from what it sent.
fn value(field: CustomerField, customer: &CustomerDetail, raw: &serde_json::Value) -> String {
    let of = |address: &Address| {
        let told = serde_json::to_value(address).unwrap_or_default();
        told.get(field.place().1).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    };
    match field.place() {
        (Some("billing"), _) => of(&customer.summary.billing),
        (Some(_), _) => of(&customer.shipping),
        (None, name) => raw.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned(),
    }
}

fn name(customer: &CustomerSummary, t: &Words) -> String {
    [&customer.name, &customer.username, &customer.email]
        .into_iter()
        .find(|text| !text.trim().is_empty())
        .map_or_else(|| t.get("order-guest"), |text| plain(text))
}

/// `GET /customers`.
#[derive(Template)]
#[template(path = "customers/list.html")]
pub struct CustomersPage {
    pub t: Words,
    pub frame: Frame,
    pub listing: Arc<Listing>,
}

/// The list of it.
#[derive(Template)]
#[template(path = "customers/_list.html")]
pub struct CustomersList {
    pub t: Words,
    pub filter: Filter,
    pub rows: Vec<CustomerRow>,
    pub next: Option<String>,
    pub fresh: Fresh,
    pub stale: Stale,
}

/// `GET /customers/{id}`.
#[derive(Template)]
#[template(path = "customers/show.html")]
pub struct CustomerPage {
    pub t: Words,
    pub frame: Frame,
    pub customer: CustomerView,
    pub owners: OwnersView,
    pub form: Option<CustomerForm>,
    /// `None` for who sees no changes on their way.
    pub intents: Option<Vec<IntentView>>,
    pub stale: Stale,
}
