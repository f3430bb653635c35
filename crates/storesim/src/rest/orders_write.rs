//! Creating, changing and deleting orders.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::faults::strike::crash;
use crate::model::Change;
use crate::model::address::Address;
use crate::model::order::Status;
use crate::model::profile::Profile;
use crate::model::purchase::Cart;
use crate::money;
use crate::php_json::{Json, Object};
use crate::rest::error::ApiError;
use crate::rest::params::Complaints;
use crate::rest::write::{Target, Written};
use crate::rest::{Answer, Call, body};

/// The words a single request may use; a batch is not checked.
fn check(sent: &Value, profile: &Profile) -> Result<(), ApiError> {
    let mut complaints = Complaints::default();
    let words: Vec<&str> = profile.order_states().map(|status| status.as_str()).collect();
    if let Some(status) = sent.get("status") {
        match status.as_str() {
            Some(text) if words.contains(&text) => {}
            Some(_) => complaints.not_in("status", "status", &words),
            None => complaints.wrong_type("status", "string"),
        }
    }
    if let Some(email) = sent.pointer("/billing/email").and_then(Value::as_str)
        && !email.is_empty()
        && !email.contains('@')
    {
        complaints.add("billing", "rest_invalid_email", "Invalid email address.".to_owned(), Json::Null);
    }
    if sent.get("customer_id").is_some_and(|id| body::integer(id).is_none()) {
        complaints.wrong_type("customer_id", "integer");
    }
    complaints.finish()
}

pub(super) fn create(call: Call<'_>) -> Answer {
    let sent = call.body()?;
    check(&sent, call.profile)?;
    if call.ask.faults.leave_drafts {
        let mut draft = sent;
        if let Some(draft) = draft.as_object_mut() {
            draft.insert("status".to_owned(), Status::CheckoutDraft.as_str().into());
        }
        // What is never placed is no order that was made.
        call.store.change(|change| create_one(change, &draft));
        return Ok(crash());
    }
    let (id, shown) = call.write(Target::new("order"), &sent, |change| Ok(create_one(change, &sent)))?;
    Ok(call.created(&format!("orders/{id}"), shown))
}

/// Creates an order; unknown products become empty lines, unknown states `pending`.
pub(super) fn create_one(change: &mut Change<'_>, sent: &Value) -> (u64, Object) {
    let mut billing = Address::default();
    billing.merge(sent.get("billing").unwrap_or(&Value::Null));
    let mut shipping = Address::default();
    shipping.merge(sent.get("shipping").unwrap_or(&Value::Null));
    let cart = Cart {
        items: items(sent).into_iter().map(|(_, product_id, quantity)| (product_id, quantity)).collect(),
        customer_id: sent.get("customer_id").and_then(body::integer).and_then(|id| u64::try_from(id).ok()).unwrap_or(0),
        billing: Arc::new(billing),
        shipping: Arc::new(shipping),
        created_via: "rest-api",
        ..Cart::default()
    };
    let id = change.compose(cart);
    change.events.raise("order.created", id);
    apply_fields(change, id, sent);
    if let Some(status) = wanted_status(change.profile, sent) {
        change.set_status(id, status);
    }
    pay(change, id, sent);
    change.count_sales(id);
    change.save_order(id, true);
    (id, show(change, id))
}

/// Line id (0 for a new one), product or variation, quantity.
fn items(sent: &Value) -> Vec<(u64, u64, i64)> {
    let number = |item: &Value, name: &str| {
        item.get(name).and_then(body::integer).and_then(|id| u64::try_from(id).ok()).unwrap_or(0)
    };
    let lines = sent.get("line_items").and_then(Value::as_array);
    lines
        .into_iter()
        .flatten()
        .map(|item| {
            let variation_id = number(item, "variation_id");
            let product_id = if variation_id == 0 { number(item, "product_id") } else { variation_id };
            (number(item, "id"), product_id, item.get("quantity").and_then(body::integer).unwrap_or(1))
        })
        .collect()
}

fn wanted_status(profile: &Profile, sent: &Value) -> Option<Status> {
    let text = sent.get("status")?.as_str()?;
    // The order object turns a state it does not know into `pending`; only single requests were checked before.
    let known = Status::parse(text).filter(|status| *status != Status::Trash && profile.knows(*status));
    Some(known.unwrap_or(Status::Pending))
}

fn pay(change: &mut Change<'_>, id: u64, sent: &Value) {
    let is_paid = sent.get("set_paid").and_then(body::flag).unwrap_or(false);
    let status = change.records.orders.get(&id).map(|order| order.status);
    if is_paid && matches!(status, Some(Status::Pending | Status::OnHold | Status::Failed)) {
        change.set_status(id, Status::Processing);
    }
}

