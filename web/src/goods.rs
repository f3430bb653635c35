//! What a product's own JSON tells beyond its row: texts, attributes, pictures; and what a copy of it would be.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;
use storewire_db::ProductDetail;
use storewire_domain::{
    ManageStock, RemoteId,
    intent::{EditFault, NewAttribute, NewChoice, NewKind, NewProduct, Rejected},
    prose,
};

/// A product as its store sent it. What cannot be read is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Sheet {
    /// HTML.
    #[serde(default)]
    pub short_description: Option<String>,
    /// HTML.
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    attributes: Vec<Attribute>,
    #[serde(default)]
    images: Vec<Image>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
struct Attribute {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    name: String,
    #[serde(default)]
    options: Vec<String>,
    #[serde(default)]
    variation: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
struct Image {
    #[serde(default)]
    id: Value,
}

impl Sheet {
    /// Reads it.
    #[must_use]
    pub fn of(raw: &str) -> Self {
        serde_json::from_str(raw).unwrap_or_default()
    }

    /// What can be chosen of the product, or is told of it.
    #[must_use]
    pub fn attributes(&self) -> Vec<NewAttribute> {
        let told = |one: &Attribute| NewAttribute {
            id: id(&one.id),
            name: one.name.clone(),
            options: one.options.clone(),
            for_variations: one.variation,
        };
        self.attributes.iter().map(told).collect()
    }

    /// The choices that these options name, each by its attribute's name.
    ///
    /// # Errors
    /// `BadOption` for one that the product does not let choose.
    pub fn choices<'a>(&self, options: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Vec<NewChoice>, Rejected> {
        let choice = |(name, option): (&str, &str)| {
            let mut offered = self.attributes.iter().filter(|one| one.variation);
            let attribute = offered.find(|one| one.name == name && one.options.iter().any(|known| known == option));
            let attribute = attribute.ok_or(Rejected { field: "options", fault: EditFault::BadOption })?;
            Ok(NewChoice { id: id(&attribute.id), name: attribute.name.clone(), option: option.to_owned() })
        };
        options.map(choice).collect()
    }
}

/// A draft that is like this product in all but its number and its count: of it there are none yet. Of a variable product its variations
/// are not taken along.
///
/// # Errors
/// `WrongRecord` for a variation, and for a product of a kind that is not made here.
pub fn copy(of: &ProductDetail, name: String) -> Result<NewProduct, Rejected> {
    let summary = &of.summary;
    let wrong = Rejected { field: "kind", fault: EditFault::WrongRecord };
    let kind: NewKind = summary.kind.parse().map_err(|_| wrong)?;
    let sheet = Sheet::of(&of.raw);
    let typed = |text: &Option<String>| prose::typed(text.as_deref().unwrap_or_default());
    let is_counted = summary.manage_stock == ManageStock::Yes;
    let own = |price: Option<Decimal>| price.filter(|_| kind == NewKind::Simple);
    Ok(NewProduct {
        name,
        sku: String::new(),
        kind,
        status: "draft".to_owned(),
        regular_price: own(summary.regular_price),
        sale_price: own(summary.sale_price),
        stock_quantity: is_counted.then_some(Decimal::ZERO),
        short_description: typed(&sheet.short_description),
        description: typed(&sheet.description),
        categories: of.category_ids.clone(),
        attributes: sheet.attributes().into_iter().filter(|one| !one.options.is_empty()).collect(),
        image_ids: sheet.images.iter().filter_map(|image| id(&image.id)).collect(),
    })
}

/// A number, or a text of one; zero is none.
fn id(value: &Value) -> Option<RemoteId> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    (number > 0).then(|| RemoteId::from(number))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shirt() -> Sheet {
        let raw = json!({
            "description": "<p>Soft</p>",
            "short_description": null,
            "attributes": [
                {"id": 1, "name": "Color", "slug": "pa_color", "options": ["Red", "Blue"], "variation": true},
                {"id": "0", "name": "Cut", "options": ["Slim"], "variation": true},
                {"id": 0, "name": "Care", "options": ["Cold"], "variation": false},
            ],
            "images": [{"id": 7, "src": "x"}, {"id": 0}],
        });
        Sheet::of(&raw.to_string())
    }

    #[test]
    fn shared_attributes_keep_their_ids() {
        let told: Vec<(Option<RemoteId>, bool)> =
            shirt().attributes().into_iter().map(|one| (one.id, one.for_variations)).collect();
        assert_eq!(told, [(Some(RemoteId::from(1)), true), (None, true), (None, false)]);
        assert_eq!(Sheet::of("{\"attributes\": 7}"), Sheet::default(), "what cannot be read is not there");
    }

    #[test]
    fn only_what_the_product_lets_choose_is_chosen() {
        let choices = |options: &[(&str, &str)]| shirt().choices(options.iter().copied());
        let chosen = choices(&[("Color", "Red"), ("Cut", "Slim")]).unwrap();
        assert_eq!((&chosen[0].id, &chosen[1].id), (&Some(RemoteId::from(1)), &None));
        for bad in [("Color", "Pink"), ("Care", "Cold"), ("Size", "S")] {
            assert_eq!(choices(&[bad]).unwrap_err().fault, EditFault::BadOption, "{bad:?}");
        }
    }
}
