//! What staff do around an order, on its page: charges, and links for its buyer.

use askama::Template;
use jiff::Timestamp;
use storewire_db::orders::{ChargeRow, ShareRow};
use storewire_domain::OrderId;
use uuid::Uuid;

use super::{Money, When, text::plain};
use crate::panel::{filters, frame::Frame, url, words::Words};

/// How long a link may be made to live, in days; the second is offered first.
const DAYS: [u8; 3] = [1, 7, 31];

/// See the module.
#[derive(Clone, Debug)]
pub struct OrderDesk {
    pub href: String,
    /// One command each time the page is made, however often a form of it is sent.
    pub deed: Uuid,
    pub currency: String,
    pub charges: Vec<ChargeView>,
    pub shares: Vec<ShareView>,
    /// The store no longer has the order: what is there may be ended, and nothing begun.
    pub is_gone: bool,
}

/// A charge.
#[derive(Clone, Debug)]
pub struct ChargeView {
    pub id: Uuid,
    pub label: String,
    pub amount: Money,
    pub by: String,
    pub made: When,
    pub ended: Option<When>,
}

/// A link.
#[derive(Clone, Debug)]
pub struct ShareView {
    pub id: Uuid,
    pub by: String,
    pub until: When,
    pub is_good: bool,
    /// How often it was opened, in words.
    pub looks: String,
}

/// `POST /orders/{id}/shares`: the address, told once.
#[derive(Template)]
#[template(path = "orders/shared.html")]
pub struct ShareMadePage {
    pub t: Words,
    pub frame: Frame,
    pub address: String,
    pub until: When,
    pub back: String,
}

impl OrderDesk {
    #[must_use]
    pub fn new(
        id: OrderId,
        currency: &str,
        is_gone: bool,
        (charges, shares): (&[ChargeRow], &[ShareRow]),
        now: Timestamp,
        t: &Words,
    ) -> Self {
        let charge = |row: &ChargeRow| ChargeView {
            id: row.id,
            label: plain(&row.label),
            amount: Money::new(row.amount, &row.currency),
            by: row.by_name.clone(),
            made: When::moment(row.created_at),
            ended: row.ended_at.map(When::moment),
        };
        let share = |row: &ShareRow| ShareView {
            id: row.id,
            by: row.by_name.clone(),
            until: When::moment(row.revoked_at.unwrap_or(row.expires_at)),
            is_good: row.is_good(now),
            looks: t.count("share-looks", row.looks),
        };
        Self {
            href: url::order(id),
            deed: Uuid::now_v7(),
            currency: currency.to_owned(),
            charges: charges.iter().map(charge).collect(),
            shares: shares.iter().map(share).collect(),
            is_gone,
        }
    }

    /// The lives that a link may be given.
    #[must_use]
    pub fn days(&self, t: &Words) -> Vec<(u8, String)> {
        DAYS.into_iter().map(|days| (days, t.count("share-days", i64::from(days)))).collect()
    }
}
