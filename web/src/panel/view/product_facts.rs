//! What a product would be that somebody asks for, for who decides.

use rust_decimal::Decimal;
use storewire_domain::{
    RemoteId,
    intent::{NewAttribute, NewProduct, TextField},
};

use super::{intent::text_label, status};
use crate::panel::words::Words;

/// Names and values; what it would not have is left out.
#[must_use]
pub fn product_facts(product: &NewProduct, t: &Words) -> Vec<(String, String)> {
    let amount = |amount: Option<Decimal>| amount.map(|amount| amount.normalize().to_string()).unwrap_or_default();
    let choice = |one: &NewAttribute| (one.name.clone(), one.options.join(", "));
    let mut facts = vec![
        (text_label(TextField::Name, t), product.name.clone()),
        (text_label(TextField::Sku, t), product.sku.clone()),
        (t.get("field-status"), status::product(&product.status, t).word),
        (t.get("field-regular-price"), amount(product.regular_price)),
        (t.get("field-sale-price"), amount(product.sale_price)),
        (t.get("field-stock"), amount(product.stock_quantity)),
    ];
    facts.extend(product.attributes.iter().map(choice));
    let categories: Vec<&str> = product.categories.iter().map(RemoteId::as_str).collect();
    facts.push((t.get("product-categories"), categories.join(", ")));
    for (field, text) in [(TextField::Short, &product.short_description), (TextField::Long, &product.description)] {
        facts.push((text_label(field, t), text.clone()));
    }
    facts.retain(|(_, value)| !value.is_empty());
    facts
}
