//! A note of an order as REST lists it.

use jiff::tz::TimeZone;

use super::{Fields, Reason};
use crate::OrderNote;

/// Reads a note. Its text is HTML as WordPress keeps it.
pub fn note(fields: &Fields<'_>, zone: Option<&TimeZone>) -> Result<OrderNote, Reason> {
    if !fields.has("note") {
        return Err("note: missing".to_owned());
    }
    Ok(OrderNote {
        remote_id: fields.own_id()?,
        text: fields.text("note"),
        for_customer: fields.is_true("customer_note"),
        author: fields.text("author"),
        created_at: fields.time("date_created", zone),
    })
}
