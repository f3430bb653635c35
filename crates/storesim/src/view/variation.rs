//! A variation as its own collections show it.

use crate::dates;
use crate::model::product::Product;
use crate::php_json::{Json, Object, object};
use crate::view::product::{chosen, no_dimensions, push_downloads, push_stock};
use crate::view::{ALL_METHODS, View, meta, prose};

impl View<'_> {
    /// A variation of `/products/{parent}/variations`.
    #[must_use]
    pub fn variation(&self, variation: &Product) -> Object {
        let mut shown = self.variation_fields(variation);
        let collection = format!("products/{}/variations", variation.parent_id);
        shown.push(
            "_links",
            object! {
                "self" => self.self_link(&format!("{collection}/{}", variation.id), ALL_METHODS),
                "collection" => self.link(&collection),
                "up" => self.link(&format!("products/{}", variation.parent_id)),
            },
        );
        shown
    }

    /// The same as its editor is shown it: with the description as it was typed.
    #[must_use]
    pub fn variation_to_edit(&self, variation: &Product) -> Object {
        let mut shown = self.variation(variation);
        shown.set("description", &variation.description);
        shown
    }

    /// A variation of the collection of all, whose links are WooCommerce's own odd ones.
    #[must_use]
    pub fn variation_of_all(&self, variation: &Product) -> Object {
        let mut shown = self.variation_fields(variation);
        shown.push(
            "_links",
            object! {
                "self" => self.link(&format!("variations/{}", variation.id)),
                "collection" => self.link("variations"),
                "up" => self.link("products/0"),
            },
        );
        shown
    }

    fn variation_fields(&self, variation: &Product) -> Object {
        let is_recent = self.profile.is_recent();
        let name = variation.choices.iter().map(|choice| &*choice.option.name).collect::<Vec<_>>().join(", ");
        let mut shown = object! {
            "id" => variation.id,
            "type" => variation.kind.as_str(),
            "date_created" => self.local(variation.created),
            "date_created_gmt" => dates::gmt(variation.created),
            "date_modified" => self.local(variation.modified),
            "date_modified_gmt" => dates::gmt(variation.modified),
            "description" => prose::shown(&variation.description),
            "permalink" => self.permalink(variation),
            "sku" => &variation.sku,
        };
        if is_recent {
            shown.push("global_unique_id", "");
        }
        self.push_prices(&mut shown, variation);
        shown.push("status", variation.status.as_str());
        shown.push("purchasable", variation.price().is_some());
        push_downloads(&mut shown);
        shown.push("tax_status", "taxable");
        shown.push("tax_class", "");
        push_stock(&mut shown, variation, self.records.stock_of(variation.id).unwrap_or(variation), true);
        shown.push("weight", &variation.weight);
        shown.push("dimensions", no_dimensions());
        shown.push("shipping_class", "");
        shown.push("shipping_class_id", 0);
        shown.push("image", Json::Null);
        if is_recent {
            shown.push("gallery_image_ids", Json::none());
        }
        shown.push("attributes", chosen(variation));
        shown.push("menu_order", 0);
        shown.push("meta_data", meta(&variation.meta));
        shown.push("name", name);
        shown.push("parent_id", variation.parent_id);
        shown
    }
}