fn apply_fields(change: &mut Change<'_>, id: u64, sent: &Value) {
    let Some(order) = change.records.orders.get_mut(&id) else { return };
    let texts = [
        ("customer_note", &mut order.customer_note),
        ("payment_method", &mut order.payment_method),
        ("payment_method_title", &mut order.payment_title),
        ("transaction_id", &mut order.transaction_id),
    ];
    for (name, field) in texts {
        if let Some(text) = sent.get(name).and_then(body::text) {
            *field = text.into();
        }
    }
    if let Some(customer_id) = sent.get("customer_id").and_then(body::integer).and_then(|id| u64::try_from(id).ok()) {
        order.customer_id = customer_id;
    }
    if let Some(billing) = sent.get("billing") {
        Arc::make_mut(&mut order.billing).merge(billing);
    }
    if let Some(shipping) = sent.get("shipping") {
        Arc::make_mut(&mut order.shipping).merge(shipping);
    }
    for entry in sent.get("meta_data").and_then(Value::as_array).into_iter().flatten() {
        if let Some(key) = entry.get("key").and_then(Value::as_str) {
            change.add_order_meta(id, key, entry.get("value").cloned().unwrap_or_default());
        }
    }
}

/// Changes and adds lines; quantity 0 removes one.
fn edit_lines(change: &mut Change<'_>, id: u64, sent: &Value) {
    for (line_id, product_id, quantity) in items(sent) {
        if line_id == 0 {
            let line = change.line_for(product_id, quantity);
            if let Some(order) = change.records.orders.get_mut(&id) {
                order.lines.push(line);
            }
            continue;
        }
        let decimals = change.profile.decimals();
        let Some(order) = change.records.orders.get_mut(&id) else { return };
        if quantity == 0 {
            order.lines.retain(|line| line.id != line_id);
        } else if let Some(line) = order.lines.iter_mut().find(|line| line.id == line_id) {
            let scale = Decimal::from(quantity) / Decimal::from(line.quantity.max(1));
            line.subtotal = money::round(line.subtotal * scale, decimals);
            line.total = money::round(line.total * scale, decimals);
            line.quantity = quantity;
        }
    }
}

pub(super) fn update(call: Call<'_>, id: u64) -> Answer {
    let sent = call.body()?;
    check(&sent, call.profile)?;
    let (_, shown) = call.write(Target::known("order", id), &sent, |change| update_one(change, id, &sent))?;
    Ok(call.one(200, shown))
}

/// Applies what was sent. On posts the modified date moves only when a column of the row changed.
///
/// # Errors
/// 400 for an unknown id.
pub(crate) fn update_one(change: &mut Change<'_>, id: u64, sent: &Value) -> Written {
    let before = change.records.orders.get(&id).cloned().ok_or_else(|| ApiError::gone_on_write("order"))?;
    let was_trashed = before.status == Status::Trash;
    apply_fields(change, id, sent);
    if sent.get("line_items").is_some() {
        edit_lines(change, id, sent);
    }
    let recalculates = ["billing", "shipping", "line_items", "shipping_lines", "fee_lines", "coupon_lines"];
    if recalculates.iter().any(|name| sent.get(name).is_some())
        && let Some(mut order) = change.records.orders.remove(&id)
    {
        change.apply_tax(&mut order);
        change.records.orders.insert(id, order);
    }
    let has_moved = wanted_status(change.profile, sent).is_some_and(|status| change.set_status(id, status));
    pay(change, id, sent);
    let note_changed = change.records.orders.get(&id).is_some_and(|order| order.customer_note != before.customer_note);
    if was_trashed && change.profile.is_hpos() {
        // Leaving the trash this way tells nobody on HPOS.
        if let Some(order) = change.records.orders.get_mut(&id) {
            order.modified = change.now;
        }
    } else {
        change.save_order(id, has_moved || note_changed);
    }
    Ok((id, show(change, id)))
}

fn show(change: &Change<'_>, id: u64) -> Object {
    change.records.orders.get(&id).map(|order| change.view().order(order)).unwrap_or_default()
}

pub(super) fn delete(call: Call<'_>, id: u64) -> Answer {
    let force = call.force();
    let (_, shown) = call.write(Target::doomed("order", id), &Value::Null, |change| delete_one(change, id, force))?;
    Ok(call.one(200, shown))
}

/// Trashes or erases; the answer shows the order as it was before.
///
/// # Errors
/// 404 for an unknown id, 410 when it is in the trash already.
pub(super) fn delete_one(change: &mut Change<'_>, id: u64, force: bool) -> Written {
    if !change.records.orders.contains_key(&id) {
        return Err(ApiError::gone("order"));
    }
    let shown = show(change, id);
    if force {
        change.erase_order(id);
    } else if !change.trash_order(id) {
        return Err(ApiError::already_trashed("shop_order"));
    }
    Ok((id, shown))
}
