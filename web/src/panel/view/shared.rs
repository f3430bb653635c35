//! An order as its buyer sees it by a link: what was ordered, how far it is, and where its parcels are. No amount, no address, no name.

use askama::Template;
use jiff::Timestamp;
use storewire_db::orders::SharedOrder;
use storewire_domain::order::Parcel;
use storewire_woo::decode::parcels;

use super::{Badge, When, money::number, status, text::plain};
use crate::panel::{filters, words::Words};

/// `GET /s/{token}`.
#[derive(Template)]
#[template(path = "share/show.html")]
pub struct SharedPage {
    pub t: Words,
    pub theme: &'static str,
    pub number: String,
    pub store: String,
    pub status: Badge,
    pub sold: When,
    pub paid: Option<When>,
    pub completed: Option<When>,
    /// Names, and how many.
    pub items: Vec<(String, String)>,
    pub parcels: Vec<Parcel>,
    pub until: When,
}

impl SharedPage {
    /// `until` is when the link ends.
    #[must_use]
    pub fn new(order: &SharedOrder, until: Timestamp, t: Words) -> Self {
        Self {
            theme: "",
            number: order.number.clone(),
            store: plain(&order.store_name),
            status: status::order(&order.status, &t),
            sold: When::moment(order.created_at),
            paid: order.paid_at.map(When::moment),
            completed: order.completed_at.map(When::moment),
            items: order
                .items
                .iter()
                .map(|(name, quantity)| (plain(name), quantity.map(number).unwrap_or_default()))
                .collect(),
            parcels: parcels(&order.raw),
            until: When::moment(until),
            t,
        }
    }
}
