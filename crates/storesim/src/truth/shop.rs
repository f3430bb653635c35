//! One shop under `/_sim`.

use std::sync::Arc;

use hyper::Method;
use serde_json::{Value, json};

use crate::faults::Faults;
use crate::http::Reply;
use crate::info::StoreInfo;
use crate::model::order::Status;
use crate::model::product::Kind;
use crate::model::settings::ShopSettings;
use crate::php_json::{Json, Object};
use crate::rest::body;
use crate::shared::Shared;
use crate::shop;
use crate::store::{Store, lock};
use crate::storm;
use crate::truth::{Lever, edit, hooks, plain, refuse};

/// Answers below `/_sim/stores/{n}`.
pub(super) fn answer(fleet: &Shared, store: &Arc<Store>, parts: &[&str], lever: &Lever<'_>) -> Reply {
    match (lever.method, parts) {
        (&Method::GET, ["deliveries"]) => plain(200, &store.journal().deliveries()),
        (&Method::GET, ["calls"]) => {
            let journal = store.journal();
            plain(200, &json!({ "counts": journal.counts, "calls": journal.calls() }))
        }
        (&Method::GET, ["writes"]) => plain(200, &lock(&store.writes).all()),
        (&Method::GET, ["faults"]) => plain(200, &*store.faults()),
        (&Method::POST, ["faults"]) => set_faults(store, lever.read()),
        (&Method::PATCH, ["faults"]) => set_faults(store, merged(&store.faults(), &lever.sent())),
        (&Method::POST, ["settings"]) => set_profile(store, lever),
        (&Method::POST, ["clone"]) => plain(200, &StoreInfo::of(&fleet.copy(store).profile())),
        (&Method::POST, ["storm"]) => set_storm(store, lever),
        (&Method::POST, ["buy"]) => buy(store, lever),
        (&Method::POST, ["edit"]) => edit::edit(store, lever),
        (&Method::POST, ["orders", id, "status"]) => set_status(store, id, lever),
        (_, ["webhooks", id, rest @ ..]) => hooks::answer(store, id, rest, lever),
        (&Method::POST, [kind, id, "trash"]) => edit::trash(store, kind, id),
        (&Method::POST, [kind, id, "untrash"]) => edit::untrash(store, kind, id),
        (&Method::DELETE, [kind, id]) => edit::erase(store, kind, id),
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
            "notes" => records
                .orders
                .values()
                .flat_map(|order| order.notes.iter().map(|note| view.note(order.id, note)))
                .collect(),
            _ => return None,
        })
    })
}

fn buy(store: &Arc<Store>, lever: &Lever<'_>) -> Reply {
    let sent = lever.sent();
    let number = |name: &str| sent.get(name).and_then(body::integer);
    let id = number("variation_id").or_else(|| number("product_id")).and_then(|id| u64::try_from(id).ok());
    match shop::buy(store, id, number("quantity").unwrap_or(1)) {
        Ok(order_id) => show_order(store, order_id),
        Err(_) => refuse(409, "not for sale in that number"),
    }
}

fn show_order(store: &Store, id: u64) -> Reply {
    match store.read(|view| view.record("order", id, 0)) {
        Some(order) => Reply::json(200, &Json::Object(order)),
        None => refuse(404, "no such order"),
    }
}

/// What the merchant does in the shop's own administration.
fn set_status(store: &Arc<Store>, id: &str, lever: &Lever<'_>) -> Reply {
    let wanted = lever.sent().get("status").and_then(Value::as_str).and_then(Status::parse);
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

fn set_faults(store: &Store, read: Result<Faults, Reply>) -> Reply {
    let faults = match read {
        Ok(faults) => faults,
        Err(reply) => return reply,
    };
    match faults.validate() {
        Ok(()) => {
            store.set_faults(faults);
            plain(200, &*store.faults())
        }
        Err(why) => refuse(400, why),
    }
}

/// The switches as they are with some of them changed.
fn merged(faults: &Faults, sent: &Value) -> Result<Faults, Reply> {
    let merge = || {
        let mut all = serde_json::to_value(faults)?;
        if let (Some(all), Some(sent)) = (all.as_object_mut(), sent.as_object()) {
            all.extend(sent.clone());
        }
        serde_json::from_value(all)
    };
    merge().map_err(|error: serde_json::Error| refuse(400, &error.to_string()))
}

fn set_profile(store: &Store, lever: &Lever<'_>) -> Reply {
    let settings: ShopSettings = match lever.read() {
        Ok(settings) => settings,
        Err(reply) => return reply,
    };
    match store.profile().with(&settings) {
        Ok(profile) => {
            store.set_profile(profile);
            plain(200, &StoreInfo::of(&store.profile()))
        }
        Err(why) => refuse(400, why.0),
    }
}

/// An order that is saved in a loop.
fn set_storm(store: &Arc<Store>, lever: &Lever<'_>) -> Reply {
    let sent = lever.sent();
    let order_id = sent.get("order_id").and_then(Value::as_u64);
    let rate = sent.get("per_second").and_then(Value::as_u64).and_then(|rate| u32::try_from(rate).ok());
    let known = order_id.filter(|id| store.read(|view| view.records.orders.contains_key(id)));
    let (Some(order_id), Some(rate)) = (known, rate.filter(|rate| *rate <= storm::MAX_RATE)) else {
        return refuse(400, "order_id of an order, and per_second from 0 to 1000");
    };
    storm::set(store, order_id, rate);
    plain(200, &json!({ "order_id": order_id, "per_second": rate }))
}
