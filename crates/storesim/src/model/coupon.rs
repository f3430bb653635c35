//! Coupons.

use rust_decimal::Decimal;

/// How a coupon reduces a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discount {
    Percent,
    FixedCart,
}

impl Discount {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::FixedCart => "fixed_cart",
        }
    }

    /// Unknown kinds are taken as a fixed amount, WooCommerce's default.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text == "percent" { Self::Percent } else { Self::FixedCart }
    }
}

/// A coupon.
#[derive(Clone, Debug)]
pub struct Coupon {
    pub id: u64,
    pub code: String,
    pub amount: Decimal,
    pub discount: Discount,
    pub status: &'static str,
    pub created: i64,
    pub modified: i64,
    pub description: String,
    pub usage_count: u64,
    pub usage_limit: Option<u64>,
}
