//! A webhook's body: a record, a bare id, or the error that WooCommerce met while it made the body.

use storewire_domain::{Coupon, Customer, Order, Product, RemoteId};

use super::{Fields, Reason, coupon::coupon, customer::customer, decode, order::order, product::product};
use crate::{Item, Poison};

/// What a signed body turned out to be. A hint, never a fact: it shows the record at the time of delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "made and taken apart at once, never stored")]
pub enum Delivered {
    Order(Item<Order>),
    Product(Item<Product>),
    Customer(Item<Customer>),
    Coupon(Item<Coupon>),
    /// `{"id": …}` of a `deleted` topic. Fires for trash and, wrongly, for other kinds of record: ask the store.
    IdOnly(RemoteId),
    /// The record was gone, or the webhook's owner lost access, when the body was made.
    ErrorObject {
        code: String,
        status: Option<u16>,
    },
    /// Well-formed, but of a resource that we do not keep.
    Unknown,
}

/// Decodes a delivery's body for the resource that its topic names.
///
/// # Errors
/// A [`Poison`] where the body is of a resource that we keep but cannot be understood.
pub fn delivery(resource: &str, body: &[u8]) -> Result<Delivered, Poison> {
    let Item { value, raw, dirty } = decode(body, |fields| told(resource, fields))?;
    Ok(match value {
        Told::Order(value) => Delivered::Order(Item { value, raw, dirty }),
        Told::Product(value) => Delivered::Product(Item { value, raw, dirty }),
        Told::Customer(value) => Delivered::Customer(Item { value, raw, dirty }),
        Told::Coupon(value) => Delivered::Coupon(Item { value, raw, dirty }),
        Told::Other(delivered) => delivered,
    })
}

/// The same before the record is put beside its own JSON.
enum Told {
    Order(Order),
    Product(Product),
    Customer(Customer),
    Coupon(Coupon),
    Other(Delivered),
}

fn told(resource: &str, fields: &Fields<'_>) -> Result<Told, Reason> {
    if fields.has("code") && !fields.has("id") {
        let status = fields.object("data").map(|data| data.text("status")).unwrap_or_default();
        let code = fields.text("code");
        return Ok(Told::Other(Delivered::ErrorObject { code, status: status.parse().ok() }));
    }
    if fields.has("id") && fields.names().all(|name| matches!(name, "id" | "_links")) {
        return Ok(Told::Other(Delivered::IdOnly(fields.own_id()?)));
    }
    match resource {
        "order" => order(fields, None).map(Told::Order),
        "product" => product(fields, None, None).map(Told::Product),
        "customer" => customer(fields, None).map(Told::Customer),
        "coupon" => coupon(fields, None).map(Told::Coupon),
        _ => Ok(Told::Other(Delivered::Unknown)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_object_and_a_bare_id_are_no_records() {
        let error = br#"{"code":"woocommerce_rest_cannot_view","message":"No.","data":{"status":401}}"#;
        let expected = Delivered::ErrorObject { code: "woocommerce_rest_cannot_view".to_owned(), status: Some(401) };
        assert_eq!(delivery("order", error).unwrap(), expected);
        assert_eq!(delivery("product", b"{\"id\":451}").unwrap(), Delivered::IdOnly(RemoteId::from(451)));
        assert_eq!(delivery("action", br#"{"action":"woocommerce_x","arg":7}"#).unwrap(), Delivered::Unknown);
    }

    #[test]
    fn what_cannot_be_read_is_poison_that_keeps_its_bytes() {
        for body in [&b"webhook_id=1"[..], b"", b"<html>", b"[1]", b"{}", b"{\"id\":\"12abc\"}", b"\xff\xfe{\0"] {
            let poison = delivery("order", body).unwrap_err();
            assert!(!poison.raw.contains('\0'));
            assert!(!poison.reason.is_empty());
        }
        let half = delivery("order", br#"{"id":7,"status":"processing"}"#).unwrap_err();
        assert_eq!(half.remote_id, Some(RemoteId::from(7)));
    }
}
