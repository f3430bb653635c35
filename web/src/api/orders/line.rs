//! An order's lines and refunds, as JSON.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use storewire_domain::{OrderLine, Refund};
use utoipa::ToSchema;

use crate::api::money::{Money, quantity};

/// One line of an order or of a refund.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineItem {
    /// `line_item`, `tax`, `shipping`, `fee` or `coupon`.
    pub kind: &'static str,
    pub remote_id: String,
    pub name: String,
    pub sku: String,
    pub product_remote_id: Option<String>,
    pub variation_remote_id: Option<String>,
    /// On items only.
    #[schema(example = "2")]
    pub quantity: Option<String>,
    pub subtotal: Money,
    pub subtotal_tax: Money,
    /// For a tax line its tax on items, for a coupon its discount.
    pub total: Money,
    /// For a tax line its tax on shipping, for a coupon the tax of its discount.
    pub total_tax: Money,
    /// What else tells the line: chosen attributes, rate code, shipping method.
    pub detail: BTreeMap<String, String>,
}

/// A refund of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundItem {
    pub remote_id: String,
    /// Positive: what was given back.
    pub amount: Money,
    pub reason: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
    pub lines: Vec<LineItem>,
}

impl LineItem {
    pub(super) fn new(line: OrderLine, currency: &str) -> Self {
        let money = |amount| Money::new(amount, currency);
        Self {
            kind: line.kind.as_str(),
            remote_id: line.remote_id.0,
            name: line.name,
            sku: line.sku,
            product_remote_id: line.product_remote_id.map(|id| id.0),
            variation_remote_id: line.variation_remote_id.map(|id| id.0),
            quantity: line.quantity.map(quantity),
            subtotal: money(line.subtotal),
            subtotal_tax: money(line.subtotal_tax),
            total: money(line.total),
            total_tax: money(line.total_tax),
            detail: line.detail,
        }
    }
}

impl RefundItem {
    pub(super) fn new(refund: Refund, currency: &str) -> Self {
        Self {
            remote_id: refund.remote_id.0,
            amount: Money::new(refund.amount, currency),
            reason: refund.reason,
            created_at: refund.created_at,
            lines: refund.lines.into_iter().map(|line| LineItem::new(line, currency)).collect(),
        }
    }
}
