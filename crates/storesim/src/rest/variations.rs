//! Variations: of a product, and on newer versions of the whole shop.

use std::sync::Arc;

use serde_json::Value;

use crate::model::Change;
use crate::model::attribute::{Attribute, Choice};
use crate::model::product::{Kind, Product, Status};
use crate::php_json::Object;
use crate::rest::error::ApiError;
use crate::rest::page::{self, LinkExtras};
use crate::rest::params::{Complaints, ListAsk};
use crate::rest::products::{PAGING, RULES};
use crate::rest::write::{Target, Written};
use crate::rest::{Answer, Call, body, products_write};

pub(super) fn all(call: Call<'_>) -> Answer {
    list(call, None, "variations")
}

pub(super) fn of_product(call: Call<'_>, parent_id: u64) -> Answer {
    if !call.store.read(|view| view.records.products.contains_key(&parent_id)) {
        return Err(ApiError::gone("product"));
    }
    list(call, Some(parent_id), &format!("products/{parent_id}/variations"))
}

fn list(call: Call<'_>, parent_id: Option<u64>, path: &str) -> Answer {
    let profile = call.profile;
    let mut complaints = Complaints::default();
    let ask = ListAsk::read(&call.ask.query, RULES, &profile.zone, &mut complaints);
    complaints.finish()?;
    let (shown, total) = call.store.read(|view| {
        let rows = view.records.products.values().filter(|product| {
            product.kind == Kind::Variation
                && product.status != Status::Trash
                && parent_id.is_none_or(|id| product.parent_id == id)
        });
        let page = page::select(rows, &ask, &profile.zone, PAGING);
        let show =
            |variation| if parent_id.is_some() { view.variation(variation) } else { view.variation_of_all(variation) };
        (page.rows.iter().map(|variation| show(variation)).collect(), page.total)
    });
    let extras = LinkExtras { normalises_flags: true, ..LinkExtras::default() };
    Ok(page::reply(call.ask, &ask, shown, total, &call.address(path), &extras))
}

pub(super) fn one(call: Call<'_>, parent_id: u64, id: u64) -> Answer {
    let shown = call.store.read(|view| {
        let variation = view.records.products.get(&id).filter(|product| product.parent_id == parent_id)?;
        Some(if call.is_to_edit() { view.variation_to_edit(variation) } else { view.variation(variation) })
    });
    Ok(call.one(200, shown.ok_or_else(unknown)?))
}

fn unknown() -> ApiError {
    ApiError::gone("product_variation")
}

pub(super) fn update(call: Call<'_>, parent_id: u64, id: u64) -> Answer {
    let sent = call.body()?;
    products_write::check(&sent)?;
    let target = Target::known("variation", id).of(parent_id);
    let (_, shown) = call.write(target, &sent, |change| update_one(change, parent_id, id, &sent))?;
    Ok(call.one(200, shown))
}

/// Applies what was sent; the parent's date does not move.
///
/// # Errors
/// 404 for an unknown id, 400 for a number that another product has.
pub(super) fn update_one(change: &mut Change<'_>, parent_id: u64, id: u64, sent: &Value) -> Written {
    if change.records.products.get(&id).is_none_or(|product| product.parent_id != parent_id || parent_id == 0) {
        return Err(unknown());
    }
    products_write::check_sku(change, sent, id)?;
    products_write::apply(change, id, sent);
    change.save_product(id);
    Ok((id, show(change, id)))
}

pub(super) fn create(call: Call<'_>, parent_id: u64) -> Answer {
    let sent = call.body()?;
    products_write::check(&sent)?;
    let target = Target::new("variation").of(parent_id);
    let (id, shown) = call.write(target, &sent, |change| create_one(change, parent_id, &sent))?;
    Ok(call.created(&format!("products/{parent_id}/variations/{id}"), shown))
}

/// Makes a variation of the attributes that the product has.
///
/// # Errors
/// 404 for an unknown product, 400 for a number that another product has.
pub(super) fn create_one(change: &mut Change<'_>, parent_id: u64, sent: &Value) -> Written {
    products_write::check_sku(change, sent, 0)?;
    let parent = change.records.products.get(&parent_id).filter(|product| product.kind == Kind::Variable);
    let parent = parent.ok_or_else(|| ApiError::gone("product"))?;
    let choices = choices(parent, sent);
    let names: Vec<&str> = choices.iter().map(|choice| &*choice.option.name).collect();
    let name = format!("{} - {}", parent.name, names.join(", "));
    let id = change.records.ids.post();
    let mut variation = Product::new(id, &name, change.now);
    (variation.kind, variation.parent_id, variation.choices) = (Kind::Variation, parent_id, choices);
    change.records.products.insert(id, variation);
    if let Some(parent) = change.records.products.get_mut(&parent_id) {
        parent.variations.push(id);
    }
    products_write::apply(change, id, sent);
    change.events.raise("product.created", id);
    change.events.raise("product.updated", id);
    Ok((id, show(change, id)))
}

/// What was chosen, of what the product lets choose; attributes are named by id or name.
fn choices(parent: &Product, sent: &Value) -> Vec<Choice> {
    let chosen = sent.get("attributes").and_then(Value::as_array).into_iter().flatten();
    let pick = |wanted: &Value| {
        let id = wanted.get("id").and_then(body::integer).and_then(|id| u64::try_from(id).ok()).unwrap_or(0);
        let name = wanted.get("name").and_then(Value::as_str).unwrap_or_default();
        // A shared attribute is not known by its name.
        let is_meant = |one: &&Arc<Attribute>| {
            one.is_of_variations
                && if id == 0 { one.id == 0 && one.name.eq_ignore_ascii_case(name) } else { one.id == id }
        };
        let attribute = Arc::clone(parent.attributes.iter().find(is_meant)?);
        let text = wanted.get("option").and_then(Value::as_str)?;
        let option = attribute.options.iter().find(|option| &*option.name == text || &*option.slug == text)?.clone();
        Some(Choice { attribute, option })
    };
    chosen.filter_map(pick).collect()
}

/// Who writes is answered as an editor is.
fn show(change: &Change<'_>, id: u64) -> Object {
    change.records.products.get(&id).map(|one| change.view().variation_to_edit(one)).unwrap_or_default()
}

pub(super) fn delete(call: Call<'_>, parent_id: u64, id: u64) -> Answer {
    if !call.force() {
        return Err(ApiError::new(
            501,
            "woocommerce_rest_trash_not_supported",
            "The product_variation does not support trashing.",
        ));
    }
    let target = Target::doomed("variation", id).of(parent_id);
    let (_, shown) = call.write(target, &Value::Null, |change| delete_one(change, parent_id, id))?;
    Ok(call.one(200, shown))
}

/// Variations have no trash: they go for good, and nobody is told.
///
/// # Errors
/// 404 for an unknown id.
pub(super) fn delete_one(change: &mut Change<'_>, parent_id: u64, id: u64) -> Written {
    let is_known = change.records.products.get(&id).is_some_and(|one| one.parent_id == parent_id && parent_id != 0);
    if !is_known {
        return Err(unknown());
    }
    let shown = show(change, id);
    change.erase_product(id);
    Ok((id, shown))
}
