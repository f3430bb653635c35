//! What a shop's record is, as one line of text. `copy.rs` makes the same line by SQL.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::Side;

/// Projects a shop's records of a kind. Checkouts never placed are nobody's orders.
pub(crate) fn of_shop(kind: &str, records: &[Value], refunds: &[Value]) -> Result<Side> {
    let of_refunds: BTreeMap<String, &Value> =
        refunds.iter().filter_map(|refund| Some((number(&refund["id"])?, refund))).collect();
    let mut side = Side::new();
    for record in records {
        let id = number(&record["id"]).context("id")?;
        match kind {
            "orders" if record["status"] == "checkout-draft" => continue,
            "orders" => side.insert(id, order(record, &of_refunds)?),
            "products" => side.insert(id, product(record)?),
            "customers" => side.insert(id, customer(record)),
            "coupons" => side.insert(id, coupon(record)?),
            other => bail!("no projection of {other}"),
        };
    }
    Ok(side)
}

fn order(order: &Value, refunds: &BTreeMap<String, &Value>) -> Result<String> {
    let mut parts = vec![
        text(&order["number"]),
        text(&order["status"]),
        text(&order["currency"]),
        money(&order["total"])?,
        money(&order["total_tax"])?,
        money(&order["shipping_total"])?,
        money(&order["discount_total"])?,
        some_id(&order["customer_id"]),
        address(&order["billing"]),
        address(&order["shipping"]),
        text(&order["payment_method"]),
        text(&order["payment_method_title"]),
        text(&order["transaction_id"]),
        text(&order["created_via"]),
        text(&order["customer_note"]),
        time(&order["date_created_gmt"]),
        time(&order["date_modified_gmt"]),
        time(&order["date_paid_gmt"]),
        time(&order["date_completed_gmt"]),
    ];
    parts.push(lines(order)?.join(";"));
    let mut given_back = Vec::new();
    for refund in order["refunds"].as_array().into_iter().flatten() {
        let id = number(&refund["id"]).context("refund's id")?;
        let detail = refunds.get(&id).copied().unwrap_or(&Value::Null);
        let amount = decimal(&refund["total"])?.abs().normalize();
        let (reason, created) = (text(&refund["reason"]), time(&detail["date_created_gmt"]));
        given_back.push(format!("{id},{amount},{reason},{created},[{}]", lines(detail)?.join(";")));
    }
    given_back.sort_unstable();
    parts.push(given_back.join(";"));
    Ok(parts.join("|"))
}

const ADDRESS: [&str; 11] = [
    "first_name",
    "last_name",
    "company",
    "address_1",
    "address_2",
    "city",
    "state",
    "postcode",
    "country",
    "email",
    "phone",
];

/// The lines of an order or refund, sorted: kind, id, name, product, variation, quantity, totals.
fn lines(of: &Value) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let each = |name: &str| of[name].as_array().cloned().unwrap_or_default();
    for item in each("line_items") {
        let (product, variation) = (some_id(&item["product_id"]), some_id(&item["variation_id"]));
        let (quantity, total, tax) = (money(&item["quantity"])?, money(&item["total"])?, money(&item["total_tax"])?);
        let (id, name) = (text(&item["id"]), text(&item["name"]));
        let (sku, subtotal, subtotal_tax) =
            (text(&item["sku"]), money(&item["subtotal"])?, money(&item["subtotal_tax"])?);
        lines.push(format!(
            "line_item,{id},{name},{sku},{product},{variation},{quantity},{subtotal},{subtotal_tax},{total},{tax}"
        ));
    }
    for tax in each("tax_lines") {
        let (id, label, rate) = (text(&tax["id"]), text(&tax["label"]), text(&tax["rate_code"]));
        let name = if label.is_empty() { rate } else { label };
        lines.push(format!("tax,{id},{name},{},{}", money(&tax["tax_total"])?, money(&tax["shipping_tax_total"])?));
    }
    for ship in each("shipping_lines") {
        let (id, name) = (text(&ship["id"]), text(&ship["method_title"]));
        lines.push(format!("shipping,{id},{name},{},{}", money(&ship["total"])?, money(&ship["total_tax"])?));
    }
    for fee in each("fee_lines") {
        let (id, name) = (text(&fee["id"]), text(&fee["name"]));
        lines.push(format!("fee,{id},{name},{},{}", money(&fee["total"])?, money(&fee["total_tax"])?));
    }
    for coupon in each("coupon_lines") {
        let (id, code) = (text(&coupon["id"]), text(&coupon["code"]));
        lines.push(format!("coupon,{id},{code},{},{}", money(&coupon["discount"])?, money(&coupon["discount_tax"])?));
    }
    lines.sort_unstable();
    Ok(lines)
}

