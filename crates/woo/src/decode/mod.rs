//! From a store's JSON to our types, leniently: plugins change types at will, and one bad record must not harm another.
//!
//! Numbers are read from their text and never pass through a float. Nesting is walked one level at a time, so depth
//! costs nothing. What cannot be understood becomes a [`Poison`] that keeps the bytes and names the field.

mod compact;
mod coupon;
mod customer;
mod delivery;
mod fields;
mod glance;
mod line;
mod note;
mod order;
mod parcel;
mod product;
mod refund;
mod scalar;
mod time;

use jiff::tz::TimeZone;
use serde_json::value::RawValue;
use storewire_domain::{Coupon, Customer, Order, Product, Refund, RemoteId, order::Parcel};

pub use delivery::{Delivered, delivery};
pub(crate) use fields::{Fields, plain_list};
pub use parcel::TRACKING_KEY;
pub(crate) use scalar::text as scalar_text;

use crate::{Glance, Item, OrderNote, Poison};

/// Decodes one order.
///
/// # Errors
/// A [`Poison`] that names the first field that could not be understood.
pub fn order(body: &[u8]) -> Result<Item<Order>, Poison> {
    Decoder::default().order(body)
}

/// Decodes one product or variation.
///
/// # Errors
/// A [`Poison`] that names the first field that could not be understood.
pub fn product(body: &[u8]) -> Result<Item<Product>, Poison> {
    Decoder::default().product(body)
}

/// Decodes one customer.
///
/// # Errors
/// A [`Poison`] that names the first field that could not be understood.
pub fn customer(body: &[u8]) -> Result<Item<Customer>, Poison> {
    Decoder::default().customer(body)
}

/// Decodes one coupon.
///
/// # Errors
/// A [`Poison`] that names the first field that could not be understood.
pub fn coupon(body: &[u8]) -> Result<Item<Coupon>, Poison> {
    Decoder::default().coupon(body)
}

/// Decodes one refund as `/orders/{id}/refunds` lists it.
///
/// # Errors
/// A [`Poison`] that names the first field that could not be understood.
pub fn refund(body: &[u8]) -> Result<Item<Refund>, Poison> {
    Decoder::default().refund(body)
}

/// The parcels of an order as its store sent it, as far as they can be read.
#[must_use]
pub fn parcels(order: &str) -> Vec<Parcel> {
    Fields::parse(order).map(|fields| parcel::parcels(&fields)).unwrap_or_default()
}

/// Decodes a list of refunds, each for itself; a body that is no list is one poison.
#[must_use]
pub fn refunds(body: &[u8]) -> Vec<Result<Item<Refund>, Poison>> {
    let text = String::from_utf8_lossy(body);
    match elements_of(&text) {
        Ok(items) => items.into_iter().map(|item| refund(item.get().as_bytes())).collect(),
        Err(reason) => vec![Err(poison(&text, None, reason.to_owned()))],
    }
}

const NOT_JSON: &str = "not valid JSON";

/// What went wrong, with the path to it.
type Reason = String;

/// Decodes records of one site.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    /// Used where a GMT date is missing and only its site-local twin is there.
    pub zone: Option<TimeZone>,
}

impl Decoder {
    /// Decodes one order.
    ///
    /// # Errors
    /// A [`Poison`] that names the first field that could not be understood.
    pub fn order(&self, body: &[u8]) -> Result<Item<Order>, Poison> {
        decode(body, |fields| order::order(fields, self.zone.as_ref()))
    }

    /// Decodes one product or variation.
    ///
    /// # Errors
    /// A [`Poison`] that names the first field that could not be understood.
    pub fn product(&self, body: &[u8]) -> Result<Item<Product>, Poison> {
        decode(body, |fields| product::product(fields, self.zone.as_ref(), None))
    }

    /// Decodes one variation of `parent`, which old stores do not name in the record itself.
    ///
    /// # Errors
    /// A [`Poison`] that names the first field that could not be understood.
    pub fn variation(&self, parent: &RemoteId, body: &[u8]) -> Result<Item<Product>, Poison> {
        decode(body, |fields| product::product(fields, self.zone.as_ref(), Some(parent)))
    }

    /// Decodes one customer.
    ///
    /// # Errors
    /// A [`Poison`] that names the first field that could not be understood.
    pub fn customer(&self, body: &[u8]) -> Result<Item<Customer>, Poison> {
        decode(body, |fields| customer::customer(fields, self.zone.as_ref()))
    }

    /// Decodes one coupon.
    ///
    /// # Errors
    /// A [`Poison`] that names the first field that could not be understood.
    pub fn coupon(&self, body: &[u8]) -> Result<Item<Coupon>, Poison> {
        decode(body, |fields| coupon::coupon(fields, self.zone.as_ref()))
    }

    /// Decodes the few fields that a light listing asked for.
    ///
    /// # Errors
    /// A [`Poison`] where the id cannot be read; nothing else is needed.
    pub fn glance(&self, body: &[u8]) -> Result<Item<Glance>, Poison> {
        decode(body, |fields| glance::glance(fields, self.zone.as_ref()))
    }

    /// Decodes one note of an order.
    ///
    /// # Errors
    /// A [`Poison`] that names the first field that could not be understood.
    pub fn note(&self, body: &[u8]) -> Result<Item<OrderNote>, Poison> {
        decode(body, |fields| note::note(fields, self.zone.as_ref()))
    }

    /// Decodes one refund.
    ///
    /// # Errors
    /// A [`Poison`] that names the first field that could not be understood.
    pub fn refund(&self, body: &[u8]) -> Result<Item<Refund>, Poison> {
        decode(body, |fields| refund::refund(fields, self.zone.as_ref()))
    }
}

pub(crate) fn decode<T>(body: &[u8], read: impl FnOnce(&Fields<'_>) -> Result<T, Reason>) -> Result<Item<T>, Poison> {
    let text = std::str::from_utf8(body)
        .map_err(|_| poison(&String::from_utf8_lossy(body), None, "not valid UTF-8".to_owned()))?;
    let fields = Fields::parse(text).map_err(|reason| poison(text, None, reason.to_owned()))?;
    match read(&fields) {
        Ok(value) => Ok(Item { value, raw: text.trim().to_owned(), dirty: false }),
        Err(reason) => Err(poison(text, fields.id("id").ok().flatten(), reason)),
    }
}

fn poison(text: &str, remote_id: Option<RemoteId>, reason: Reason) -> Poison {
    Poison { raw: text.replace('\0', "\u{fffd}"), remote_id, reason }
}

/// The records of a list, each as its own JSON text.
pub(crate) fn elements_of(text: &str) -> Result<Vec<&RawValue>, &'static str> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|_| NOT_JSON)?;
    fields::elements(raw)
}
