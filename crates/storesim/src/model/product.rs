//! Products, and the variations that are products of their own with a parent.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::model::attribute::{Attribute, Choice};
use crate::model::{Change, Meta};

/// What sort of product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Simple,
    Variable,
    Variation,
}

impl Kind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::Variable => "variable",
            Self::Variation => "variation",
        }
    }
}

/// Whether a product is on sale, unfinished or thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Publish,
    Draft,
    Private,
    Pending,
    Trash,
}

impl Status {
    pub const ALL: &'static [Self] = &[Self::Publish, Self::Draft, Self::Private, Self::Pending, Self::Trash];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Draft => "draft",
            Self::Private => "private",
            Self::Pending => "pending",
            Self::Trash => "trash",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.as_str() == text)
    }
}

/// A product category.
#[derive(Debug, PartialEq, Eq)]
pub struct Category {
    pub id: u64,
    pub name: &'static str,
    pub slug: &'static str,
}

/// A product or a variation.
#[derive(Clone, Debug)]
pub struct Product {
    pub id: u64,
    pub kind: Kind,
    /// 0 unless a variation.
    pub parent_id: u64,
    pub name: Arc<str>,
    pub slug: Arc<str>,
    pub description: Arc<str>,
    pub short_description: Arc<str>,
    pub sku: Arc<str>,
    pub regular_price: Option<Decimal>,
    pub sale_price: Option<Decimal>,
    pub status: Status,
    pub status_before_trash: Option<Status>,
    pub created: i64,
    pub modified: i64,
    pub manages_stock: bool,
    pub stock: i64,
    /// For products that do not count their stock.
    pub is_out_of_stock: bool,
    pub backorders: &'static str,
    pub low_stock_amount: Option<i64>,
    pub total_sales: i64,
    pub weight: Arc<str>,
    pub categories: Vec<&'static Category>,
    /// A variation's own choices.
    pub choices: Vec<Choice>,
    /// What can be chosen of a product, or is told of it.
    pub attributes: Vec<Arc<Attribute>>,
    /// A variable product's variations.
    pub variations: Vec<u64>,
    /// Pictures of the shop's media, by id.
    pub images: Vec<u64>,
    pub meta: Vec<Meta>,
}

impl Product {
    /// A published, simple product without price or stock.
    #[must_use]
    pub fn new(id: u64, name: &str, now: i64) -> Self {
        Self {
            id,
            kind: Kind::Simple,
            parent_id: 0,
            name: name.into(),
            slug: slug(name).into(),
            description: "".into(),
            short_description: "".into(),
            sku: "".into(),
            regular_price: None,
            sale_price: None,
            status: Status::Publish,
            status_before_trash: None,
            created: now,
            modified: now,
            manages_stock: false,
            stock: 0,
            is_out_of_stock: false,
            backorders: "no",
            low_stock_amount: None,
            total_sales: 0,
            weight: "".into(),
            categories: Vec::new(),
            choices: Vec::new(),
            attributes: Vec::new(),
            images: Vec::new(),
            variations: Vec::new(),
            meta: Vec::new(),
        }
    }

    /// What it costs now.
    #[must_use]
    pub fn price(&self) -> Option<Decimal> {
        if self.is_on_sale() { self.sale_price } else { self.regular_price }
    }

    /// A sale price counts only below the regular one.
    #[must_use]
    pub fn is_on_sale(&self) -> bool {
        self.sale_price.is_some_and(|sale| self.regular_price.is_some_and(|regular| sale < regular))
    }

    #[must_use]
    pub fn stock_status(&self) -> &'static str {
        match (self.manages_stock, self.stock > 0, self.backorders) {
            (true, true, _) => "instock",
            (true, false, "no") => "outofstock",
            (true, false, _) => "onbackorder",
            (false, ..) if self.is_out_of_stock => "outofstock",
            (false, ..) => "instock",
        }
    }

    /// How many a customer may take without overselling; `None` is no limit.
    #[must_use]
    pub fn available(&self) -> Option<i64> {
        match (self.manages_stock, self.is_out_of_stock) {
            (true, _) => Some(self.stock.max(0)),
            (false, true) => Some(0),
            (false, false) => None,
        }
    }

    /// Whether a customer can put it into a cart.
    #[must_use]
    pub fn is_for_sale(&self) -> bool {
        self.kind != Kind::Variable
            && self.status == Status::Publish
            && self.price().is_some()
            && self.available() != Some(0)
    }
}

/// WordPress' slug: lower case, hyphens; letters it does not know are dropped.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        let plain = match letter {
            'ç' => 'c',
            'ğ' => 'g',
            'ı' | 'î' | 'ï' => 'i',
            'ö' | 'ō' => 'o',
            'ş' => 's',
            'ü' | 'ū' => 'u',
            'é' | 'è' => 'e',
            'ä' | 'â' | 'ā' => 'a',
            other => other,
        };
        if plain.is_ascii_alphanumeric() {
            slug.push(plain);
        } else if !slug.is_empty() && !slug.ends_with('-') && (plain.is_whitespace() || plain == '-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

impl Change<'_> {
    /// Ends a save of a product or variation: every save moves its date and tells.
    pub fn save_product(&mut self, id: u64) {
        if let Some(product) = self.records.products.get_mut(&id) {
            product.modified = self.now;
            self.events.raise("product.updated", id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_ascii() {
        assert_eq!(slug("Türk Kahvesi #54"), "turk-kahvesi-54");
        assert_eq!(slug("Rake & Hoe 📚"), "rake-hoe");
    }
}
