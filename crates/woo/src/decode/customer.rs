//! A customer account as REST and webhooks send it.

use jiff::tz::TimeZone;
use storewire_domain::Customer;

use super::{Fields, Reason};

/// Reads a customer.
pub fn customer(fields: &Fields<'_>, zone: Option<&TimeZone>) -> Result<Customer, Reason> {
    Ok(Customer {
        remote_id: fields.own_id()?,
        email: fields.text("email"),
        first_name: fields.text("first_name"),
        last_name: fields.text("last_name"),
        username: fields.text("username"),
        role: fields.text("role"),
        created_at: fields.time("date_created", zone),
        modified_at: fields.time("date_modified", zone),
        billing: fields.address("billing"),
        shipping: fields.address("shipping"),
    })
}
