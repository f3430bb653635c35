//! An order with all its lines and refunds.

mod parcel;
mod status;
pub mod transition;

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use parcel::Parcel;
pub use status::is_sale;

use self::status::Standing;
use crate::{Address, Canonical, RemoteId, remote::text_enum};

text_enum! {
    /// The five kinds of line that a WooCommerce order holds.
    pub enum LineKind {
        Item = "line_item",
        Tax = "tax",
        Shipping = "shipping",
        Fee = "fee",
        Coupon = "coupon",
    }
}

/// An order as a store holds it. Amounts are in `currency`, in the store's decimals; times are UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub remote_id: RemoteId,
    /// `None` for an order that stands alone (subscriptions have parents).
    pub parent_remote_id: Option<RemoteId>,
    /// What people call it; a plugin may renumber, so it is no key.
    pub number: String,
    /// Without the `wc-` prefix; stores may have statuses of their own. `trash` means trashed.
    pub status: String,
    /// ISO 4217 code, upper case.
    pub currency: String,
    pub created_at: Option<Timestamp>,
    /// `date_modified_gmt`, to the second.
    pub modified_at: Option<Timestamp>,
    pub paid_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub total: Decimal,
    pub total_tax: Decimal,
    pub shipping_total: Decimal,
    pub discount_total: Decimal,
    /// `None` for a guest.
    pub customer_remote_id: Option<RemoteId>,
    pub billing: Address,
    pub shipping: Address,
    pub payment_method: String,
    pub payment_method_title: String,
    pub transaction_id: String,
    pub customer_note: String,
    pub created_via: String,
    pub lines: Vec<OrderLine>,
    pub refunds: Vec<Refund>,
    /// As far as a tracking plugin keeps them.
    pub parcels: Vec<Parcel>,
}

/// One line of an order (or of a refund, with negative amounts).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    pub kind: LineKind,
    pub remote_id: RemoteId,
    /// Item name, tax label, shipping method title, fee name or coupon code.
    pub name: String,
    pub sku: String,
    pub product_remote_id: Option<RemoteId>,
    pub variation_remote_id: Option<RemoteId>,
    /// Present on items only; plugins may make it fractional.
    pub quantity: Option<Decimal>,
    pub subtotal: Decimal,
    pub subtotal_tax: Decimal,
    /// For a tax line its tax on items, for a coupon its discount.
    pub total: Decimal,
    /// For a tax line its tax on shipping, for a coupon the tax of its discount.
    pub total_tax: Decimal,
    /// What else tells the line: chosen attributes, rate code, shipping method id. Internal keys (`_…`) are left out.
    pub detail: BTreeMap<String, String>,
}

/// A refund of an order. Immutable in WooCommerce; may be deleted without any notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    pub remote_id: RemoteId,
    /// Positive: what was given back, in the order's currency.
    pub amount: Decimal,
    pub reason: String,
    pub created_at: Option<Timestamp>,
    /// Empty until the refund was read from `/orders/{id}/refunds`; the order itself carries id, reason and total only.
    pub lines: Vec<OrderLine>,
}

impl Order {
    /// Whether the store moved it to the trash.
    #[must_use]
    pub fn is_trashed(&self) -> bool {
        Standing::of(&self.status) == Standing::Trashed
    }

    /// Whether it is a checkout that was never placed. Such orders are not kept.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        Standing::of(&self.status) == Standing::Draft
    }

    /// The projection that decides whether two versions are the same. Refund lines are left out: an order as delivered
    /// does not carry them, and a refund never changes after it was made.
    #[must_use]
    pub fn canonical(&self) -> Canonical {
        let mut out = Canonical::of("order");
        out.text("remote_id", self.remote_id.as_str())
            .text("parent", self.parent_remote_id.as_ref().map_or("", RemoteId::as_str))
            .text("number", &self.number)
            .text("status", &self.status)
            .text("currency", &self.currency)
            .time("created_at", self.created_at)
            .time("paid_at", self.paid_at)
            .time("completed_at", self.completed_at)
            .decimal("total", Some(self.total))
            .decimal("total_tax", Some(self.total_tax))
            .decimal("shipping_total", Some(self.shipping_total))
            .decimal("discount_total", Some(self.discount_total))
            .text("customer", self.customer_remote_id.as_ref().map_or("", RemoteId::as_str))
            .text("payment_method", &self.payment_method)
            .text("payment_method_title", &self.payment_method_title)
            .text("transaction_id", &self.transaction_id)
            .text("customer_note", &self.customer_note)
            .children("billing", std::iter::once(self.billing.canonical()))
            .children("shipping", std::iter::once(self.shipping.canonical()))
            .children("line", self.lines.iter().map(OrderLine::canonical))
            .children("refund", self.refunds.iter().map(Refund::canonical))
            .children("parcel", self.parcels.iter().map(Parcel::canonical));
        out
    }

    /// The canonical form of its lines alone.
    #[must_use]
    pub fn canonical_lines(&self) -> Canonical {
        let mut out = Canonical::of("lines");
        out.children("line", self.lines.iter().map(OrderLine::canonical));
        out
    }
}

impl OrderLine {
    fn canonical(&self) -> Canonical {
        let mut out = Canonical::of(self.kind.as_str());
        out.text("remote_id", self.remote_id.as_str())
            .text("name", &self.name)
            .text("sku", &self.sku)
            .text("product", self.product_remote_id.as_ref().map_or("", RemoteId::as_str))
            .text("variation", self.variation_remote_id.as_ref().map_or("", RemoteId::as_str))
            .decimal("quantity", self.quantity)
            .decimal("subtotal", Some(self.subtotal))
            .decimal("subtotal_tax", Some(self.subtotal_tax))
            .decimal("total", Some(self.total))
            .decimal("total_tax", Some(self.total_tax));
        for (name, value) in &self.detail {
            out.text(name, value);
        }
        out
    }
}

impl Refund {
    fn canonical(&self) -> Canonical {
        let mut out = Canonical::of("refund");
        out.text("remote_id", self.remote_id.as_str())
            .decimal("amount", Some(self.amount))
            .text("reason", &self.reason);
        out
    }
}
