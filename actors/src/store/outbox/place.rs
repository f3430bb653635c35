//! Orders that an intent places: looked for by their mark like all that is made, and sent with every part of their addresses.

use serde_json::{Value, json};
use storewire_db::intents::OpenIntent;
use storewire_domain::{
    Address, RemoteId,
    intent::{NewLine, NewOrder},
};
use storewire_woo::{ListQuery, Patch, WooError};

use super::{create, fresh::Fresh};
use crate::store::{context::StoreContext, record::Record};

/// Looks for the order: by its id, where the store said which, and by its mark otherwise. `None` if it was there and is gone.
pub(super) async fn find(context: &StoreContext, intent: &OpenIntent) -> Result<Option<Fresh>, WooError> {
    let (client, id, asked_at) = (&context.client, &intent.remote_id, context.now());
    if !id.as_str().is_empty() {
        return Ok(create::by_id(context.call_now(client.get_order(id)).await?, asked_at, Record::Order));
    }
    let list = |query: ListQuery| {
        let client = client.clone();
        async move { client.list_orders(&query).await }
    };
    create::newest(context, intent, list, Record::Order).await.map(Some)
}

/// Whether it is what a store leaves behind when it fails in the middle of making an order: with its mark, perhaps, but never placed.
pub(super) fn is_left_behind(record: &Record) -> bool {
    matches!(record, Record::Order(item) if item.value.is_draft())
}

/// The order's fields by WooCommerce's names. A store that is not told where to send it keeps no such address, and labels are made of that.
pub(super) fn fields(order: &NewOrder) -> Patch {
    let mut fields = Patch::new();
    fields.insert("status".to_owned(), order.status.as_str().into());
    fields.insert("set_paid".to_owned(), false.into());
    fields.insert("billing".to_owned(), address(&order.billing, true));
    fields.insert("shipping".to_owned(), address(order.destination(), false));
    if !order.note.is_empty() {
        fields.insert("customer_note".to_owned(), order.note.as_str().into());
    }
    fields.insert("line_items".to_owned(), order.lines.iter().map(line).collect());
    fields
}

fn line(line: &NewLine) -> Value {
    let mut item = json!({ "product_id": number(&line.product), "quantity": line.quantity });
    if let (Some(variation), Some(item)) = (&line.variation, item.as_object_mut()) {
        item.insert("variation_id".to_owned(), number(variation).into());
    }
    item
}

/// A bill's address has an e-mail address, which a store refuses to be empty; a parcel's has none.
fn address(address: &Address, is_bill: bool) -> Value {
    let mut parts = json!({
        "first_name": address.first_name,
        "last_name": address.last_name,
        "company": address.company,
        "address_1": address.address_1,
        "address_2": address.address_2,
        "city": address.city,
        "state": address.state,
        "postcode": address.postcode,
        "country": address.country,
        "phone": address.phone,
    });
    if let (true, Some(parts)) = (is_bill && !address.email.is_empty(), parts.as_object_mut()) {
        parts.insert("email".to_owned(), address.email.as_str().into());
    }
    parts
}

fn number(id: &RemoteId) -> u64 {
    id.as_str().parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_sent_whole_and_goes_where_the_bill_goes_unless_told_otherwise() {
        let ada = Address {
            first_name: "Ada".to_owned(),
            address_1: "Rose Lane 1".to_owned(),
            email: "ada@example.org".to_owned(),
            ..Address::default()
        };
        let cups = NewLine {
            product: RemoteId::from(7),
            variation: Some(RemoteId::from(9)),
            quantity: 2,
            name: "Cup".to_owned(),
        };
        let mut order = NewOrder {
            lines: vec![cups],
            billing: ada.clone(),
            shipping: None,
            note: String::new(),
            status: "processing".to_owned(),
        };
        let sent = fields(&order);
        assert_eq!(sent["line_items"], json!([{"product_id": 7, "quantity": 2, "variation_id": 9}]));
        assert_eq!((&sent["set_paid"], sent.get("customer_note")), (&json!(false), None));
        assert_eq!(sent["shipping"]["address_1"], "Rose Lane 1");
        assert_eq!(
            (sent["billing"].get("email"), sent["shipping"].get("email")),
            (Some(&json!("ada@example.org")), None)
        );
        order.shipping = Some(Address { address_1: "Harbour 2".to_owned(), ..ada });
        assert_eq!(fields(&order)["shipping"]["address_1"], "Harbour 2");
        order.billing.email.clear();
        assert_eq!(fields(&order)["billing"].get("email"), None);
    }

    #[test]
    fn a_draft_that_a_failed_creation_left_behind_is_no_order() {
        let record = |status: &str| {
            let raw = format!(r#"{{"id": 7, "status": "{status}", "currency": "TRY", "total": "1.00"}}"#);
            Record::Order(Box::new(storewire_woo::decode::order(raw.as_bytes()).unwrap()))
        };
        assert!(is_left_behind(&record("checkout-draft")) && is_left_behind(&record("auto-draft")));
        assert!(!is_left_behind(&record("processing")) && !is_left_behind(&record("trash")));
    }
}
