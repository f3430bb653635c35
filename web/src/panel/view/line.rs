//! An order's lines by kind, and its sums.

use storewire_db::OrderDetail;
use storewire_domain::{LineKind, OrderLine};

use super::{Money, money::number, status::readable};
use crate::panel::words::Words;

/// The lines of one kind.
#[derive(Clone, Debug)]
pub struct LineGroup {
    pub title: String,
    pub lines: Vec<Line>,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    pub name: String,
    pub details: Vec<String>,
    pub quantity: String,
    pub subtotal: Option<Money>,
    pub tax: Option<Money>,
    pub total: Money,
}

/// One row below the lines.
#[derive(Clone, Debug)]
pub struct Sum {
    pub label: String,
    pub amount: Money,
    pub is_main: bool,
}

/// Groups lines by kind, in the order in which people read an order.
pub fn groups(lines: &[OrderLine], currency: &str, t: &Words) -> Vec<LineGroup> {
    let kinds = [
        (LineKind::Item, t.get("order-kind-items")),
        (LineKind::Shipping, t.get("order-kind-shipping")),
        (LineKind::Fee, t.get("order-kind-fees")),
        (LineKind::Coupon, t.get("order-kind-coupons")),
        (LineKind::Tax, t.get("order-kind-taxes")),
    ];
    let of_kind = |(kind, title)| LineGroup {
        title,
        lines: lines.iter().filter(|line| line.kind == kind).map(|line| Line::new(line, currency)).collect(),
    };
    kinds.into_iter().map(of_kind).filter(|group| !group.lines.is_empty()).collect()
}

impl Line {
    fn new(line: &OrderLine, currency: &str) -> Self {
        let sku = (!line.sku.is_empty()).then(|| line.sku.clone());
        let details = line.detail.iter().take(12).map(|(name, value)| format!("{}: {value}", readable(name)));
        // A tax line's tax is its total on shipping, and a coupon's the tax of its discount: both are amounts of tax.
        let is_item = line.kind == LineKind::Item;
        Self {
            name: if line.name.is_empty() { line.remote_id.to_string() } else { line.name.clone() },
            details: sku.into_iter().chain(details).collect(),
            quantity: line.quantity.map(number).unwrap_or_default(),
            subtotal: is_item.then(|| Money::new(line.subtotal, currency)),
            tax: (!line.total_tax.is_zero()).then(|| Money::new(line.total_tax, currency)),
            total: Money::new(line.total, currency),
        }
    }
}

/// The sums of an order, all in its own currency.
pub fn sums(order: &OrderDetail, t: &Words) -> Vec<Sum> {
    let currency = &order.summary.currency;
    let total = order.summary.total;
    let parts = [
        (t.get("order-total-discount"), -order.discount_total, !order.discount_total.is_zero(), false),
        (t.get("order-total-shipping"), order.shipping_total, !order.shipping_total.is_zero(), false),
        (t.get("order-total-tax"), order.total_tax, !order.total_tax.is_zero(), false),
        (t.get("order-total"), total, true, true),
        (t.get("order-total-refunded"), -order.refunded_total, !order.refunded_total.is_zero(), false),
        (t.get("order-total-net"), total - order.refunded_total, !order.refunded_total.is_zero(), true),
    ];
    let shown = parts.into_iter().filter(|(_, _, is_shown, _)| *is_shown);
    shown.map(|(label, amount, _, is_main)| Sum { label, amount: Money::new(amount, currency), is_main }).collect()
}
