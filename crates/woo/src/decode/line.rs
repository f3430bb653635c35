//! Order lines of all five kinds, for orders and for refunds.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::value::RawValue;
use storewire_domain::{LineKind, OrderLine};

use super::{Fields, Reason, compact::compact, scalar};

/// Every line of an order or refund, kind after kind, in the store's order.
pub fn lines(order: &Fields<'_>) -> Result<Vec<OrderLine>, Reason> {
    let mut lines = order.each("line_items", item)?;
    lines.extend(order.each("tax_lines", tax)?);
    lines.extend(order.each("shipping_lines", shipping)?);
    lines.extend(order.each("fee_lines", fee)?);
    lines.extend(order.each("coupon_lines", coupon)?);
    Ok(lines)
}

fn item(line: &Fields<'_>) -> Result<OrderLine, Reason> {
    Ok(OrderLine {
        name: line.text("name"),
        sku: line.text("sku"),
        product_remote_id: line.id("product_id")?,
        variation_remote_id: line.id("variation_id")?,
        quantity: Some(line.amount("quantity")?),
        subtotal: line.amount("subtotal")?,
        subtotal_tax: line.amount("subtotal_tax")?,
        total: line.amount("total")?,
        total_tax: line.amount("total_tax")?,
        ..blank(LineKind::Item, line)?
    })
}

fn tax(line: &Fields<'_>) -> Result<OrderLine, Reason> {
    let mut out = OrderLine {
        name: line.text("label"),
        total: line.amount("tax_total")?,
        total_tax: line.amount("shipping_tax_total")?,
        ..blank(LineKind::Tax, line)?
    };
    note(&mut out.detail, line, &["rate_code", "rate_percent"]);
    Ok(out)
}

fn shipping(line: &Fields<'_>) -> Result<OrderLine, Reason> {
    let mut out = OrderLine {
        name: line.text("method_title"),
        total: line.amount("total")?,
        total_tax: line.amount("total_tax")?,
        ..blank(LineKind::Shipping, line)?
    };
    note(&mut out.detail, line, &["method_id", "instance_id"]);
    Ok(out)
}

fn fee(line: &Fields<'_>) -> Result<OrderLine, Reason> {
    Ok(OrderLine {
        name: line.text("name"),
        total: line.amount("total")?,
        total_tax: line.amount("total_tax")?,
        ..blank(LineKind::Fee, line)?
    })
}

fn coupon(line: &Fields<'_>) -> Result<OrderLine, Reason> {
    let mut out = OrderLine {
        name: line.text("code"),
        total: line.amount("discount")?,
        total_tax: line.amount("discount_tax")?,
        ..blank(LineKind::Coupon, line)?
    };
    note(&mut out.detail, line, &["discount_type"]);
    Ok(out)
}

fn blank(kind: LineKind, line: &Fields<'_>) -> Result<OrderLine, Reason> {
    Ok(OrderLine {
        kind,
        remote_id: line.own_id()?,
        name: String::new(),
        sku: String::new(),
        product_remote_id: None,
        variation_remote_id: None,
        quantity: None,
        subtotal: Decimal::ZERO,
        subtotal_tax: Decimal::ZERO,
        total: Decimal::ZERO,
        total_tax: Decimal::ZERO,
        detail: meta(line),
    })
}

fn note(detail: &mut BTreeMap<String, String>, line: &Fields<'_>, names: &[&str]) {
    for name in names {
        let text = line.text(name);
        if !text.is_empty() {
            detail.insert((*name).to_owned(), text);
        }
    }
}

/// What a line's meta data tells people: names and values as the store shows them. Keys that start with `_` are a
/// plugin's own business. A key that comes twice keeps both values.
fn meta(line: &Fields<'_>) -> BTreeMap<String, String> {
    let mut out: BTreeMap<String, String> = BTreeMap::new();
    for entry in line.objects("meta_data") {
        let key = entry.text("key");
        if key.is_empty() || key.starts_with('_') {
            continue;
        }
        let shown =
            |name: &str, otherwise: String| Some(entry.text(name)).filter(|text| !text.is_empty()).unwrap_or(otherwise);
        let label = shown("display_key", key);
        let value = shown("display_value", entry.get("value").map(value_text).unwrap_or_default());
        let slot = out.entry(label).or_default();
        if !slot.is_empty() && !value.is_empty() {
            slot.push_str(", ");
        }
        slot.push_str(&value);
    }
    out
}

fn value_text(raw: &RawValue) -> String {
    scalar::text(raw).unwrap_or_else(|| compact(raw.get()))
}
