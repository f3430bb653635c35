//! Where deliveries come from: numbered events, each a true change of one order of one store.

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};
use aws_lc_rs::{digest, hmac};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

use crate::template::{Template, Version};

/// Above every id that a simulated store gives out itself.
pub(crate) const FIRST_ORDER: u64 = 1_000_000;
/// How long before now the first version of every order was saved.
const STARTED_BEFORE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A store as its deliveries need it.
#[derive(Clone)]
pub struct Shop {
    /// The last part of its delivery address.
    pub token: String,
    pub home_url: String,
    key: hmac::Key,
}

/// A signed delivery, ready to be posted.
pub struct Signed {
    pub path: String,
    pub source: String,
    pub signature: String,
    pub delivery_id: String,
    pub body: Bytes,
}

/// Which order of which shop an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    shop: u64,
    order: u64,
}

/// See the module. Events are numbered from 0 and shared out among the stores in turn; within a store among its orders
/// in turn, so that an order changes again only after all others did.
pub struct Source {
    template: Template,
    shops: Vec<Shop>,
    orders: u64,
    started: Timestamp,
    next: AtomicU64,
}

impl Shop {
    #[must_use]
    pub fn new(token: String, secret: &str, home_url: String) -> Self {
        Self { token, home_url, key: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()) }
    }
}

impl Source {
    /// `orders` is the number of orders per store.
    ///
    /// # Errors
    /// If there is no store, or the captured body cannot be read.
    pub fn new(shops: Vec<Shop>, orders: u64, now: Timestamp) -> Result<Self> {
        anyhow::ensure!(!shops.is_empty() && orders > 0, "no store, or no order");
        let started = now.checked_sub(STARTED_BEFORE)?;
        Ok(Self { template: Template::load()?, shops, orders, started, next: AtomicU64::new(0) })
    }

    /// The same from event `first` on: two sources whose numbers never meet can be told apart by a watcher.
    #[must_use]
    pub fn from(mut self, first: u64) -> Self {
        self.next = AtomicU64::new(first);
        self
    }

    /// Takes the numbers of the next `count` events; answers the first.
    pub fn take(&self, count: u64) -> u64 {
        self.next.fetch_add(count, Ordering::Relaxed)
    }

    #[must_use]
    pub fn place(&self, event: u64) -> Place {
        let stores = self.shops.len() as u64;
        Place { shop: event % stores, order: event / stores % self.orders }
    }

    /// Takes the number of the next event if it is below `last`.
    pub fn take_below(&self, last: u64) -> Option<u64> {
        let next = |event: u64| (event < last).then_some(event + 1);
        self.next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).ok()
    }

    /// How many events there are from one version of an order to its next.
    #[must_use]
    pub fn period(&self) -> u64 {
        self.orders * self.shops.len() as u64
    }

    /// The delivery of event `event`.
    ///
    /// # Errors
    /// If its time lies beyond what a calendar holds.
    pub fn sign(&self, event: u64) -> Result<Signed> {
        let stores = self.shops.len() as u64;
        let shop = usize::try_from(event % stores).ok().and_then(|index| self.shops.get(index)).context("no store")?;
        let body = self.body(event)?;
        let signature = STANDARD.encode(hmac::sign(&shop.key, body.as_bytes()));
        Ok(Signed {
            path: format!("/hooks/woo/{}", shop.token),
            source: format!("{}/", shop.home_url),
            signature,
            delivery_id: format!("{event:032x}"),
            body: body.into(),
        })
    }

    /// The body of event `event`. Every version of an order is a second later than the one before.
    ///
    /// # Errors
    /// As `sign`.
    pub fn body(&self, event: u64) -> Result<String> {
        let within = event / self.shops.len() as u64;
        let (order, round) = (within % self.orders, within / self.orders);
        let modified = self.started.checked_add(SignedDuration::from_secs(i64::try_from(round)?))?;
        Ok(self.template.fill(Version {
            order: FIRST_ORDER + order,
            status: if round % 2 == 0 { "processing" } else { "on-hold" },
            created: &as_written(self.started),
            modified: &as_written(modified),
            total: event + 1,
        }))
    }
}

/// As WooCommerce writes a time.
fn as_written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// The event that made an order's total what it is.
#[must_use]
pub fn event_of_total(total: &str) -> Option<u64> {
    total.split('.').next()?.parse::<u64>().ok()?.checked_sub(1)
}

/// What a store's row keeps beside the body, so that the bare limit writes the same bytes.
#[must_use]
pub fn sha256(body: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, body).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> Source {
        let shop = |name: &str| Shop::new(name.to_owned(), "a secret", format!("https://{name}.test"));
        Source::new(vec![shop("a"), shop("b")], 3, Timestamp::from_second(1_800_000_000).unwrap()).unwrap()
    }

    fn said(source: &Source, event: u64) -> serde_json::Value {
        serde_json::from_str(&source.body(event).unwrap()).unwrap()
    }

    #[test]
    fn an_order_comes_again_after_a_period_with_a_later_time_and_another_content() {
        let source = source();
        assert_eq!(source.period(), 6);
        let (first, again, other) = (said(&source, 1), said(&source, 7), said(&source, 2));
        assert_eq!(first["id"], again["id"]);
        assert_ne!(first["id"], other["id"]);
        assert!(first["date_modified_gmt"].as_str() < again["date_modified_gmt"].as_str());
        assert_ne!(first["status"], again["status"]);
        assert_eq!(source.sign(1).unwrap().path, source.sign(7).unwrap().path);
        assert_ne!(source.sign(1).unwrap().path, source.sign(2).unwrap().path);
        assert_eq!(source.place(1), source.place(7));
        assert_ne!(source.place(1), source.place(2));
    }

    #[test]
    fn a_total_leads_back_to_its_event() {
        let total = said(&source(), 41)["total"].as_str().map(str::to_owned).unwrap();
        assert_eq!(event_of_total(&total), Some(41));
        // As our change log writes it, without needless digits.
        assert_eq!(event_of_total("42"), Some(41));
        assert_eq!(event_of_total("0"), None);
    }
}
