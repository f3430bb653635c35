//! Creating, changing and deleting products; variations share the fields.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::model::attribute::{Attribute, COLOR};
use crate::model::product::{Category, Kind, Product, Status};
use crate::model::words::CATEGORIES;
use crate::model::{Change, Meta};
use crate::php_json::Object;
use crate::rest::error::ApiError;
use crate::rest::params::Complaints;
use crate::rest::write::{Target, Written};
use crate::rest::{Answer, Call, body};

/// The types a single request must have; a batch is not checked.
pub(super) fn check(sent: &Value) -> Result<(), ApiError> {
    let mut complaints = Complaints::default();
    if sent.get("stock_quantity").is_some_and(|stock| !stock.is_null() && body::integer(stock).is_none()) {
        complaints.wrong_type("stock_quantity", "integer");
    }
    let words: Vec<&str> =
        Status::ALL.iter().filter(|status| **status != Status::Trash).map(|status| status.as_str()).collect();
    if let Some(status) = sent.get("status").and_then(Value::as_str)
        && !words.contains(&status)
    {
        complaints.not_in("status", "status", &words);
    }
    complaints.finish()
}

pub(super) fn create(call: Call<'_>) -> Answer {
    let sent = call.body()?;
    check(&sent)?;
    let (id, shown) = call.write(Target::new("product"), &sent, |change| create_one(change, &sent))?;
    Ok(call.created(&format!("products/{id}"), shown))
}

/// Creates a simple product, or a variable one without variations.
///
/// # Errors
/// 400 for a number that another product has.
pub(super) fn create_one(change: &mut Change<'_>, sent: &Value) -> Written {
    check_sku(change, sent, 0)?;
    let name = sent.get("name").and_then(body::text).unwrap_or_else(|| "Product".to_owned());
    let id = change.records.ids.post();
    change.records.products.insert(id, Product::new(id, &name, change.now));
    if sent.get("type").and_then(Value::as_str) == Some(Kind::Variable.as_str())
        && let Some(product) = change.records.products.get_mut(&id)
    {
        product.kind = Kind::Variable;
    }
    apply(change, id, sent);
    change.events.raise("product.created", id);
    change.events.raise("product.updated", id);
    Ok((id, show(change, id)))
}

pub(super) fn check_sku(change: &Change<'_>, sent: &Value, own_id: u64) -> Result<(), ApiError> {
    let Some(sku) = sent.get("sku").and_then(Value::as_str).filter(|sku| !sku.is_empty()) else { return Ok(()) };
    match change.records.products.values().find(|product| product.id != own_id && *product.sku == *sku) {
        None => Ok(()),
        Some(taken) => {
            let mut error = ApiError::new(400, "product_invalid_sku", "Invalid or duplicated SKU.");
            error.more.push("resource_id", taken.id);
            error.more.push("unique_sku", format!("{sku}-1"));
            Err(error)
        }
    }
}

/// Takes over the fields that were sent, as leniently as PHP does.
pub(crate) fn apply(change: &mut Change<'_>, id: u64, sent: &Value) {
    let meta = new_meta(change, sent);
    let Some(product) = change.records.products.get_mut(&id) else { return };
    let is_variation = product.kind == Kind::Variation;
    let texts = [
        ("name", &mut product.name),
        ("slug", &mut product.slug),
        ("description", &mut product.description),
        ("short_description", &mut product.short_description),
        ("sku", &mut product.sku),
        ("weight", &mut product.weight),
    ];
    for (name, field) in texts {
        if let Some(text) = sent.get(name).and_then(body::text)
            && !(is_variation && name == "name")
        {
            *field = text.into();
        }
    }
    if product.kind != Kind::Variable {
        // What is no number becomes no price, without complaint.
        if let Some(price) = sent.get("regular_price") {
            product.regular_price = body::decimal(price);
        }
        if let Some(price) = sent.get("sale_price") {
            product.sale_price = body::decimal(price);
        }
    }
    if let Some(status) = sent.get("status").and_then(Value::as_str).and_then(Status::parse) {
        product.status = status;
        product.status_before_trash = None;
    }
    if let Some(sent) = sent.get("categories").and_then(Value::as_array).filter(|_| !is_variation) {
        product.categories = categories(sent);
    }
    if let Some(sent) = sent.get("attributes").and_then(Value::as_array).filter(|_| !is_variation) {
        product.attributes = attributes(sent);
    }
    if let Some(sent) = sent.get("images").and_then(Value::as_array).filter(|_| !is_variation) {
        // A picture that is given by its address would be fetched; there is nowhere to fetch it from.
        let ids = sent.iter().filter_map(|image| body::integer(image.get("id")?));
        product.images = ids.filter_map(|id| u64::try_from(id).ok()).filter(|id| *id > 0).collect();
    }
    apply_stock(product, sent);
    for entry in meta {
        match product.meta.iter_mut().find(|known| known.key == entry.key) {
            Some(known) => known.value = entry.value,
            None => product.meta.push(entry),
        }
    }
}

