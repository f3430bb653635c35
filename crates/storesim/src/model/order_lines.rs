//! The lines of an order: goods, shipping, fees and coupons.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::model::attribute::Choice;
use crate::model::coupon::Discount;

/// Goods sold (or, negative, refunded).
#[derive(Clone, Debug)]
pub struct Line {
    pub id: u64,
    pub name: Arc<str>,
    pub product_id: u64,
    /// 0 when the product has none.
    pub variation_id: u64,
    pub quantity: i64,
    pub subtotal: Decimal,
    pub subtotal_tax: Decimal,
    pub total: Decimal,
    pub total_tax: Decimal,
    pub is_taxed: bool,
    pub sku: Arc<str>,
    /// The variable product's name.
    pub parent_name: Option<Arc<str>>,
    /// What was chosen, each with the id of its metadata.
    pub choices: Vec<(u64, Choice)>,
    /// Metadata id of `_reduced_stock`, and how many were taken.
    pub reduced_stock: Option<(u64, i64)>,
    /// Metadata id and the order line a refund line belongs to.
    pub refunded_line: Option<(u64, u64)>,
}

impl Line {
    /// Whose stock it takes: the variation's or the product's.
    #[must_use]
    pub const fn stocked_id(&self) -> u64 {
        if self.variation_id == 0 { self.product_id } else { self.variation_id }
    }
}

/// Shipping charged.
#[derive(Clone, Debug)]
pub struct ShippingLine {
    pub id: u64,
    pub title: &'static str,
    pub method: &'static str,
    pub total: Decimal,
    pub total_tax: Decimal,
    pub is_taxed: bool,
}

/// A fee.
#[derive(Clone, Debug)]
pub struct FeeLine {
    pub id: u64,
    pub name: &'static str,
    pub total: Decimal,
    pub total_tax: Decimal,
    pub is_taxed: bool,
}

/// A coupon used.
#[derive(Clone, Debug)]
pub struct CouponLine {
    pub id: u64,
    pub meta_id: u64,
    pub coupon_id: u64,
    pub code: String,
    pub discount: Decimal,
    pub discount_tax: Decimal,
    pub kind: Discount,
    pub nominal: Decimal,
}
