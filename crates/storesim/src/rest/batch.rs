//! Batches: always 200, errors inside, items one after the other and hardly checked.

use std::sync::Arc;

use serde_json::Value;

use crate::http::Reply;
use crate::model::Change;
use crate::php_json::{Json, Object, object};
use crate::rest::error::ApiError;
use crate::rest::{Answer, Call, body, orders_write, products_write, variations};
use crate::store::Store;

const MAX_ITEMS: usize = 100;

type Outcome = Result<Object, ApiError>;

/// What a resource does with one item.
struct Verbs<'a> {
    create: &'a dyn Fn(&mut Change<'_>, &Value) -> Outcome,
    update: &'a dyn Fn(&mut Change<'_>, u64, &Value) -> Outcome,
    delete: &'a dyn Fn(&mut Change<'_>, u64) -> Outcome,
}

pub(super) fn orders(call: Call<'_>) -> Answer {
    run(
        call,
        &Verbs {
            create: &|change, item| Ok(orders_write::create_one(change, item)),
            update: &orders_write::update_one,
            delete: &|change, id| orders_write::delete_one(change, id, true),
        },
    )
}

pub(super) fn products(call: Call<'_>) -> Answer {
    run(
        call,
        &Verbs {
            create: &|change, item| products_write::create_one(change, item).map(|(_, shown)| shown),
            update: &products_write::update_one,
            delete: &|change, id| products_write::delete_one(change, id, true),
        },
    )
}

pub(super) fn variations(call: Call<'_>, parent_id: u64) -> Answer {
    run(
        call,
        &Verbs {
            create: &|_, _| Err(ApiError::no_route()),
            update: &|change, id, item| variations::update_one(change, parent_id, id, item),
            delete: &|change, id| {
                let known =
                    change.records.products.get(&id).is_some_and(|one| one.parent_id == parent_id && parent_id != 0);
                if !known {
                    return Err(ApiError::gone("product_variation"));
                }
                let shown =
                    change.records.products.get(&id).map(|one| change.view().variation(one)).unwrap_or_default();
                change.erase_product(id);
                Ok(shown)
            },
        },
    )
}

fn run(call: Call<'_>, verbs: &Verbs<'_>) -> Answer {
    let sent = call.body()?;
    let list = |name: &str| sent.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let (created, updated, deleted) = (list("create"), list("update"), list("delete"));
    if created.len() + updated.len() + deleted.len() > MAX_ITEMS {
        let message = format!("Unable to accept more than {MAX_ITEMS} items for this request.");
        return Err(ApiError::new(413, "woocommerce_rest_request_entity_too_large", message));
    }
    let store = call.store;
    let mut answer = Object::default();
    if !created.is_empty() {
        let shown = created.iter().map(|item| settle(store, 0, |change| (verbs.create)(change, item)));
        answer.push("create", shown.collect::<Vec<_>>());
    }
    if !updated.is_empty() {
        let shown = updated.iter().map(|item| {
            let id = id_of(item.get("id").unwrap_or(&Value::Null));
            settle(store, id, |change| (verbs.update)(change, id, item))
        });
        answer.push("update", shown.collect::<Vec<_>>());
    }
    if !deleted.is_empty() {
        let shown = deleted.iter().map(|item| settle(store, id_of(item), |change| (verbs.delete)(change, id_of(item))));
        answer.push("delete", shown.collect::<Vec<_>>());
    }
    Ok(Reply::json(200, &Json::Object(answer)))
}

fn id_of(value: &Value) -> u64 {
    body::integer(value).and_then(|id| u64::try_from(id).ok()).unwrap_or(0)
}

/// Each item is a change of its own: there is no transaction.
fn settle(store: &Arc<Store>, id: u64, act: impl FnOnce(&mut Change<'_>) -> Outcome) -> Object {
    store.change(act).unwrap_or_else(|error| object! { "id" => id, "error" => error.to_object() })
}
