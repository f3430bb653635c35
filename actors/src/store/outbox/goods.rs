//! The fields of products and variations that are to be made, by WooCommerce's names.

use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use serde_json::{Value, json};
use storewire_domain::{
    RemoteId,
    intent::{NewAttribute, NewChoice, NewProduct, NewVariation},
};
use storewire_woo::Patch;

pub(super) fn product(product: &NewProduct) -> Patch {
    let mut fields = Patch::new();
    let mut text = |name: &str, text: &str| {
        if !text.is_empty() {
            fields.insert(name.to_owned(), text.into());
        }
    };
    text("name", &product.name);
    text("type", product.kind.as_str());
    text("status", &product.status);
    text("sku", &product.sku);
    text("short_description", &product.short_description);
    text("description", &product.description);
    let by_id = |ids: &[RemoteId]| -> Vec<Value> { ids.iter().map(|id| json!({ "id": number(id) })).collect() };
    if !product.categories.is_empty() {
        fields.insert("categories".to_owned(), by_id(&product.categories).into());
    }
    if !product.image_ids.is_empty() {
        fields.insert("images".to_owned(), by_id(&product.image_ids).into());
    }
    if !product.attributes.is_empty() {
        let attribute = |one: &NewAttribute| {
            json!({
                "id": one.id.as_ref().map_or(0, number),
                "name": one.name,
                "options": one.options,
                "variation": one.for_variations,
                "visible": true,
            })
        };
        fields.insert("attributes".to_owned(), product.attributes.iter().map(attribute).collect());
    }
    offer(&mut fields, product.regular_price, product.sale_price, product.stock_quantity);
    fields
}

pub(super) fn variation(variation: &NewVariation) -> Patch {
    let mut fields = Patch::new();
    let choice = |one: &NewChoice| match &one.id {
        Some(id) => json!({ "id": number(id), "option": one.option }),
        None => json!({ "name": one.name, "option": one.option }),
    };
    fields.insert("attributes".to_owned(), variation.choices.iter().map(choice).collect());
    if !variation.sku.is_empty() {
        fields.insert("sku".to_owned(), variation.sku.as_str().into());
    }
    offer(&mut fields, variation.regular_price, variation.sale_price, variation.stock_quantity);
    fields
}

/// WooCommerce counts in whole numbers.
fn offer(fields: &mut Patch, regular: Option<Decimal>, sale: Option<Decimal>, stock: Option<Decimal>) {
    for (name, price) in [("regular_price", regular), ("sale_price", sale)] {
        if let Some(price) = price {
            fields.insert(name.to_owned(), price.to_string().into());
        }
    }
    if let Some(stock) = stock.and_then(|stock| stock.to_i64()) {
        fields.insert("manage_stock".to_owned(), true.into());
        fields.insert("stock_quantity".to_owned(), stock.into());
    }
}

fn number(id: &RemoteId) -> u64 {
    id.as_str().parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use storewire_domain::intent::NewKind;

    use super::*;

    fn attribute(id: Option<RemoteId>) -> NewAttribute {
        NewAttribute { id, name: "Colour".to_owned(), options: vec!["Red".to_owned()], for_variations: true }
    }

    #[test]
    fn only_what_was_said_is_sent() {
        let mut cup = NewProduct {
            name: "Cup".to_owned(),
            sku: String::new(),
            kind: NewKind::Simple,
            status: "draft".to_owned(),
            regular_price: "12.50".parse().ok(),
            sale_price: None,
            stock_quantity: None,
            short_description: String::new(),
            description: String::new(),
            categories: Vec::new(),
            attributes: Vec::new(),
            image_ids: Vec::new(),
        };
        let sent = json!({"name": "Cup", "type": "simple", "status": "draft", "regular_price": "12.50"});
        assert_eq!(Value::Object(product(&cup)), sent);

        cup.stock_quantity = Some(3.into());
        cup.image_ids = vec![RemoteId::from(9)];
        cup.attributes = vec![attribute(None)];
        let sent = product(&cup);
        assert_eq!((&sent["manage_stock"], &sent["stock_quantity"]), (&json!(true), &json!(3)));
        assert_eq!(sent["images"], json!([{"id": 9}]));
        assert_eq!(sent["attributes"][0]["id"], 0);
    }

    #[test]
    fn shared_attributes_are_named_by_id_and_own_ones_by_name() {
        let choice = |id| NewChoice { id, name: "Colour".to_owned(), option: "Red".to_owned() };
        let red = NewVariation {
            choices: vec![choice(Some(RemoteId::from(4))), choice(None)],
            sku: "RED".to_owned(),
            regular_price: None,
            sale_price: None,
            stock_quantity: None,
        };
        let attributes = json!([{"id": 4, "option": "Red"}, {"name": "Colour", "option": "Red"}]);
        assert_eq!(Value::Object(variation(&red)), json!({"attributes": attributes, "sku": "RED"}));
    }
}
