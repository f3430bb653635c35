//! The words for the fields of a customer account.

use storewire_domain::intent::CustomerField;

use crate::panel::words::Words;

/// A field with the address that it is part of.
#[must_use]
pub fn label(field: CustomerField, t: &Words) -> String {
    match field.place() {
        (Some("billing"), _) => t.with("customer-in-billing", "field", &short(field, t)),
        (Some(_), _) => t.with("customer-in-shipping", "field", &short(field, t)),
        (None, _) => short(field, t),
    }
}

/// A field inside its address.
#[must_use]
pub fn short(field: CustomerField, t: &Words) -> String {
    match field.place().1 {
        "email" => t.get("customer-email"),
        "first_name" => t.get("customer-first-name"),
        "last_name" => t.get("customer-last-name"),
        "company" => t.get("customer-company"),
        "address_1" => t.get("customer-address-1"),
        "address_2" => t.get("customer-address-2"),
        "city" => t.get("customer-city"),
        "state" => t.get("customer-state"),
        "postcode" => t.get("customer-postcode"),
        "country" => t.get("customer-country"),
        _ => t.get("customer-phone"),
    }
}
