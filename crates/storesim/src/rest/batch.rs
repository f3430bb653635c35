//! Batches: always 200, errors inside, items one after the other and hardly checked. Each is a change of its own: there is no transaction.

use serde_json::Value;

use crate::http::Reply;
use crate::model::Change;
use crate::php_json::{Json, Object, object};
use crate::rest::error::ApiError;
use crate::rest::write::{Target, Written};
use crate::rest::{Answer, Call, body, coupons, customers, orders_write, products_write, variations};

const MAX_ITEMS: usize = 100;

/// What a resource does with one item.
struct Verbs<'a> {
    kind: &'static str,
    parent_id: u64,
    create: &'a dyn Fn(&mut Change<'_>, &Value) -> Written,
    update: &'a dyn Fn(&mut Change<'_>, u64, &Value) -> Written,
    delete: &'a dyn Fn(&mut Change<'_>, u64) -> Written,
}

pub(super) fn orders(call: Call<'_>) -> Answer {
    run(
        call,
        &Verbs {
            kind: "order",
            parent_id: 0,
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
            kind: "product",
            parent_id: 0,
            create: &products_write::create_one,
            update: &products_write::update_one,
            delete: &|change, id| products_write::delete_one(change, id, true),
        },
    )
}

pub(super) fn customers(call: Call<'_>) -> Answer {
    run(
        call,
        &Verbs {
            kind: "customer",
            parent_id: 0,
            create: &customers::create_one,
            update: &customers::update_one,
            delete: &customers::delete_one,
        },
    )
}

pub(super) fn coupons(call: Call<'_>) -> Answer {
    run(
        call,
        &Verbs {
            kind: "coupon",
            parent_id: 0,
            create: &coupons::create_one,
            update: &coupons::update_one,
            delete: &|change, id| coupons::delete_one(change, id, true),
        },
    )
}

pub(super) fn variations(call: Call<'_>, parent_id: u64) -> Answer {
    run(
        call,
        &Verbs {
            kind: "variation",
            parent_id,
            create: &|change, item| variations::create_one(change, parent_id, item),
            update: &|change, id, item| variations::update_one(change, parent_id, id, item),
            delete: &|change, id| variations::delete_one(change, parent_id, id),
        },
    )
}

/// What a batch asks for.
#[derive(Debug)]
pub struct Items {
    pub create: Vec<Value>,
    pub update: Vec<(u64, Value)>,
    pub delete: Vec<u64>,
}

impl Items {
    /// Reads the body.
    ///
    /// # Errors
    /// 413 for too many items, 400 for no JSON.
    pub(super) fn read(call: Call<'_>) -> Result<Self, ApiError> {
        let sent = call.body()?;
        let list = |name: &str| sent.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let (create, update, delete) = (list("create"), list("update"), list("delete"));
        if create.len() + update.len() + delete.len() > MAX_ITEMS {
            let message = format!("Unable to accept more than {MAX_ITEMS} items for this request.");
            return Err(ApiError::new(413, "woocommerce_rest_request_entity_too_large", message));
        }
        let update = update.into_iter().map(|item| (id_of(item.get("id").unwrap_or(&Value::Null)), item)).collect();
        Ok(Self { create, update, delete: delete.iter().map(id_of).collect() })
    }
}

fn run(call: Call<'_>, verbs: &Verbs<'_>) -> Answer {
    let items = Items::read(call)?;
    let &Verbs { kind, parent_id, .. } = verbs;
    let settle = |target: Target, sent: &Value, act: &dyn Fn(&mut Change<'_>) -> Written| {
        let written = call.write(target.of(parent_id), sent, act);
        item_shown(target.id, written.map(|(_, shown)| shown))
    };
    let create = |item: &Value| settle(Target::new(kind), item, &|change| (verbs.create)(change, item));
    let update =
        |(id, item): &(u64, Value)| settle(Target::known(kind, *id), item, &|change| (verbs.update)(change, *id, item));
    let delete = |id: &u64| settle(Target::doomed(kind, *id), &Value::Null, &|change| (verbs.delete)(change, *id));
    Ok(reply(
        items.create.iter().map(create).collect(),
        items.update.iter().map(update).collect(),
        items.delete.iter().map(delete).collect(),
    ))
}

/// One item of the answer: the record, or what was wrong.
pub(super) fn item_shown(id: u64, outcome: Result<Object, ApiError>) -> Object {
    outcome.unwrap_or_else(|error| object! { "id" => id, "error" => error.to_object() })
}

/// The answer to a batch; what was not asked for is not in it.
pub(super) fn reply(created: Vec<Object>, updated: Vec<Object>, deleted: Vec<Object>) -> Reply {
    let mut answer = Object::default();
    for (name, shown) in [("create", created), ("update", updated), ("delete", deleted)] {
        if !shown.is_empty() {
            answer.push(name, shown);
        }
    }
    Reply::json(200, &Json::Object(answer))
}

fn id_of(value: &Value) -> u64 {
    body::integer(value).and_then(|id| u64::try_from(id).ok()).unwrap_or(0)
}
