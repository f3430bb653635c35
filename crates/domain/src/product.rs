//! A product, or one variation of a variable product.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Canonical, RemoteId, prose, remote::text_enum};

text_enum! {
    /// Who counts the stock. A variation may leave it to its parent.
    pub enum ManageStock {
        No = "no",
        Yes = "yes",
        Parent = "parent",
    }
}

/// A product as a store holds it. Prices are in the store's currency; times are UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    pub remote_id: RemoteId,
    /// The variable product that a variation belongs to.
    pub parent_remote_id: Option<RemoteId>,
    /// `simple`, `variable`, `variation`, `grouped`, `external` or a plugin's own.
    pub kind: String,
    pub name: String,
    pub sku: String,
    /// HTML as the store shows it; none of a variation.
    pub short_description: String,
    /// HTML as the store shows it.
    pub description: String,
    /// GTIN, EAN, UPC or ISBN.
    pub global_unique_id: String,
    /// `publish`, `draft`, `pending`, `private`, `future`, `trash`.
    pub status: String,
    pub price: Option<Decimal>,
    pub regular_price: Option<Decimal>,
    pub sale_price: Option<Decimal>,
    pub manage_stock: ManageStock,
    /// Unknown (`None`) where stock is not counted; plugins may make it fractional.
    pub stock_quantity: Option<Decimal>,
    /// `instock`, `outofstock` or `onbackorder`.
    pub stock_status: String,
    pub backorders: String,
    pub permalink: String,
    pub image_url: String,
    pub created_at: Option<Timestamp>,
    /// `date_modified_gmt`, to the second.
    pub modified_at: Option<Timestamp>,
    /// For a variation its chosen attributes, by name.
    pub attributes: BTreeMap<String, String>,
    /// Category names by the store's id.
    pub categories: BTreeMap<String, String>,
    /// The ids of a variable product's variations.
    pub variation_ids: Vec<RemoteId>,
}

impl Product {
    /// Whether it has variations that must be read apart.
    #[must_use]
    pub fn is_variable(&self) -> bool {
        self.parent_remote_id.is_none() && (self.kind.starts_with("variable") || !self.variation_ids.is_empty())
    }

    /// Whether the store moved it to the trash.
    #[must_use]
    pub fn is_trashed(&self) -> bool {
        self.status == "trash"
    }

    /// The projection that decides whether two versions are the same; `related_ids`, random from call to call, is not in it.
    #[must_use]
    pub fn canonical(&self) -> Canonical {
        let mut out = Canonical::of("product");
        out.text("remote_id", self.remote_id.as_str())
            .text("parent", self.parent_remote_id.as_ref().map_or("", RemoteId::as_str))
            .text("type", &self.kind)
            .text("name", &self.name)
            .text("sku", &self.sku)
            // The same text is wrapped in other tags by other routes.
            .text("short_description", &prose::plain(&self.short_description))
            .text("description", &prose::plain(&self.description))
            .text("global_unique_id", &self.global_unique_id)
            .text("status", &self.status)
            .decimal("price", self.price)
            .decimal("regular_price", self.regular_price)
            .decimal("sale_price", self.sale_price)
            .text("manage_stock", self.manage_stock.as_str())
            .decimal("stock_quantity", self.stock_quantity)
            .text("stock_status", &self.stock_status)
            .text("backorders", &self.backorders)
            .text("permalink", &self.permalink)
            .text("image_url", &self.image_url)
            .time("created_at", self.created_at);
        for (name, value) in &self.attributes {
            out.text(&format!("attribute.{name}"), value);
        }
        for (id, name) in &self.categories {
            out.text(&format!("category.{id}"), name);
        }
        for id in &self.variation_ids {
            out.text("variation", id.as_str());
        }
        out
    }
}
