//! A product as REST v3 shows it; a variation asked for by `/products/{id}` has the same fields.

use std::sync::Arc;

use rand::seq::SliceRandom as _;

use crate::dates;
use crate::model::product::{Kind, Product};
use crate::money;
use crate::php_json::{Json, Object, object};
use crate::view::{ALL_METHODS, View, meta, prose};

/// How many related products are named; which ones differs from call to call.
const NUM_RELATED: usize = 5;

impl View<'_> {
    /// A product, or a variation in a product's clothes.
    #[must_use]
    pub fn product(&self, product: &Product) -> Object {
        let is_variation = product.kind == Kind::Variation;
        let total_sales = if is_variation { Json::Static("0") } else { Json::Int(product.total_sales) };
        let mut shown = object! {
            "id" => product.id,
            "name" => &product.name,
            "slug" => &product.slug,
            "permalink" => self.permalink(product),
            "date_created" => self.local(product.created),
            "date_created_gmt" => dates::gmt(product.created),
            "date_modified" => self.local(product.modified),
            "date_modified_gmt" => dates::gmt(product.modified),
            "type" => product.kind.as_str(),
            "status" => product.status.as_str(),
            "featured" => false,
            "catalog_visibility" => "visible",
            "description" => prose::shown(&product.description),
            "short_description" => prose::shown(&product.short_description),
            "sku" => &product.sku,
        };
        self.push_prices(&mut shown, product);
        shown.push("purchasable", self.shown_price(product).is_some());
        shown.push("total_sales", total_sales);
        push_downloads(&mut shown);
        shown.push("external_url", "");
        shown.push("button_text", "");
        shown.push("tax_status", "taxable");
        shown.push("tax_class", "");
        let stocked = self.records.stock_of(product.id).unwrap_or(product);
        push_stock(&mut shown, product, stocked, false);
        shown.push("sold_individually", false);
        shown.push("weight", &product.weight);
        shown.push("dimensions", no_dimensions());
        shown.push("shipping_required", true);
        shown.push("shipping_taxable", true);
        shown.push("shipping_class", "");
        shown.push("shipping_class_id", 0);
        shown.push("reviews_allowed", !is_variation);
        shown.push("average_rating", "0.00");
        shown.push("rating_count", 0);
        shown.push("upsell_ids", Json::none());
        shown.push("cross_sell_ids", Json::none());
        shown.push("parent_id", product.parent_id);
        shown.push("purchase_note", "");
        shown.push("categories", categories(product));
        if self.profile.is_recent() {
            shown.push("brands", Json::none());
        }
        shown.push("tags", Json::none());
        shown.push("images", self.images(product));
        shown.push("attributes", if is_variation { chosen(product) } else { choosable(product) });
        shown.push("default_attributes", Json::none());
        shown.push("variations", product.variations.clone());
        shown.push("grouped_products", Json::none());
        shown.push("menu_order", 0);
        shown.push("price_html", self.price_html(product));
        shown.push("related_ids", self.related(product));
        shown.push("meta_data", meta(&product.meta));
        shown.push("stock_status", stocked.stock_status());
        shown.push("has_options", product.kind == Kind::Variable);
        shown.push("post_password", "");
        if self.profile.is_recent() {
            shown.push("global_unique_id", "");
        }
        shown.push("_links", self.product_links(product));
        shown
    }

    /// The same as its editor is shown it: with the descriptions as they were typed.
    #[must_use]
    pub fn product_to_edit(&self, product: &Product) -> Object {
        let mut shown = self.product(product);
        shown.set("description", &product.description);
        shown.set("short_description", &product.short_description);
        shown
    }

    /// Pictures, whose files have the number of their media.
    fn images(&self, product: &Product) -> Json {
        let home = &self.profile.home_url;
        let shown = product.images.iter().map(|id| {
            object! {
                "id" => *id,
                "src" => format!("{home}/wp-content/uploads/{id}.jpg"),
                "name" => format!("{id}.jpg"),
                "alt" => "",
            }
        });
        shown.collect::<Vec<Object>>().into()
    }

    fn product_links(&self, product: &Product) -> Object {
        let path = format!("products/{}", product.id);
        let mut links = object! { "self" => self.self_link(&path, ALL_METHODS), "collection" => self.link("products") };
        if product.parent_id != 0 {
            links.push("up", self.link(&format!("products/{}", product.parent_id)));
        }
        links
    }

    pub(super) fn permalink(&self, product: &Product) -> String {
        let home = &self.profile.home_url;
        let Some(parent) = self.records.products.get(&product.parent_id) else {
            return format!("{home}/product/{}/", product.slug);
        };
        let choices: Vec<String> = product
            .choices
            .iter()
            .map(|choice| format!("attribute_{}={}", choice.attribute.slug, choice.option.slug))
            .collect();
        format!("{home}/product/{}/?{}", parent.slug, choices.join("&"))
    }

    pub(super) fn push_prices(&self, shown: &mut Object, product: &Product) {
        let is_variable = product.kind == Kind::Variable;
        let variations = || product.variations.iter().filter_map(|id| self.records.products.get(id));
        let on_sale = if is_variable { variations().any(Product::is_on_sale) } else { product.is_on_sale() };
        shown.push("price", money::price(self.shown_price(product)));
        shown.push("regular_price", money::price(product.regular_price));
        shown.push("sale_price", money::price(product.sale_price));
        for name in ["date_on_sale_from", "date_on_sale_from_gmt", "date_on_sale_to", "date_on_sale_to_gmt"] {
            shown.push(name, Json::Null);
        }
        shown.push("on_sale", on_sale);
    }

    /// A variable product shows its cheapest variation's price.
    fn shown_price(&self, product: &Product) -> Option<rust_decimal::Decimal> {
        match product.kind {
            Kind::Variable => product.variations.iter().filter_map(|id| self.records.products.get(id)?.price()).min(),
            _ => product.price(),
        }
    }

    fn price_html(&self, product: &Product) -> String {
        let currency = &self.profile.place.currency;
        self.shown_price(product).map_or_else(String::new, |price| {
            format!(
                "<span class=\"woocommerce-Price-amount amount\"><bdi><span class=\"woocommerce-Price-currencySymbol\" \
                 translate=\"no\">{}</span>{}</bdi></span>",
                currency.entity,
                self.fixed(price)
            )
        })
    }

    /// A few products of the same category, shuffled on each call.
    fn related(&self, product: &Product) -> Vec<u64> {
        let same = |other: &&Product| {
            other.id != product.id
                && other.kind != Kind::Variation
                && other.categories.iter().any(|category| product.categories.contains(category))
        };
        let mut ids: Vec<u64> = self.records.products.values().filter(same).map(|other| other.id).collect();
        ids.shuffle(&mut rand::rng());
        ids.truncate(NUM_RELATED);
        ids
    }
}

