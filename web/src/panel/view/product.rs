//! A product as a row, as a variation, and as a page.

use jiff::Timestamp;
use storewire_db::{ProductDetail, ProductSummary};
use storewire_domain::RoleClass;

use super::{Badge, Change, Money, Raw, Stock, When, deed, status, text::plain};
use crate::panel::{dom_id, url, words::Words};

/// One product or variation in a list, and in the head of its page.
#[derive(Clone, Debug)]
pub struct ProductRow {
    pub dom_id: String,
    pub price_id: String,
    pub href: String,
    pub saved: i64,
    pub name: String,
    pub initial: String,
    pub about: String,
    /// What sets a variation apart.
    pub choice: String,
    pub sku: String,
    pub store: String,
    pub status: Badge,
    pub price: Option<Money>,
    /// The regular price while it is on sale.
    pub was: Option<Money>,
    pub price_raw: String,
    pub stock: Stock,
    pub updated: When,
    pub is_gone: bool,
    /// Its store is late: what it shows may be old.
    pub is_stale: bool,
    pub gone: Option<String>,
}

impl ProductRow {
    #[must_use]
    pub fn new(product: &ProductSummary, t: &Words) -> Self {
        let name = if product.name.is_empty() { t.get("product-no-name") } else { plain(&product.name) };
        let money = |amount| Money::new(amount, &product.currency);
        let on_sale = product.sale_price.is_some() && product.sale_price == product.price;
        let variations = (product.variation_count > 0).then(|| t.count("product-variations", product.variation_count));
        let sku = if product.sku.is_empty() { t.get("product-no-sku") } else { product.sku.clone() };
        let choice: Vec<&str> =
            product.attributes.values().map(String::as_str).filter(|value| !value.is_empty()).collect();
        Self {
            dom_id: dom_id::product(product.id),
            price_id: dom_id::price(product.id),
            href: url::product(product.id),
            saved: product.saved_at.as_microsecond(),
            initial: name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().collect()).unwrap_or_default(),
            about: std::iter::once(sku).chain(variations).collect::<Vec<_>>().join(" · "),
            choice: if choice.is_empty() { name.clone() } else { plain(&choice.join(" · ")) },
            name,
            sku: product.sku.clone(),
            store: plain(&product.store_name),
            status: status::product(&product.status, t),
            price: product.price.map(money),
            was: product.regular_price.filter(|_| on_sale).map(money),
            price_raw: product.price.map(|price| price.normalize().to_string()).unwrap_or_default(),
            stock: Stock::new(product, t),
            updated: When::ago(product.saved_at),
            is_gone: product.trashed_at.is_some() || product.deleted_at.is_some(),
            is_stale: false,
            gone: match (product.deleted_at, product.trashed_at) {
                (Some(_), _) => Some(t.get("product-deleted")),
                (None, Some(_)) => Some(t.get("product-trashed")),
                (None, None) => None,
            },
        }
    }

    /// The same row, in grey if its store is late.
    #[must_use]
    pub fn of_stale(self, is_stale: bool) -> Self {
        Self { is_stale, ..self }
    }
}

/// The product that a variation belongs to.
#[derive(Clone, Debug)]
pub struct Parent {
    pub href: String,
    pub name: String,
}

/// A product's page.
#[derive(Clone, Debug)]
pub struct ProductView {
    pub head_id: String,
    pub row: ProductRow,
    /// For staff: the store's own page.
    pub store_href: Option<String>,
    /// The page of its stock.
    pub stock_href: String,
    pub has_variations: bool,
    pub variations: Vec<ProductRow>,
    pub parent: Option<Parent>,
    pub kind: String,
    pub categories: String,
    pub attributes: Vec<(String, String)>,
    /// Its page in the store, if its address is one that a browser may be sent to.
    pub page: Option<String>,
    pub remote_id: String,
    pub modified: Option<When>,
    pub timeline: Vec<Change>,
    pub raw: Option<Raw>,
}

impl ProductView {
    /// `shown` is when the page is made: what it holds reaches the screen then.
    #[must_use]
    pub fn new(product: &ProductDetail, class: RoleClass, shown: Timestamp, t: &Words) -> Self {
        let summary = &product.summary;
        let parent = summary.parent_id.map(|id| Parent {
            href: url::product(id),
            name: summary.parent_name.as_deref().map(plain).unwrap_or_else(|| t.get("product-no-name")),
        });
        Self {
            head_id: dom_id::product_head(summary.id),
            row: ProductRow::new(summary, t),
            store_href: (class == RoleClass::Staff).then(|| url::store(summary.store_id)),
            stock_href: url::stock(summary.id),
            has_variations: summary.parent_id.is_none()
                && (summary.kind.starts_with("variable") || !product.variations.is_empty()),
            variations: product.variations.iter().map(|variation| ProductRow::new(variation, t)).collect(),
            parent,
            kind: status::readable(&summary.kind),
            categories: plain(&product.categories.join(", ")),
            attributes: summary.attributes.iter().map(|(name, value)| (plain(name), plain(value))).collect(),
            page: web_address(&summary.permalink),
            remote_id: summary.remote_id.clone(),
            modified: summary.modified_at.map(When::moment),
            timeline: deed::timeline(&product.timeline, &product.deeds, shown, t),
            raw: (class == RoleClass::Staff).then(|| Raw::new(&product.raw)),
        }
    }
}

/// An address that came from a store, if it is a web page and no script.
pub fn web_address(address: &str) -> Option<String> {
    let url = ::url::Url::parse(address).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_cannot_make_us_link_to_a_script() {
        assert_eq!(web_address("https://shop.example/p/1").as_deref(), Some("https://shop.example/p/1"));
        for bad in ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "/p/1", ""] {
            assert_eq!(web_address(bad), None, "{bad}");
        }
    }
}
