//! What a merchant, an import or a plugin does to records behind the API's back.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::http::Reply;
use crate::model::Change;
use crate::php_json::Json;
use crate::rest::{coupons, customers, orders_write, products_write};
use crate::store::Store;
use crate::truth::{Lever, plain, refuse};

/// An edit of many records in one breath: they get the same modification time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    /// `orders`, `products` (variations too), `customers` or `coupons`.
    kind: String,
    /// All of the kind when left out.
    ids: Option<Vec<u64>>,
    /// As REST takes them.
    #[serde(default)]
    fields: Value,
    /// By SQL, past WordPress: no date moves and nobody is told.
    #[serde(default)]
    silent: bool,
}

pub(super) fn edit(store: &Arc<Store>, lever: &Lever<'_>) -> Reply {
    let wanted: Edit = match lever.read() {
        Ok(wanted) => wanted,
        Err(reply) => return reply,
    };
    let outcome = store.change(|change| {
        let known = ids(change, &wanted.kind)?;
        let ids = wanted.ids.unwrap_or_else(|| known.clone());
        if !ids.iter().all(|id| known.contains(id)) {
            return None;
        }
        for id in &ids {
            let before = modified(change, &wanted.kind, *id);
            apply(change, &wanted.kind, *id, &wanted.fields);
            if wanted.silent {
                set_modified(change, &wanted.kind, *id, before);
            }
        }
        if wanted.silent {
            change.events.hush();
        }
        Some(ids.len())
    });
    match outcome {
        Some(count) => plain(200, &json!({ "edited": count })),
        None => refuse(404, "no such kind, or no record of it with one of the ids"),
    }
}

fn ids(change: &Change<'_>, kind: &str) -> Option<Vec<u64>> {
    let records = &*change.records;
    Some(match kind {
        "orders" => records.orders.keys().copied().collect(),
        "products" => records.products.keys().copied().collect(),
        "customers" => records.customers.keys().copied().collect(),
        "coupons" => records.coupons.keys().copied().collect(),
        _ => return None,
    })
}

fn apply(change: &mut Change<'_>, kind: &str, id: u64, fields: &Value) {
    match kind {
        // The ids were looked at just now, and an unknown one is all that these refuse.
        "orders" => drop(orders_write::update_one(change, id, fields)),
        "coupons" => drop(coupons::update_one(change, id, fields)),
        "customers" => {
            customers::apply(change, id, fields);
            change.touch_customer(id);
        }
        _ => {
            products_write::apply(change, id, fields);
            change.save_product(id);
        }
    }
}

fn modified(change: &Change<'_>, kind: &str, id: u64) -> Option<i64> {
    let records = &*change.records;
    match kind {
        "orders" => records.orders.get(&id).map(|one| one.modified),
        "coupons" => records.coupons.get(&id).map(|one| one.modified),
        "customers" => records.customers.get(&id).and_then(|one| one.modified),
        _ => records.products.get(&id).map(|one| one.modified),
    }
}

fn set_modified(change: &mut Change<'_>, kind: &str, id: u64, at: Option<i64>) {
    let records = &mut *change.records;
    match kind {
        "customers" => {
            if let Some(customer) = records.customers.get_mut(&id) {
                customer.modified = at;
            }
            return;
        }
        "orders" => records.orders.get_mut(&id).map(|one| &mut one.modified),
        "coupons" => records.coupons.get_mut(&id).map(|one| &mut one.modified),
        _ => records.products.get_mut(&id).map(|one| &mut one.modified),
    }
    .into_iter()
    .zip(at)
    .for_each(|(field, at)| *field = at);
}

/// In the administration: with all that WordPress tells of it.
pub(super) fn trash(store: &Arc<Store>, kind: &str, id: &str) -> Reply {
    moved(store, kind, id, |change, id| match kind {
        "orders" => change.trash_order(id),
        "products" => change.trash_product(id),
        "coupons" => change.trash_coupon(id),
        _ => false,
    })
}

/// In the administration, too.
pub(super) fn untrash(store: &Arc<Store>, kind: &str, id: &str) -> Reply {
    moved(store, kind, id, |change, id| match kind {
        "orders" => change.restore_order(id),
        "products" => change.restore_product(id),
        "coupons" => change.restore_coupon(id),
        _ => false,
    })
}

fn moved(store: &Arc<Store>, kind: &str, id: &str, act: impl FnOnce(&mut Change<'_>, u64) -> bool) -> Reply {
    let Ok(id) = id.parse::<u64>() else { return refuse(400, "an id is a number") };
    if !store.change(|change| act(change, id)) {
        return refuse(409, "no such record, or it is there already");
    }
    let shown = store.read(|view| view.record(kind.trim_end_matches('s'), id, 0));
    shown.map_or_else(|| refuse(404, "no such record"), |shown| Reply::json(200, &Json::Object(shown)))
}

/// For good and by SQL: nobody is told.
pub(super) fn erase(store: &Arc<Store>, kind: &str, id: &str) -> Reply {
    let Ok(id) = id.parse::<u64>() else { return refuse(400, "an id is a number") };
    let was_there = store.change(|change| match kind {
        "orders" => change.erase_order(id).is_some(),
        "products" | "variations" => change.erase_product(id).is_some(),
        "customers" => change.records.customers.remove(&id).is_some(),
        "coupons" => change.erase_coupon(id).is_some(),
        _ => false,
    });
    if was_there { plain(200, &json!({ "erased": id })) } else { refuse(404, "no such record") }
}
