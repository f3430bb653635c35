//! A product or a variation as REST and webhooks send it.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::value::RawValue;
use storewire_domain::{ManageStock, Product, RemoteId};

use super::{Fields, Reason, scalar};

/// Reads a product. `parent` is the variable product that a variation was listed under, for stores that do not say it.
pub fn product(fields: &Fields<'_>, zone: Option<&TimeZone>, parent: Option<&RemoteId>) -> Result<Product, Reason> {
    let parent_remote_id = fields.id("parent_id")?.or_else(|| parent.cloned());
    let kind = kind(fields, parent_remote_id.is_some());
    // Without a name or a type it is a fragment (`_fields`, a plugin's stub), which must not blank what we hold.
    if !fields.has("name") && !fields.has("type") && !fields.has("sku") {
        return Err("name: missing".to_owned());
    }
    Ok(Product {
        remote_id: fields.own_id()?,
        name: if kind == "variation" { variation_name(fields) } else { fields.text("name") },
        sku: fields.text("sku"),
        // As a product a variation has one too, which its own listing lacks.
        short_description: if kind == "variation" { String::new() } else { fields.text("short_description") },
        description: fields.text("description"),
        global_unique_id: fields.text("global_unique_id"),
        status: fields.text("status"),
        price: fields.decimal("price")?,
        regular_price: fields.decimal("regular_price")?,
        sale_price: fields.decimal("sale_price")?,
        manage_stock: manage_stock(fields.get("manage_stock")),
        stock_quantity: fields.decimal("stock_quantity")?,
        stock_status: fields.text("stock_status"),
        backorders: fields.text("backorders"),
        permalink: fields.text("permalink"),
        image_url: image_url(fields),
        created_at: fields.time("date_created", zone),
        modified_at: fields.time("date_modified", zone),
        attributes: if kind == "variation" { chosen_attributes(fields) } else { BTreeMap::new() },
        categories: categories(fields),
        variation_ids: variation_ids(fields)?,
        parent_remote_id,
        kind,
    })
}

fn kind(fields: &Fields<'_>, has_parent: bool) -> String {
    match fields.text("type") {
        text if !text.is_empty() => text,
        _ if has_parent => "variation".to_owned(),
        _ => "simple".to_owned(),
    }
}

/// A variation is called by what was chosen, `Red, S`. As a product it also carries its parent's name, in a list of
/// variations it does not, and in older versions it has none there: two shapes of one record must not look like two states.
fn variation_name(fields: &Fields<'_>) -> String {
    let options = fields.objects("attributes").into_iter().map(|entry| entry.text("option"));
    let chosen: Vec<String> = options.filter(|option| !option.is_empty()).collect();
    if chosen.is_empty() { fields.text("name") } else { chosen.join(", ") }
}

/// `true`, `"yes"`, `1` and so on; a variation may leave it to its `"parent"`.
pub fn manage_stock(raw: Option<&RawValue>) -> ManageStock {
    match raw.and_then(scalar::text).as_deref() {
        Some("parent") => ManageStock::Parent,
        Some("true" | "yes" | "1" | "on") => ManageStock::Yes,
        _ => ManageStock::No,
    }
}

/// The first image of a product, or the one image of a variation.
fn image_url(fields: &Fields<'_>) -> String {
    let first = fields.objects("images").into_iter().next();
    first.or_else(|| fields.object("image")).map(|image| image.text("src")).unwrap_or_default()
}

fn chosen_attributes(fields: &Fields<'_>) -> BTreeMap<String, String> {
    let named = fields.objects("attributes").into_iter().map(|entry| (entry.text("name"), entry.text("option")));
    named.filter(|(name, _)| !name.is_empty()).collect()
}

fn categories(fields: &Fields<'_>) -> BTreeMap<String, String> {
    let named = fields.objects("categories").into_iter();
    named.filter_map(|entry| Some((entry.id("id").ok()??.to_string(), entry.text("name")))).collect()
}

/// Ids, or, where a plugin expands them, whole variations.
fn variation_ids(fields: &Fields<'_>) -> Result<Vec<RemoteId>, Reason> {
    let mut ids = Vec::new();
    for (place, raw) in fields.list("variations")?.into_iter().enumerate() {
        let id = match Fields::of(raw) {
            Ok(variation) => variation.id("id"),
            Err(_) => scalar::id(raw).map_err(str::to_owned),
        };
        ids.extend(id.map_err(|fault| format!("variations[{place}]: {fault}"))?);
    }
    Ok(ids)
}
