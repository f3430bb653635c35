//! An order as a row, as a head, and as a page.

use jiff::Timestamp;
use storewire_db::{OrderDetail, OrderSummary};
use storewire_domain::RoleClass;

use super::{Badge, Change, LineGroup, Money, Raw, Sum, When, address, deed, line, status, text::plain};
use crate::panel::{dom_id, url, words::Words};

/// One order in the feed.
#[derive(Clone, Debug)]
pub struct OrderRow {
    pub dom_id: String,
    pub status_id: String,
    pub href: String,
    /// The row's place in the feed, and the pager's: microseconds and id.
    pub key: String,
    /// When this copy was saved, so that a script never puts an older one over a newer.
    pub saved: i64,
    pub number: String,
    pub customer: String,
    pub store: String,
    pub items: i64,
    pub status: Badge,
    pub status_raw: String,
    pub total: Money,
    pub sold: When,
    pub is_gone: bool,
    /// Its store is late: what it shows may be old.
    pub is_stale: bool,
    /// What its box sends for a change of many: id and status. `None` for who may not, and for an order that is gone.
    pub pick: Option<String>,
}

impl OrderRow {
    #[must_use]
    pub fn new(order: &OrderSummary, t: &Words) -> Self {
        let status = shown_status(order);
        Self {
            dom_id: dom_id::order(order.id),
            status_id: dom_id::order_status(order.id),
            href: url::order(order.id),
            key: key(order),
            saved: order.saved_at.as_microsecond(),
            number: order.number.clone(),
            customer: plain(&order.customer_name),
            store: plain(&order.store_name),
            items: order.item_count,
            status: status::order(status, t),
            status_raw: status.to_owned(),
            total: Money::new(order.total, &order.currency),
            sold: When::moment(order.created_at),
            is_gone: is_gone(order),
            is_stale: false,
            pick: None,
        }
    }

    /// The same row, with a box to tick.
    #[must_use]
    pub fn to_pick(self, order: &OrderSummary) -> Self {
        let pick = (!self.is_gone).then(|| format!("{}:{}", order.id, order.status));
        Self { pick, ..self }
    }

    /// The same row, in grey if its store is late.
    #[must_use]
    pub fn of_stale(self, is_stale: bool) -> Self {
        Self { is_stale, ..self }
    }
}

/// The head of an order's page: what changes most.
#[derive(Clone, Debug)]
pub struct OrderHead {
    pub dom_id: String,
    pub status_id: String,
    pub number: String,
    pub status: Badge,
    pub status_raw: String,
    pub total: Money,
    pub sold: When,
    pub gone: Option<String>,
}

impl OrderHead {
    #[must_use]
    pub fn new(order: &OrderSummary, t: &Words) -> Self {
        let status = shown_status(order);
        Self {
            dom_id: dom_id::order_head(order.id),
            status_id: dom_id::order_status(order.id),
            number: order.number.clone(),
            status: status::order(status, t),
            status_raw: status.to_owned(),
            total: Money::new(order.total, &order.currency),
            sold: When::moment(order.created_at),
            gone: match (order.deleted_at, order.trashed_at) {
                (Some(_), _) => Some(t.get("order-deleted")),
                (None, Some(_)) => Some(t.get("order-trashed")),
                (None, None) => None,
            },
        }
    }
}

/// A refund.
#[derive(Clone, Debug)]
pub struct RefundView {
    pub amount: Money,
    pub reason: String,
    pub at: Option<When>,
    pub lines: Vec<LineGroup>,
}

/// An order's page.
#[derive(Clone, Debug)]
pub struct OrderView {
    pub head: OrderHead,
    pub lines: Vec<LineGroup>,
    pub sums: Vec<Sum>,
    pub refunds: Vec<RefundView>,
    pub timeline: Vec<Change>,
    pub raw: Option<Raw>,
    pub customer: String,
    pub email: String,
    pub billing: String,
    pub shipping: String,
    pub note: String,
    pub payment: String,
    pub transaction: String,
    pub paid: Option<When>,
    pub completed: Option<When>,
    pub store: String,
    pub store_href: Option<String>,
    pub remote_id: String,
    pub modified: Option<When>,
    pub saved: When,
}

impl OrderView {
    /// `shown` is when the page is made: what it holds reaches the screen then.
    #[must_use]
    pub fn new(order: &OrderDetail, class: RoleClass, shown: Timestamp, t: &Words) -> Self {
        let summary = &order.summary;
        let currency = &summary.currency;
        let is_staff = class == RoleClass::Staff;
        let refunds = order.refunds.iter().map(|refund| RefundView {
            amount: Money::new(refund.amount, currency),
            reason: plain(&refund.reason),
            at: refund.created_at.map(When::moment),
            lines: line::groups(&refund.lines, currency, t),
        });
        Self {
            head: OrderHead::new(summary, t),
            lines: line::groups(&order.lines, currency, t),
            sums: line::sums(order, t),
            refunds: refunds.collect(),
            timeline: deed::timeline(&order.timeline, &order.deeds, shown, t),
            raw: is_staff.then(|| Raw::new(&order.raw)),
            customer: plain(&summary.customer_name),
            email: summary.customer_email.clone(),
            billing: address::lines(&order.billing),
            shipping: address::lines(&order.shipping),
            note: plain(&order.customer_note),
            payment: plain(&order.payment_method_title),
            transaction: order.transaction_id.clone(),
            paid: order.paid_at.map(When::moment),
            completed: order.completed_at.map(When::moment),
            store: plain(&summary.store_name),
            store_href: is_staff.then(|| url::store(summary.store_id)),
            remote_id: summary.remote_id.clone(),
            modified: summary.modified_at.map(When::moment),
            saved: When::moment(summary.saved_at),
        }
    }
}

/// Where a page of orders ends; its next one goes on from there.
#[must_use]
pub fn key(order: &OrderSummary) -> String {
    format!("{}_{}", order.created_at.as_microsecond(), order.id)
}

const fn is_gone(order: &OrderSummary) -> bool {
    order.trashed_at.is_some() || order.deleted_at.is_some()
}

fn shown_status(order: &OrderSummary) -> &str {
    if order.trashed_at.is_some() { "trash" } else { &order.status }
}
