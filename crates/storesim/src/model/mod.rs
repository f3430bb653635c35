//! What one shop holds, in memory, and the rules by which it changes.

pub mod address;
pub mod attribute;
pub mod coupon;
pub mod customer;
pub mod note;
pub mod order;
pub mod order_lines;
pub mod places;
pub mod product;
pub mod profile;
pub mod purchase;
pub mod refund;
pub mod seed;
pub mod seed_catalog;
pub mod seed_orders;
pub mod settings;
pub mod stock;
pub mod trash;
pub mod webhook;
pub mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::model::coupon::Coupon;
use crate::model::customer::Customer;
use crate::model::order::Order;
use crate::model::product::Product;
use crate::model::profile::Profile;
use crate::model::refund::Refund;
use crate::model::webhook::Webhook;
use crate::view::View;

/// Everything one shop holds.
#[derive(Clone, Debug, Default)]
pub struct Records {
    pub orders: BTreeMap<u64, Order>,
    pub products: BTreeMap<u64, Product>,
    pub customers: BTreeMap<u64, Customer>,
    pub coupons: BTreeMap<u64, Coupon>,
    pub refunds: BTreeMap<u64, Refund>,
    pub webhooks: BTreeMap<u64, Webhook>,
    pub ids: Ids,
}

/// The shop's counters. Products, variations, orders, refunds and coupons are all posts and share one.
#[derive(Clone, Debug)]
pub struct Ids {
    post: u64,
    user: u64,
    line: u64,
    meta: u64,
    comment: u64,
    webhook: u64,
}

impl Default for Ids {
    fn default() -> Self {
        // WordPress' own pages take the first posts; user 1 is the administrator, comment 1 its greeting.
        Self { post: 9, user: 1, line: 0, meta: 200, comment: 1, webhook: 0 }
    }
}

impl Ids {
    pub fn post(&mut self) -> u64 {
        self.post += 1;
        self.post
    }

    pub fn user(&mut self) -> u64 {
        self.user += 1;
        self.user
    }

    pub fn line(&mut self) -> u64 {
        self.line += 1;
        self.line
    }

    pub fn meta(&mut self) -> u64 {
        self.meta += 1;
        self.meta
    }

    pub fn comment(&mut self) -> u64 {
        self.comment += 1;
        self.comment
    }

    pub fn webhook(&mut self) -> u64 {
        self.webhook += 1;
        self.webhook
    }
}

/// One entry of `meta_data`.
#[derive(Clone, Debug)]
pub struct Meta {
    pub id: u64,
    pub key: Arc<str>,
    pub value: Value,
}

/// What happened, as webhook topics know it: a topic and the id of the thing.
#[derive(Debug, Default)]
pub struct Events(Vec<(&'static str, u64)>);

impl Events {
    pub fn raise(&mut self, topic: &'static str, id: u64) {
        self.0.push((topic, id));
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.0.iter().copied()
    }

    /// Forgets everything: what happened went past WordPress, which therefore tells nobody.
    pub fn hush(&mut self) {
        self.0.clear();
    }
}

/// A change in progress: the records, whose they are, when it happens and what it gives rise to.
pub struct Change<'a> {
    pub records: &'a mut Records,
    pub profile: &'a Profile,
    pub now: i64,
    pub events: Events,
}

impl<'a> Change<'a> {
    pub fn new(records: &'a mut Records, profile: &'a Profile, now: i64) -> Self {
        Self { records, profile, now, events: Events::default() }
    }

    /// The records as they stand.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View { profile: self.profile, records: self.records }
    }
}
