//! A discount code of a store.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::{Canonical, RemoteId};

/// A coupon as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coupon {
    pub remote_id: RemoteId,
    pub code: String,
    /// `percent`, `fixed_cart`, `fixed_product` or a plugin's own.
    pub discount_type: String,
    pub amount: Decimal,
    pub status: String,
    pub created_at: Option<Timestamp>,
    pub modified_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
}

impl Coupon {
    /// Whether it lies in the store's trash.
    #[must_use]
    pub fn is_trashed(&self) -> bool {
        self.status == "trash"
    }

    /// The projection that decides whether two versions are the same.
    #[must_use]
    pub fn canonical(&self) -> Canonical {
        let mut out = Canonical::of("coupon");
        out.text("remote_id", self.remote_id.as_str())
            .text("code", &self.code)
            .text("discount_type", &self.discount_type)
            .decimal("amount", Some(self.amount))
            .text("status", &self.status)
            .time("expires_at", self.expires_at);
        out
    }
}
