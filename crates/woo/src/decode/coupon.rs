//! A coupon as REST and webhooks send it.

use jiff::tz::TimeZone;
use storewire_domain::Coupon;

use super::{Fields, Reason};

/// Reads a coupon.
pub fn coupon(fields: &Fields<'_>, zone: Option<&TimeZone>) -> Result<Coupon, Reason> {
    let code = fields.text("code");
    if code.is_empty() {
        return Err("code: missing".to_owned());
    }
    Ok(Coupon {
        remote_id: fields.own_id()?,
        code,
        discount_type: fields.text("discount_type"),
        amount: fields.amount("amount")?,
        status: fields.text("status"),
        created_at: fields.time("date_created", zone),
        modified_at: fields.time("date_modified", zone),
        expires_at: fields.time("date_expires", zone),
    })
}
