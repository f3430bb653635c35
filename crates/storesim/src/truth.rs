//! The truth under `/_sim`: every object as the shops hold it, what they sent and were asked, and the levers for tests.

use std::sync::Arc;

use hyper::Method;
use serde::Serialize;
use serde_json::{Value, json};

use crate::faults::Faults;
use crate::fleet::Shared;
use crate::http::{Ask, Reply};
use crate::model::order::Status;
use crate::model::product::Kind;
use crate::php_json::{Json, Object};
use crate::rest::body;
use crate::shop;
use crate::store::Store;

/// Answers below `/_sim`.
pub(crate) async fn answer(fleet: &Shared, ask: &Ask) -> Reply {
    let parts: Vec<&str> = ask.path.trim_matches('/').split('/').collect();
    match (&ask.method, parts.as_slice()) {
        (&Method::GET, ["stores"]) => plain(200, &fleet.infos()),
        (&Method::POST, ["rate"]) => set_rate(fleet, ask),
        (&Method::POST, ["quiesce"]) => plain(200, &fleet.quiesce().await),
        (method, ["stores", number, rest @ ..]) => {
            let index = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            match index.and_then(|index| fleet.stores.get(index)) {
                Some(store) => of_store(store, method, rest, ask),
                None => refuse(404, "no such store"),
            }
        }
        _ => refuse(404, "no such thing"),
    }
}

fn of_store(store: &Arc<Store>, method: &Method, parts: &[&str], ask: &Ask) -> Reply {
    match (method, parts) {
        (&Method::GET, ["deliveries"]) => plain(200, &store.journal().deliveries()),
        (&Method::GET, ["calls"]) => {
            let journal = store.journal();
            plain(200, &json!({ "counts": journal.counts, "calls": journal.calls() }))
        }
        (&Method::GET, ["faults"]) => plain(200, &store.faults()),
        (&Method::POST, ["faults"]) => set_faults(store, ask),
        (&Method::POST, ["buy"]) => buy(store, ask),
        (&Method::POST, ["orders", id, "status"]) => set_status(store, id, ask),
        (&Method::GET, [kind]) => match every(store, kind) {
            Some(shown) => Reply::json(200, &shown.into()),
            None => refuse(404, "no such thing"),
        },
        _ => refuse(404, "no such thing"),
    }
}

/// Every object of a kind, trashed ones too, as REST v3 shows it.
pub(crate) fn every(store: &Store, kind: &str) -> Option<Vec<Object>> {
    store.read(|view| {
        let records = view.records;
        Some(match kind {
            "orders" => records.orders.values().map(|order| view.order(order)).collect(),
            "products" => records
                .products
                .values()
                .map(|one| if one.kind == Kind::Variation { view.variation(one) } else { view.product(one) })
                .collect(),
            "customers" => records.customers.values().map(|customer| view.customer(customer)).collect(),
            "coupons" => records.coupons.values().map(|coupon| view.coupon(coupon)).collect(),
            "refunds" => records.refunds.values().map(|refund| view.refund(refund, true)).collect(),
            "webhooks" => records.webhooks.values().map(|hook| view.webhook(hook)).collect(),
            _ => return None,
        })
    })
}

fn buy(store: &Arc<Store>, ask: &Ask) -> Reply {
    let sent = body::parse(&ask.body).unwrap_or_default();
    let number = |name: &str| sent.get(name).and_then(body::integer);
    let id = number("variation_id").or_else(|| number("product_id")).and_then(|id| u64::try_from(id).ok());
    match shop::buy(store, id, number("quantity").unwrap_or(1)) {
        Ok(order_id) => show_order(store, order_id),
        Err(_) => refuse(409, "not for sale in that number"),
    }
}

fn show_order(store: &Store, id: u64) -> Reply {
    let shown = store.read(|view| view.records.orders.get(&id).map(|order| view.order(order)));
    match shown {
        Some(order) => Reply::json(200, &Json::Object(order)),
        None => refuse(404, "no such order"),
    }
}

/// What the merchant does in the shop's own administration.
fn set_status(store: &Arc<Store>, id: &str, ask: &Ask) -> Reply {
    let sent = body::parse(&ask.body).unwrap_or_default();
    let wanted = sent.get("status").and_then(Value::as_str).and_then(Status::parse);
    let (Some(status), Ok(id)) = (wanted, id.parse::<u64>()) else { return refuse(400, "no such status") };
    store.change(|change| match status {
        Status::Trash => {
            change.trash_order(id);
        }
        _ => {
            change.set_status(id, status);
            change.save_order(id, true);
        }
    });
    show_order(store, id)
}

fn set_faults(store: &Store, ask: &Ask) -> Reply {
    match serde_json::from_slice::<Faults>(&ask.body) {
        Ok(faults) if faults.is_valid() => {
            store.set_faults(faults);
            plain(200, &faults)
        }
        Ok(_) => refuse(400, "a fraction is between 0 and 1"),
        Err(error) => refuse(400, &error.to_string()),
    }
}

fn set_rate(fleet: &Shared, ask: &Ask) -> Reply {
    let sent = body::parse(&ask.body).unwrap_or_default();
    match sent.get("per_second").and_then(Value::as_f64).filter(|rate| rate.is_finite() && *rate >= 0.0) {
        Some(rate) => {
            fleet.set_rate(rate);
            plain(200, &json!({ "per_second": rate }))
        }
        None => refuse(400, "per_second must be a number from 0"),
    }
}

fn plain(status: u16, value: &impl Serialize) -> Reply {
    match serde_json::to_string(value) {
        Ok(text) => Reply::json_text(status, text),
        Err(error) => refuse(500, &error.to_string()),
    }
}

fn refuse(status: u16, message: &str) -> Reply {
    Reply::json_text(status, json!({ "error": message }).to_string())
}
