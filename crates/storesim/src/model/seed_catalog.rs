//! The first products, variations and coupons of a shop.

use std::sync::Arc;

use rand::Rng as _;
use rand::rngs::StdRng;
use rust_decimal::Decimal;
use serde_json::json;

use crate::model::attribute::{COLOR, Choice, SIZE};
use crate::model::coupon::{Coupon, Discount};
use crate::model::product::{Kind, Product, Status, slug};
use crate::model::profile::Profile;
use crate::model::{Meta, Records, words};
use crate::money;

/// Makes `count` products; about every sixth is variable.
pub fn products(records: &mut Records, profile: &Profile, rng: &mut StdRng, count: usize, start: i64) {
    for number in 1..=count {
        let name = words::PRODUCTS.get((number - 1) % words::PRODUCTS.len()).copied().unwrap_or_default();
        let created = start - rng.random_range(3_600..2_000_000);
        let id = records.ids.post();
        let mut product = Product::new(id, &format!("{name} #{number}"), created);
        product.description = format!("<p>Product <strong>{number}</strong> — açıklama</p>\n").into();
        product.short_description = format!("<p>Short {number}</p>\n").into();
        product.sku = format!("SW-{number:03}").into();
        product.weight = format!("{}.{}", rng.random_range(0..9), rng.random_range(1..10)).into();
        product.categories.extend(words::CATEGORIES.get(rng.random_range(0..words::CATEGORIES.len())));
        product.modified = created + rng.random_range(0..3_000);
        // The first product is a plain one with plenty of stock: examples and tests can rely on it.
        if number > 1 {
            product.status = match rng.random_range(0..20) {
                0 => Status::Draft,
                1 => Status::Private,
                _ => Status::Publish,
            };
        }
        if rng.random_bool(0.3) {
            product.meta = vec![
                Meta { id: records.ids.meta(), key: "_cost".into(), value: json!("12.33") },
                Meta {
                    id: records.ids.meta(),
                    key: "supplier".into(),
                    value: json!({"lead": number, "name": format!("Supplier {number}")}),
                },
            ];
        }
        if number % 6 == 3 {
            variations(records, profile, rng, &mut product);
        } else {
            price_and_stock(profile, rng, &mut product, number == 1);
        }
        records.products.insert(id, product);
    }
}

fn price_and_stock(profile: &Profile, rng: &mut StdRng, product: &mut Product, is_first: bool) {
    let regular = a_price(profile, rng);
    product.regular_price = Some(regular);
    if rng.random_bool(0.15) {
        product.sale_price = Some(money::round(regular * Decimal::new(8, 1), profile.decimals()));
    }
    product.manages_stock = is_first || rng.random_bool(0.85);
    product.stock = if product.manages_stock { rng.random_range(40..900) } else { 0 };
    if !is_first && product.manages_stock && rng.random_bool(0.05) {
        product.stock = 0;
    }
    if product.manages_stock && rng.random_bool(0.1) {
        product.backorders = "notify";
        product.low_stock_amount = Some(5);
    }
}

/// Colour by size; three in four count their own stock.
fn variations(records: &mut Records, profile: &Profile, rng: &mut StdRng, parent: &mut Product) {
    parent.kind = Kind::Variable;
    parent.attributes = vec![Arc::clone(&COLOR), Arc::clone(&SIZE)];
    for color in &COLOR.options {
        for size in &SIZE.options {
            let id = records.ids.post();
            let name = format!("{} - {}, {}", parent.name, color.name, size.name);
            let mut variation = Product::new(id, &name, parent.created);
            variation.kind = Kind::Variation;
            variation.parent_id = parent.id;
            variation.slug = slug(&name).into();
            variation.sku = format!("{}-{}-{}", parent.sku, color.slug.to_uppercase(), size.slug).into();
            variation.weight = parent.weight.clone();
            variation.choices = vec![
                Choice { attribute: Arc::clone(&COLOR), option: color.clone() },
                Choice { attribute: Arc::clone(&SIZE), option: size.clone() },
            ];
            variation.modified = parent.modified;
            price_and_stock(profile, rng, &mut variation, false);
            parent.variations.push(id);
            records.products.insert(id, variation);
        }
    }
}

/// A price that uses all of the currency's decimals.
pub fn a_price(profile: &Profile, rng: &mut StdRng) -> Decimal {
    let decimals = profile.decimals();
    let scale = 10_i64.pow(decimals);
    let unit = profile.place.currency.unit * scale;
    Decimal::new(rng.random_range(10 * unit..90 * unit), decimals)
}

/// The coupons every shop has.
pub fn coupons(records: &mut Records, profile: &Profile, start: i64) {
    let unit = Decimal::from(profile.place.currency.unit);
    let kinds = [
        ("özel20", Discount::Percent, Decimal::from(20), Some(500)),
        ("fiveoff", Discount::FixedCart, Decimal::from(5) * unit, None),
        ("welcome10", Discount::Percent, Decimal::from(10), None),
    ];
    for (code, discount, amount, usage_limit) in kinds {
        let id = records.ids.post();
        let coupon = Coupon {
            id,
            code: code.to_owned(),
            amount,
            discount,
            status: "publish",
            created: start,
            modified: start,
            description: String::new(),
            usage_count: 0,
            usage_limit,
        };
        records.coupons.insert(id, coupon);
    }
}
