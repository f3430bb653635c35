//! What distinguishes one simulated shop from the next: its place, money, version, storage and keys.

use aws_lc_rs::digest;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::model::order::Status;
use crate::model::places;
use crate::model::settings::{self, InvalidSettings, ShopSettings};

/// Where a shop keeps its orders; it changes how dates, paging and webhooks behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Storage {
    /// Tables of their own ("high-performance order storage").
    Hpos,
    /// WordPress posts.
    Posts,
}

/// The settings of a shop.
#[derive(Clone, Debug)]
pub struct Profile {
    /// From 1.
    pub index: usize,
    pub name: String,
    pub place: &'static Place,
    /// As WordPress keeps it: an IANA name or a bare offset (`+05:45`).
    pub zone_name: String,
    pub zone: TimeZone,
    pub storage: Storage,
    /// Of WooCommerce: `11.0.1`.
    pub version: String,
    /// Order states that plugins have added.
    pub statuses: Vec<Status>,
    pub keys: Keys,
    /// Host and port by which the shop knows itself.
    pub authority: String,
    /// Its home is plain http: it has no certificate.
    pub is_plain: bool,
    /// `https://127.0.0.1:9100/s/1`; http for a plain shop.
    pub home_url: String,
    /// `http://127.0.0.1:9100/s/1`
    pub shop_url: String,
    /// Orders and products on its first day; as many as the fleet says without.
    pub orders: Option<usize>,
    pub products: Option<usize>,
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
        let mut profile = Self {
            index,
            name: places::name(turn),
            place,
            zone_name: place.zone.to_owned(),
            zone: settings::zone(place.zone).unwrap_or(TimeZone::UTC),
            storage: place.storage,
            version: place.version.to_owned(),
            statuses: Vec::new(),
            keys: Keys::derive(seed, index),
            authority: authority.to_owned(),
            is_plain: false,
            home_url: String::new(),
            shop_url: String::new(),
            orders: None,
            products: None,
        };
        profile.settle_address();
        profile
    }

    /// The same shop, reached as number `index`: what somebody gets who copies a site to another address, keys and all.
    #[must_use]
    pub fn copied_to(&self, index: usize) -> Self {
        let mut copy = Self { index, ..self.clone() };
        copy.settle_address();
        copy
    }

    /// The same shop with other settings.
    ///
    /// # Errors
    /// When a setting makes no sense.
    pub fn with(&self, settings: &ShopSettings) -> Result<Self, InvalidSettings> {
        let mut profile = self.clone();
        settings.apply(&mut profile)?;
        profile.settle_address();
        Ok(profile)
    }

    fn settle_address(&mut self) {
        self.home_url = self.address(!self.is_plain);
        self.shop_url = self.address(false);
    }

    /// Its home, by https or http.
    #[must_use]
    pub fn address(&self, is_ssl: bool) -> String {
        format!("{}://{}/s/{}", if is_ssl { "https" } else { "http" }, self.authority, self.index)
    }

    #[must_use]
    pub fn is_hpos(&self) -> bool {
        self.storage == Storage::Hpos
    }

    /// Whether this WooCommerce is of a version or newer. A version that is no version is taken as old.
    #[must_use]
    pub fn is_at_least(&self, major: u32, minor: u32) -> bool {
        let mut parts = self.version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= (major, minor)
    }

    /// Whether records have the fields and links that came after 8.9.
    #[must_use]
    pub fn is_recent(&self) -> bool {
        self.is_at_least(9, 6)
    }

    /// Every state an order can have here, the trash apart.
    pub fn order_states(&self) -> impl Iterator<Item = Status> {
        let own = Status::ALL.iter().filter(|status| **status != Status::Trash);
        own.chain(&self.statuses).copied()
    }

    /// Whether a state is known here; a plugin's is only while the plugin is there.
    #[must_use]
    pub fn knows(&self, status: Status) -> bool {
        !status.is_custom() || self.statuses.contains(&status)
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
    }

    #[test]
    fn the_first_fourteen_shops_reach_around_the_earth_and_every_zone_is_known() {
        let shops: Vec<Profile> = (1..=14).map(|index| Profile::new(1, index, "a:1")).collect();
        assert!(shops.iter().all(|shop| shop.zone != TimeZone::UTC));
        let at = "2026-01-15T00:00:00Z".parse().unwrap();
        let hours: Vec<i32> = shops.iter().map(|shop| shop.zone.to_offset(at).seconds() / 3600).collect();
        assert_eq!((hours.iter().min(), hours.iter().max()), (Some(&-11), Some(&14)));
        assert!(shops.iter().any(|shop| shop.zone_name == "+05:45"));
    }

    #[test]
    fn versions_are_compared_by_number_and_a_copy_keeps_the_keys() {
        let shop = Profile::new(1, 1, "a:1");
        assert!(shop.is_at_least(10, 3) && shop.is_at_least(11, 0) && !shop.is_at_least(11, 1));
        let copy = shop.copied_to(9);
        assert_eq!((copy.keys.full.secret, copy.home_url.as_str()), (shop.keys.full.secret, "https://a:1/s/9"));
    }
}
