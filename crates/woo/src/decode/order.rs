//! An order as REST and webhooks send it.

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use storewire_domain::{Order, Refund};

use super::{Fields, Reason, line, parcel};

/// Reads an order. `line_items[].price` is never read: it is a float, unrounded, and total and quantity say more.
pub fn order(fields: &Fields<'_>, zone: Option<&TimeZone>) -> Result<Order, Reason> {
    let remote_id = fields.own_id()?;
    Ok(Order {
        parent_remote_id: fields.id("parent_id")?,
        number: Some(fields.text("number")).filter(|text| !text.is_empty()).unwrap_or_else(|| remote_id.to_string()),
        status: status(fields)?,
        currency: currency(fields)?,
        created_at: fields.time("date_created", zone),
        modified_at: fields.time("date_modified", zone),
        paid_at: fields.time("date_paid", zone),
        completed_at: fields.time("date_completed", zone),
        total: total(fields)?,
        total_tax: fields.amount("total_tax")?,
        shipping_total: fields.amount("shipping_total")?,
        discount_total: fields.amount("discount_total")?,
        customer_remote_id: fields.id("customer_id")?,
        billing: fields.address("billing"),
        shipping: fields.address("shipping"),
        payment_method: fields.text("payment_method"),
        payment_method_title: fields.text("payment_method_title"),
        transaction_id: fields.text("transaction_id"),
        customer_note: fields.text("customer_note"),
        created_via: fields.text("created_via"),
        lines: line::lines(fields)?,
        refunds: fields.each("refunds", refund_stub)?,
        parcels: parcel::parcels(fields),
        remote_id,
    })
}

fn status(fields: &Fields<'_>) -> Result<String, Reason> {
    let status = fields.text("status");
    let status = status.strip_prefix("wc-").unwrap_or(&status);
    if status.is_empty() { Err("status: missing".to_owned()) } else { Ok(status.to_owned()) }
}

/// Codes are three letters, but shops that sell for tokens make longer ones.
fn currency(fields: &Fields<'_>) -> Result<String, Reason> {
    let code = fields.text("currency").trim().to_ascii_uppercase();
    let sound = (3..=10).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if sound { Ok(code) } else { Err("currency: not a code".to_owned()) }
}

/// An order without a total is a fragment of one, not a free one.
fn total(fields: &Fields<'_>) -> Result<Decimal, Reason> {
    if fields.has("total") { fields.amount("total") } else { Err("total: missing".to_owned()) }
}

/// An order carries of each refund only id, reason and a negative total.
fn refund_stub(fields: &Fields<'_>) -> Result<Refund, Reason> {
    Ok(Refund {
        remote_id: fields.own_id()?,
        amount: fields.amount("total")?.abs(),
        reason: fields.text("reason"),
        created_at: None,
        lines: Vec::new(),
    })
}