pub(super) fn push_downloads(shown: &mut Object) {
    shown.push("virtual", false);
    shown.push("downloadable", false);
    shown.push("downloads", Json::none());
    shown.push("download_limit", -1);
    shown.push("download_expiry", -1);
}

/// The stock's fields, of whoever counts it; a variation names its state among them, a product at its end.
pub(super) fn push_stock(shown: &mut Object, product: &Product, stocked: &Product, names_state: bool) {
    let takes_backorders = stocked.backorders != "no";
    // A variation that takes its product's stock says so by a word where a switch is expected.
    let manages = if stocked.id == product.id { Json::Bool(product.manages_stock) } else { Json::Static("parent") };
    shown.push("manage_stock", manages);
    shown.push("stock_quantity", stocked.manages_stock.then_some(stocked.stock));
    if names_state {
        shown.push("stock_status", stocked.stock_status());
    }
    shown.push("backorders", stocked.backorders);
    shown.push("backorders_allowed", takes_backorders);
    shown.push("backordered", takes_backorders && stocked.manages_stock && stocked.stock <= 0);
    shown.push("low_stock_amount", product.low_stock_amount);
}

pub(super) fn no_dimensions() -> Object {
    object! { "length" => "", "width" => "", "height" => "" }
}

fn categories(product: &Product) -> Json {
    let shown = product
        .categories
        .iter()
        .map(|category| object! { "id" => category.id, "name" => category.name, "slug" => category.slug });
    shown.collect::<Vec<Object>>().into()
}

/// A variation's attributes: what was chosen.
pub(super) fn chosen(product: &Product) -> Json {
    let shown = product.choices.iter().map(|choice| {
        object! {
            "id" => choice.attribute.id,
            "name" => &choice.attribute.name,
            "slug" => &choice.attribute.slug,
            "option" => &choice.option.name,
        }
    });
    shown.collect::<Vec<Object>>().into()
}

/// A variable product's attributes: what can be chosen.
fn choosable(product: &Product) -> Json {
    let shown = product.attributes.iter().enumerate().map(|(position, attribute)| {
        object! {
            "id" => attribute.id,
            "name" => &attribute.name,
            "slug" => if attribute.id == 0 { &attribute.name } else { &attribute.slug },
            "position" => u64::try_from(position).unwrap_or_default(),
            "visible" => true,
            "variation" => attribute.is_of_variations,
            "options" => attribute.options.iter().map(|option| Arc::clone(&option.name)).collect::<Vec<_>>(),
        }
    });
    shown.collect::<Vec<Object>>().into()
}
