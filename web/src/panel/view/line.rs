//! An order's lines by kind, and its sums.

use rust_decimal::Decimal;
use storewire_db::OrderDetail;
use storewire_domain::{LineKind, OrderLine};

use super::{Money, money::number, status::readable, text::plain};
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
        // What sets other lines apart (rate codes, method ids) is for machines.
        let is_item = line.kind == LineKind::Item;
        let details = line
            .detail
            .iter()
            .filter(|_| is_item)
            .take(12)
            .map(|(name, value)| format!("{}: {}", readable(name), plain(value)));
        // A tax line's tax is what it takes of shipping, and belongs to its total; a coupon's is the tax of its discount.
        let with_shipping = line.total.checked_add(line.total_tax).filter(|_| line.kind == LineKind::Tax);
        let tax = with_shipping.map_or(line.total_tax, |_| Decimal::ZERO);
        Self {
            name: if line.name.is_empty() { line.remote_id.to_string() } else { plain(&line.name) },
            details: sku.into_iter().chain(details).collect(),
            quantity: line.quantity.map(number).unwrap_or_default(),
            subtotal: is_item.then(|| Money::new(line.subtotal, currency)),
            tax: (!tax.is_zero()).then(|| Money::new(tax, currency)),
            total: Money::new(with_shipping.unwrap_or(line.total), currency),
        }
    }
}

/// The sums of an order, all in its own currency.
pub fn sums(order: &OrderDetail, t: &Words) -> Vec<Sum> {
    let currency = &order.summary.currency;
    let total = order.summary.total;
    let refunded = order.refunded_total;
    // Amounts come from outside: a difference that cannot be told is left out, not computed at any price.
    let net = total.checked_sub(refunded).filter(|_| !refunded.is_zero());
    let not_zero = |amount: Decimal| (!amount.is_zero()).then_some(amount);
    let parts = [
        (t.get("order-total-discount"), not_zero(-order.discount_total), false),
        (t.get("order-total-shipping"), not_zero(order.shipping_total), false),
        (t.get("order-total-tax"), not_zero(order.total_tax), false),
        (t.get("order-total"), Some(total), true),
        (t.get("order-total-refunded"), not_zero(-refunded), false),
        (t.get("order-total-net"), net, true),
    ];
    let sum = |(label, amount, is_main)| Some(Sum { label, amount: Money::new(amount?, currency), is_main });
    parts.into_iter().filter_map(sum).collect()
}
