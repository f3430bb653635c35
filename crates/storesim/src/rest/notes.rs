//! Notes of an order: all at once, without pages; they can be written and deleted, never changed.

use serde_json::Value;

use crate::http::Reply;
use crate::model::note::SYSTEM;
use crate::php_json::Json;
use crate::rest::error::ApiError;
use crate::rest::write::Target;
use crate::rest::{Answer, Call, body};

/// The user of the key, as WordPress shows it.
const KEY_USER: &str = "admin";

fn no_order() -> ApiError {
    ApiError::new(404, "woocommerce_rest_order_invalid_id", "Invalid order ID.")
}

fn no_note() -> ApiError {
    ApiError::new(404, "woocommerce_rest_invalid_id", "Invalid resource ID.")
}

pub(super) fn list(call: Call<'_>, order_id: u64) -> Answer {
    let kind = call.ask.query.get("type").unwrap_or("any");
    let mut shown = call
        .store
        .read(|view| {
            let order = view.records.orders.get(&order_id)?;
            let wanted =
                order.notes.iter().filter(|note| kind == "any" || (kind == "customer") == note.is_for_customer);
            let mut notes: Vec<_> = wanted.collect();
            // The newest second first; within a second as they were written.
            notes.sort_by_key(|note| (std::cmp::Reverse(note.created), note.id));
            Some(notes.into_iter().map(|note| view.note(order_id, note)).collect::<Vec<_>>())
        })
        .ok_or_else(no_order)?;
    if let Some(fields) = call.fields() {
        shown = shown.into_iter().map(|note| note.only(&fields)).collect();
    }
    Ok(Reply::json(200, &Json::from(shown)))
}

pub(super) fn one(call: Call<'_>, order_id: u64, id: u64) -> Answer {
    if !call.store.read(|view| view.records.orders.contains_key(&order_id)) {
        return Err(no_order());
    }
    let shown = call.store.read(|view| view.record("note", id, order_id)).ok_or_else(no_note)?;
    Ok(call.one(200, shown))
}

pub(super) fn create(call: Call<'_>, order_id: u64) -> Answer {
    let sent = call.body()?;
    let Some(text) = sent.get("note").and_then(Value::as_str).map(str::to_owned) else {
        return Err(ApiError::missing(&["note"]));
    };
    let flag = |name: &str| sent.get(name).and_then(body::flag).unwrap_or(false);
    let author = if flag("added_by_user") { KEY_USER } else { SYSTEM };
    let (id, shown) = call.write(Target::new("note").of(order_id), &sent, |change| {
        let id = change.add_note(order_id, text, flag("customer_note"), author).ok_or_else(no_order)?;
        Ok((id, change.view().record("note", id, order_id).unwrap_or_default()))
    })?;
    Ok(call.created(&format!("orders/{order_id}/notes/{id}"), shown))
}

pub(super) fn delete(call: Call<'_>, order_id: u64, id: u64) -> Answer {
    if !call.force() {
        // WooCommerce's own slip of the pen.
        return Err(ApiError::no_trash("Webhooks"));
    }
    let (_, shown) = call.write(Target::doomed("note", id).of(order_id), &Value::Null, |change| {
        let shown = change.view().record("note", id, order_id);
        let order = change.records.orders.get_mut(&order_id).ok_or_else(no_order)?;
        order.notes.retain(|note| note.id != id);
        Ok((id, shown.ok_or_else(no_note)?))
    })?;
    Ok(call.one(200, shown))
}