fn product(product: &Value) -> Result<String> {
    let manage_stock = match &product["manage_stock"] {
        Value::Bool(true) => "yes",
        Value::String(text) if text == "parent" => "parent",
        _ => "no",
    };
    Ok([
        some_id(&product["parent_id"]),
        text(&product["type"]),
        product_name(product),
        text(&product["sku"]),
        text(&product["status"]),
        maybe_money(&product["price"])?,
        maybe_money(&product["regular_price"])?,
        maybe_money(&product["sale_price"])?,
        manage_stock.to_owned(),
        maybe_money(&product["stock_quantity"])?,
        text(&product["stock_status"]),
        text(&product["backorders"]),
        text(&product["permalink"]),
        time(&product["date_created_gmt"]),
        time(&product["date_modified_gmt"]),
    ]
    .join("|"))
}

/// A variation is named by what was chosen: as a product it carries its parent's name before that, in its parent's list not.
fn product_name(product: &Value) -> String {
    if product["type"] != "variation" {
        return text(&product["name"]);
    }
    let chosen = product["attributes"].as_array().into_iter().flatten();
    let chosen: Vec<String> = chosen.map(|one| text(&one["option"])).filter(|option| !option.is_empty()).collect();
    if chosen.is_empty() { text(&product["name"]) } else { chosen.join(", ") }
}

fn customer(customer: &Value) -> String {
    let name = format!("{} {}", text(&customer["first_name"]), text(&customer["last_name"]));
    [
        text(&customer["email"]),
        name.trim().to_owned(),
        text(&customer["username"]),
        text(&customer["role"]),
        address(&customer["billing"]),
        address(&customer["shipping"]),
        time(&customer["date_created_gmt"]),
        time(&customer["date_modified_gmt"]),
    ]
    .join("|")
}

fn coupon(coupon: &Value) -> Result<String> {
    Ok([
        text(&coupon["code"]),
        text(&coupon["discount_type"]),
        money(&coupon["amount"])?,
        text(&coupon["status"]),
        time(&coupon["date_created_gmt"]),
        time(&coupon["date_modified_gmt"]),
        time(&coupon["date_expires_gmt"]),
    ]
    .join("|"))
}

/// Shared with `copy.rs`: the copy keeps an address as one object with the same names.
pub(crate) fn address(address: &Value) -> String {
    ADDRESS.map(|name| text(&address[name])).join(",")
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn number(value: &Value) -> Option<String> {
    value.as_u64().map(|id| id.to_string())
}

/// An id that is 0 for "none".
fn some_id(value: &Value) -> String {
    number(value).filter(|id| id != "0").unwrap_or_default()
}

fn decimal(value: &Value) -> Result<Decimal> {
    let text = text(value);
    text.parse().with_context(|| format!("{text:?} is no amount"))
}

fn money(value: &Value) -> Result<String> {
    Ok(decimal(value)?.normalize().to_string())
}

fn maybe_money(value: &Value) -> Result<String> {
    if value.is_null() || value == "" { Ok(String::new()) } else { money(value) }
}

/// GMT wall time as the shop writes it, `2026-11-21T05:57:08`.
fn time(value: &Value) -> String {
    text(value)
}