/// The known ones among those sent by id; a product in none is in the shop's default one.
fn categories(sent: &[Value]) -> Vec<&'static Category> {
    let ids = sent.iter().filter_map(|category| body::integer(category.get("id")?));
    let mut found: Vec<&'static Category> = Vec::new();
    for id in ids {
        let known = CATEGORIES.iter().find(|category| u64::try_from(id) == Ok(category.id));
        found.extend(known.filter(|category| !found.contains(category)));
    }
    if found.is_empty() {
        found.extend(CATEGORIES.first());
    }
    found
}

/// Shared ones by id, with those of their options that the shop knows; the product's own by name.
fn attributes(sent: &[Value]) -> Vec<Arc<Attribute>> {
    let read = |one: &Value| {
        let id = one.get("id").and_then(body::integer).unwrap_or(0);
        let options: Vec<&str> = one.get("options")?.as_array()?.iter().filter_map(Value::as_str).collect();
        let is_of_variations = one.get("variation").and_then(body::flag).unwrap_or(false);
        if u64::try_from(id) == Ok(COLOR.id) {
            return Some(COLOR.with_options(&options, is_of_variations));
        }
        let name = one.get("name").and_then(Value::as_str).filter(|name| id == 0 && !name.is_empty())?;
        Some(Attribute::own(name, &options, is_of_variations))
    };
    sent.iter().filter_map(read).map(Arc::new).collect()
}

fn apply_stock(product: &mut Product, sent: &Value) {
    if let Some(manages) = sent.get("manage_stock").and_then(body::flag) {
        product.manages_stock = manages;
    }
    if product.manages_stock {
        if let Some(stock) = sent.get("stock_quantity") {
            product.stock = body::forced_integer(stock);
        } else if let Some(delta) = sent.get("inventory_delta") {
            product.stock += body::forced_integer(delta);
        }
    } else {
        product.stock = 0;
        if let Some(status) = sent.get("stock_status").and_then(Value::as_str) {
            product.is_out_of_stock = status == "outofstock";
        }
    }
    if let Some(backorders) = sent.get("backorders").and_then(Value::as_str) {
        product.backorders = match backorders {
            "yes" => "yes",
            "notify" => "notify",
            _ => "no",
        };
    }
}

fn new_meta(change: &mut Change<'_>, sent: &Value) -> Vec<Meta> {
    let mut meta = Vec::new();
    for entry in sent.get("meta_data").and_then(Value::as_array).into_iter().flatten() {
        if let Some(key) = entry.get("key").and_then(Value::as_str) {
            let value = entry.get("value").cloned().unwrap_or_else(|| json!(""));
            meta.push(Meta { id: change.records.ids.meta(), key: key.into(), value });
        }
    }
    meta
}

pub(super) fn update(call: Call<'_>, id: u64) -> Answer {
    let sent = call.body()?;
    check(&sent)?;
    let (_, shown) = call.write(Target::known("product", id), &sent, |change| update_one(change, id, &sent))?;
    Ok(call.one(200, shown))
}

/// Applies what was sent and saves; every save of a product moves its date.
///
/// # Errors
/// 400 for an unknown id or a taken number, 404 for a variation, which has its own route.
pub(super) fn update_one(change: &mut Change<'_>, id: u64, sent: &Value) -> Written {
    match change.records.products.get(&id).map(|product| product.kind) {
        None => return Err(ApiError::gone_on_write("product")),
        Some(Kind::Variation) => return Err(is_variation()),
        Some(_) => {}
    }
    check_sku(change, sent, id)?;
    apply(change, id, sent);
    change.save_product(id);
    Ok((id, show(change, id)))
}

fn is_variation() -> ApiError {
    ApiError::new(
        404,
        "woocommerce_rest_invalid_product_id",
        "To manipulate product variations you should use the /products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint.",
    )
}

/// Who writes is answered as an editor is.
fn show(change: &Change<'_>, id: u64) -> Object {
    change.records.products.get(&id).map(|product| change.view().product_to_edit(product)).unwrap_or_default()
}

pub(super) fn delete(call: Call<'_>, id: u64) -> Answer {
    let force = call.force();
    let (_, shown) = call.write(Target::doomed("product", id), &Value::Null, |change| delete_one(change, id, force))?;
    Ok(call.one(200, shown))
}

/// Trashes or erases; the answer shows the product as it was before.
///
/// # Errors
/// 404 for an unknown id or a variation, 410 when it is in the trash already.
pub(super) fn delete_one(change: &mut Change<'_>, id: u64, force: bool) -> Written {
    match change.records.products.get(&id).map(|product| product.kind) {
        None => return Err(ApiError::gone("product")),
        Some(Kind::Variation) => return Err(is_variation()),
        Some(_) => {}
    }
    let shown = show(change, id);
    if force {
        change.erase_product(id);
    } else if !change.trash_product(id) {
        return Err(ApiError::already_trashed("product"));
    }
    Ok((id, shown))
}
