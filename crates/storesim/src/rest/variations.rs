//! Variations: of a product, and on newer versions of the whole shop.

use serde_json::Value;

use crate::model::Change;
use crate::model::product::{Kind, Status};
use crate::php_json::Object;
use crate::rest::error::ApiError;
use crate::rest::page::{self, LinkExtras};
use crate::rest::params::{Complaints, ListAsk};
use crate::rest::products::{PAGING, RULES};
use crate::rest::{Answer, Call, products_write};

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
    let profile = &call.store.profile;
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
        Some(view.variation(variation))
    });
    Ok(call.one(200, shown.ok_or_else(unknown)?))
}

fn unknown() -> ApiError {
    ApiError::gone("product_variation")
}

pub(super) fn update(call: Call<'_>, parent_id: u64, id: u64) -> Answer {
    let sent = call.body()?;
    products_write::check(&sent)?;
    let shown = call.store.change(|change| update_one(change, parent_id, id, &sent))?;
    Ok(call.one(200, shown))
}

/// Applies what was sent; the parent's date does not move.
///
/// # Errors
/// 404 for an unknown id.
pub(super) fn update_one(change: &mut Change<'_>, parent_id: u64, id: u64, sent: &Value) -> Result<Object, ApiError> {
    if change.records.products.get(&id).is_none_or(|product| product.parent_id != parent_id || parent_id == 0) {
        return Err(unknown());
    }
    products_write::apply(change, id, sent);
    change.save_product(id);
    Ok(change.records.products.get(&id).map(|variation| change.view().variation(variation)).unwrap_or_default())
}

/// Variations have no trash: they go for good, and nobody is told.
pub(super) fn delete(call: Call<'_>, parent_id: u64, id: u64) -> Answer {
    if !call.force() {
        return Err(ApiError::new(
            501,
            "woocommerce_rest_trash_not_supported",
            "The product_variation does not support trashing.",
        ));
    }
    let shown = call.store.change(|change| {
        let variation =
            change.records.products.get(&id).filter(|product| product.parent_id == parent_id && parent_id != 0)?;
        let shown = change.view().variation(variation);
        change.erase_product(id);
        Some(shown)
    });
    Ok(call.one(200, shown.ok_or_else(unknown)?))
}
