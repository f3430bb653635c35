//! A refund as `/orders/{id}/refunds` lists it: with its date and its lines, whose amounts are negative.

use jiff::tz::TimeZone;
use storewire_domain::Refund;

use super::{Fields, Reason, line};

/// Reads a refund.
pub fn refund(fields: &Fields<'_>, zone: Option<&TimeZone>) -> Result<Refund, Reason> {
    if !fields.has("amount") {
        return Err("amount: missing".to_owned());
    }
    Ok(Refund {
        remote_id: fields.own_id()?,
        amount: fields.amount("amount")?.abs(),
        reason: fields.text("reason"),
        created_at: fields.time("date_created", zone),
        lines: line::lines(fields)?,
    })
}
