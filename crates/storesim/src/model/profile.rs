//! What distinguishes one simulated shop from the next: its place, money, version, storage and keys.

use aws_lc_rs::digest;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::model::places;

/// Where a shop keeps its orders; it changes how dates, paging and webhooks behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Storage {
    /// Tables of their own ("high-performance order storage").
    Hpos,
    /// WordPress posts.
    Posts,
}

/// The settings of a shop.
#[derive(Debug)]
pub struct Profile {
    /// From 1.
    pub index: usize,
    pub name: String,
    pub place: &'static Place,
    pub zone: TimeZone,
    pub keys: Keys,
    /// `https://127.0.0.1:9100/s/1`
    pub home_url: String,
    /// `http://127.0.0.1:9100/s/1`
    pub shop_url: String,
}

/// A country's worth of settings; shops take them in turn.
#[derive(Debug)]
pub struct Place {
    pub zone: &'static str,
    pub currency: Currency,
    pub country: &'static str,
    pub state: &'static str,
    pub city: &'static str,
    pub postcode: &'static str,
    pub tax: Option<Tax>,
    pub storage: Storage,
    pub version: &'static str,
    pub wordpress: &'static str,
}

/// A currency as the shop shows it.
#[derive(Debug)]
pub struct Currency {
    pub code: &'static str,
    pub name: &'static str,
    /// As typed; pages show it as it is.
    pub symbol: &'static str,
    /// The HTML entity of WooCommerce's own table.
    pub entity: &'static str,
    pub decimals: u32,
    /// A typical price is 10 to 90 times this.
    pub unit: i64,
}

/// The one tax rate of a shop, charged to buyers of its own country.
#[derive(Debug)]
pub struct Tax {
    pub code: &'static str,
    pub label: &'static str,
    /// Percent times 1000.
    pub thousandths: i64,
}

impl Tax {
    /// In percent (8.875).
    #[must_use]
    pub fn percent(&self) -> Decimal {
        Decimal::new(self.thousandths, 3)
    }
}

/// A key pair and what it may do.
#[derive(Clone, Debug)]
pub struct ApiKey {
    pub key: String,
    pub secret: String,
    pub permission: Permission,
}

/// What a key may do, by HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    Read,
    Write,
    ReadWrite,
}

/// A shop's three keys: the usual one and the two that are limited.
#[derive(Clone, Debug)]
pub struct Keys {
    pub full: ApiKey,
    pub read_only: ApiKey,
    pub write_only: ApiKey,
}

impl Keys {
    fn derive(seed: u64, index: usize) -> Self {
        let one = |kind: &str, permission| ApiKey {
            key: format!("ck_{}", hex40(&format!("{seed}/{index}/{kind}/key"))),
            secret: format!("cs_{}", hex40(&format!("{seed}/{index}/{kind}/secret"))),
            permission,
        };
        Self {
            full: one("full", Permission::ReadWrite),
            read_only: one("read", Permission::Read),
            write_only: one("write", Permission::Write),
        }
    }

    /// The key pair of a consumer key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&ApiKey> {
        [&self.full, &self.read_only, &self.write_only].into_iter().find(|pair| pair.key == key)
    }
}

fn hex40(text: &str) -> String {
    let mut hex = hex::encode(digest::digest(&digest::SHA256, text.as_bytes()));
    hex.truncate(40);
    hex
}

impl Profile {
    /// The shop number `index` (from 1) of a fleet with this seed, reached at `authority` (`127.0.0.1:9100`).
    #[must_use]
    pub fn new(seed: u64, index: usize, authority: &str) -> Self {
        let turn = index.saturating_sub(1);
        let place = places::place(turn);
        Self {
            index,
            name: places::name(turn),
            place,
            zone: TimeZone::get(place.zone).unwrap_or(TimeZone::UTC),
            keys: Keys::derive(seed, index),
            home_url: format!("https://{authority}/s/{index}"),
            shop_url: format!("http://{authority}/s/{index}"),
        }
    }

    #[must_use]
    pub fn is_hpos(&self) -> bool {
        self.place.storage == Storage::Hpos
    }

    #[must_use]
    pub fn decimals(&self) -> u32 {
        self.place.currency.decimals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_depend_on_seed_and_shop_only() {
        let (one, again, other) = (Profile::new(7, 1, "a:1"), Profile::new(7, 1, "b:2"), Profile::new(7, 2, "a:1"));
        assert_eq!(one.keys.full.key, again.keys.full.key);
        assert_ne!(one.keys.full.key, other.keys.full.key);
        assert_eq!(one.keys.full.key.len(), 43);
    }

    #[test]
    fn the_first_shops_cover_zero_two_and_three_decimals_and_both_storages() {
        let shops: Vec<Profile> = (1..=8).map(|index| Profile::new(1, index, "a:1")).collect();
        for decimals in [0, 2, 3] {
            assert!(shops.iter().any(|shop| shop.decimals() == decimals));
        }
        assert!(shops.iter().any(Profile::is_hpos) && shops.iter().any(|shop| !shop.is_hpos()));
        assert!(shops.iter().all(|shop| shop.zone != TimeZone::UTC), "every zone is known");
    }
}
