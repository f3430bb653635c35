//! What a fleet says about itself: how to connect each shop, and its sums.

use serde::Serialize;

use crate::model::profile::{Profile, Storage};

/// What somebody needs to connect a shop.
#[derive(Clone, Debug, Serialize)]
pub struct StoreInfo {
    /// From 1.
    pub index: usize,
    pub name: String,
    /// By https (a plain shop: by http): what the panel connects.
    pub home_url: String,
    /// By http: what a customer visits.
    pub shop_url: String,
    pub consumer_key: String,
    pub consumer_secret: String,
    /// Keys that may only read, or only write.
    pub read_only_key: String,
    pub read_only_secret: String,
    pub write_only_key: String,
    pub write_only_secret: String,
    pub timezone: String,
    pub currency: String,
    pub decimals: u32,
    pub storage: Storage,
    pub version: String,
}

impl StoreInfo {
    pub(crate) fn of(profile: &Profile) -> Self {
        let keys = profile.keys.clone();
        Self {
            index: profile.index,
            name: profile.name.clone(),
            home_url: profile.home_url.clone(),
            shop_url: profile.shop_url.clone(),
            consumer_key: keys.full.key,
            consumer_secret: keys.full.secret,
            read_only_key: keys.read_only.key,
            read_only_secret: keys.read_only.secret,
            write_only_key: keys.write_only.key,
            write_only_secret: keys.write_only.secret,
            timezone: profile.zone_name.clone(),
            currency: profile.place.currency.code.to_owned(),
            decimals: profile.decimals(),
            storage: profile.storage,
            version: profile.version.clone(),
        }
    }
}

/// What there is after the storm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub stores: usize,
    pub orders: usize,
    pub products: usize,
    pub customers: usize,
    pub refunds: usize,
    pub deliveries: u64,
    pub delivered: u64,
    pub failed: u64,
    pub dropped: u64,
    pub outstanding: usize,
}
