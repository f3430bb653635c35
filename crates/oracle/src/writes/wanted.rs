//! Which write in a shop's log is what an intent wants. Pure.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Intent;

/// What an intent wants, as text: the same for intents that no write could tell apart.
pub fn wish(intent: &Intent) -> String {
    match intent.change["kind"].as_str() {
        // Its parcel carries a number of its own.
        Some("order.tracking") => format!("{} {}", intent.change, intent.id),
        _ => intent.change.to_string(),
    }
}

/// Whether this write is what the intent wants.
pub fn is_of(intent: &Intent, write: &Value) -> bool {
    let change = &intent.change;
    let is_text = |field: &str, wanted: &Value| to(write, field).is_some_and(|to| is_same(to, wanted));
    // The shop's ids are numbers; ours are texts.
    let is_about = |noun: &str, id: &str| {
        (write["kind"] == noun || write["kind"] == "variation" && noun == "product")
            && write[id].as_u64().is_some_and(|id| id.to_string() == intent.remote_id)
    };
    match change["kind"].as_str() {
        Some("product.stock") => is_about("product", "id") && is_text("stock_quantity", &change["quantity"]),
        Some("product.price") => is_about("product", "id") && is_text("regular_price", &change["regular"]),
        Some("product.status") => is_about("product", "id") && is_text("status", &change["status"]),
        Some("product.categories") => {
            is_about("product", "id") && to(write, "categories").is_some_and(|to| is_filed(to, change))
        }
        Some("order.status") => is_about("order", "id") && is_text("status", &change["status"]),
        Some("order.note") => is_about("note", "parent_id") && is_text("note", &change["text"]),
        Some("order.tracking") => is_about("order", "id") && has_brought_parcel(intent, write),
        Some("customer.fields") => is_about("customer", "id") && has_set_fields(change, write),
        _ => false,
    }
}

fn to<'a>(write: &'a Value, field: &str) -> Option<&'a Value> {
    write["changed"].get(field)?.get("to")
}

/// Numbers are told as numbers or as text.
fn is_same(one: &Value, other: &Value) -> bool {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let number = |text: &str| text.parse::<rust_decimal::Decimal>().ok().map(|number| number.normalize().to_string());
    let (one, other) = (text(one), text(other));
    one == other || number(&one).is_some_and(|one| Some(one) == number(&other))
}

/// Whether a product is now in the categories that are wanted and in no other.
fn is_filed(to: &Value, change: &Value) -> bool {
    let filed: BTreeSet<String> =
        to.as_array().into_iter().flatten().map(|category| category["id"].to_string()).collect();
    let wanted = change["ids"].as_array().into_iter().flatten();
    filed == wanted.filter_map(|id| Some(id.as_str()?.to_owned())).collect()
}

/// Whether the parcel of this intent is there now and was not before.
fn has_brought_parcel(intent: &Intent, write: &Value) -> bool {
    let id = intent.id.simple().to_string();
    let meta = &write["changed"]["meta_data"];
    // The number is found wherever a plugin keeps it.
    meta["to"].to_string().contains(&id) && !meta["from"].to_string().contains(&id)
}

/// Whether every field that is wanted has its value now, and some had another before.
fn has_set_fields(change: &Value, write: &Value) -> bool {
    let Some(fields) = change["fields"].as_object() else { return false };
    let place = |name: &str, side: &str| match name.split_once('.') {
        Some((address, field)) => write["changed"][address][side][field].clone(),
        None => write["changed"][name][side].clone(),
    };
    !fields.is_empty()
        && fields.iter().all(|(name, wanted)| place(name, "to") == *wanted)
        && fields.iter().any(|(name, wanted)| place(name, "from") != *wanted)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn wants(change: Value, write: &Value) -> bool {
        let (id, remote_id) = (Uuid::nil(), "7".to_owned());
        is_of(&Intent { id, change, remote_id, state: String::new(), reason: String::new() }, write)
    }

    fn write(kind: &str, field: &str, from: &Value, to: &Value) -> Value {
        json!({"kind": kind, "id": 7, "parent_id": 7, "changed": {field: {"from": from, "to": to}}})
    }

    #[test]
    fn every_kind_of_change_is_known_in_the_log_and_another_value_is_not() {
        let parcel = |id: Uuid| json!([{"key": "parcels", "value": [{"tracking_id": id.simple().to_string()}]}]);
        let filed = |ids: [u64; 2]| json!(ids.map(|id| json!({"id": id, "name": "Tea"})));
        let city = |name: &str| json!({"city": name, "phone": "1"});
        let cases = [
            (json!({"kind": "product.stock", "quantity": "20"}), "product", "stock_quantity", json!(20), json!(21)),
            (
                json!({"kind": "product.price", "regular": "1.50"}),
                "variation",
                "regular_price",
                json!("1.5"),
                json!("2"),
            ),
            (
                json!({"kind": "product.status", "status": "private"}),
                "product",
                "status",
                json!("private"),
                json!("draft"),
            ),
            (
                json!({"kind": "product.categories", "ids": ["22", "15"]}),
                "product",
                "categories",
                filed([15, 22]),
                filed([15, 17]),
            ),
            (json!({"kind": "order.status", "status": "packed"}), "order", "status", json!("packed"), json!("shipped")),
            (json!({"kind": "order.note", "text": "hi"}), "note", "note", json!("hi"), json!("ho")),
            (json!({"kind": "order.tracking"}), "order", "meta_data", parcel(Uuid::nil()), parcel(Uuid::max())),
            (
                json!({"kind": "customer.fields", "fields": {"billing.city": "Bonn"}}),
                "customer",
                "billing",
                city("Bonn"),
                city("Ulm"),
            ),
        ];
        for (change, kind, field, right, wrong) in cases {
            assert!(wants(change.clone(), &write(kind, field, &Value::Null, &right)), "{change}");
            assert!(!wants(change.clone(), &write(kind, field, &Value::Null, &wrong)), "{change}");
            assert!(!wants(change.clone(), &write("coupon", field, &Value::Null, &right)), "{change}");
        }
    }

    #[test]
    fn what_was_so_before_was_not_made_by_this_write() {
        let change = json!({"kind": "customer.fields", "fields": {"billing.city": "Bonn"}});
        let before = json!({"city": "Bonn", "phone": "1"});
        assert!(!wants(change, &write("customer", "billing", &before, &json!({"city": "Bonn", "phone": "2"}))));
    }
}
