//! What a test may choose about a shop, at its start or while it runs: its zone, storage, version, plugins and address.

use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::model::order::Status;
use crate::model::places;
use crate::model::profile::{Profile, Storage};

/// The choices; what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShopSettings {
    /// An IANA name, or a bare offset without daylight saving (`+05:45`).
    pub zone: Option<String>,
    /// Changing it is the migration to, or back from, tables of their own.
    pub storage: Option<Storage>,
    /// Of WooCommerce (`8.9.3`); collections and fields come and go with it.
    pub version: Option<String>,
    /// The order states of plugins: any of `packed`, `shipped`, `partial-shipped`, `delivered` and `awaiting-pickup`. Leaving one out
    /// removes its plugin; orders in that state stay in it.
    pub statuses: Option<Vec<String>>,
    /// The shop has no certificate: its home is http. It still answers by https.
    pub is_plain: Option<bool>,
    /// Host and port by which the shop knows itself, such as those of a proxy before it.
    pub authority: Option<String>,
    pub name: Option<String>,
    /// ISO 4217, one that some simulated place has; the shop moves there, and keeps a zone that is chosen too.
    pub currency: Option<String>,
    /// What it holds on its first day; nothing changes for a shop that somebody has looked at.
    pub orders: Option<usize>,
    pub products: Option<usize>,
}

/// Why settings were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidSettings(pub &'static str);

impl std::fmt::Display for InvalidSettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for InvalidSettings {}

impl ShopSettings {
    /// Whether a shop can have this zone.
    #[must_use]
    pub fn knows_zone(name: &str) -> bool {
        zone(name).is_some()
    }

    /// Whether a shop can count in this currency.
    #[must_use]
    pub fn knows_currency(code: &str) -> bool {
        places::with_currency(code).is_some()
    }

    pub(super) fn apply(&self, profile: &mut Profile) -> Result<(), InvalidSettings> {
        if let Some(code) = &self.currency {
            profile.place = places::with_currency(code).ok_or(InvalidSettings("no place here has that currency"))?;
            profile.zone_name = profile.place.zone.to_owned();
            profile.zone = zone(profile.place.zone).unwrap_or(TimeZone::UTC);
        }
        if let Some(name) = &self.zone {
            profile.zone = zone(name).ok_or(InvalidSettings("no such zone"))?;
            profile.zone_name.clone_from(name);
        }
        if let Some(storage) = self.storage {
            profile.storage = storage;
        }
        if let Some(version) = &self.version {
            if !version.split('.').all(|part| part.parse::<u32>().is_ok()) {
                return Err(InvalidSettings("a version is numbers and dots"));
            }
            profile.version.clone_from(version);
        }
        if let Some(statuses) = &self.statuses {
            let known = statuses.iter().map(|text| Status::parse(text).filter(|status| status.is_custom()));
            profile.statuses =
                known.collect::<Option<_>>().ok_or(InvalidSettings("no plugin here has that order state"))?;
        }
        if let Some(is_plain) = self.is_plain {
            profile.is_plain = is_plain;
        }
        if let Some(authority) = &self.authority {
            profile.authority.clone_from(authority);
        }
        if let Some(name) = &self.name {
            profile.name.clone_from(name);
        }
        profile.orders = self.orders.or(profile.orders);
        profile.products = self.products.or(profile.products);
        Ok(())
    }
}

/// The zone of a WordPress setting.
#[must_use]
pub fn zone(name: &str) -> Option<TimeZone> {
    match bare_offset(name) {
        Some(offset) => Some(TimeZone::fixed(offset)),
        None => TimeZone::get(name).ok(),
    }
}

/// `+05:45` or `-3`; `None` for a name.
#[must_use]
pub fn bare_offset(name: &str) -> Option<Offset> {
    let (sign, rest) = match name.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let seconds = hours.parse::<i32>().ok()?.checked_mul(3600)? + minutes.parse::<i32>().ok().filter(|m| *m < 60)? * 60;
    Offset::from_seconds(sign * seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_a_name_or_a_bare_offset() {
        assert_eq!(bare_offset("+05:45").map(Offset::seconds), Some(20_700));
        assert_eq!(bare_offset("-03:30").map(Offset::seconds), Some(-12_600));
        assert_eq!(bare_offset("Europe/Istanbul"), None);
        assert!(zone("Pacific/Kiritimati").is_some() && zone("Mars/Olympus").is_none() && zone("+99:00").is_none());
    }

    #[test]
    fn a_shop_is_as_large_and_counts_in_the_money_that_is_wished_for() {
        let shop = Profile::new(1, 1, "a:1");
        let settings = ShopSettings {
            currency: Some("ZAR".to_owned()),
            zone: Some("Europe/Istanbul".to_owned()),
            orders: Some(3),
            ..ShopSettings::default()
        };
        let moved = shop.with(&settings).unwrap();
        assert_eq!((moved.place.currency.code, moved.zone_name.as_str()), ("ZAR", "Europe/Istanbul"));
        assert_eq!((moved.orders, moved.products), (Some(3), None));
        assert!(shop.with(&ShopSettings { currency: Some("XXX".to_owned()), ..ShopSettings::default() }).is_err());
    }

    #[test]
    fn senseless_settings_are_refused_and_leave_the_shop_alone() {
        let shop = Profile::new(1, 1, "a:1");
        let refused = |settings: ShopSettings| shop.with(&settings).is_err();
        assert!(refused(ShopSettings { zone: Some("Mars/Olympus".to_owned()), ..ShopSettings::default() }));
        assert!(refused(ShopSettings { version: Some("new".to_owned()), ..ShopSettings::default() }));
        assert!(refused(ShopSettings { statuses: Some(vec!["completed".to_owned()]), ..ShopSettings::default() }));
        let plain = shop.with(&ShopSettings { is_plain: Some(true), ..ShopSettings::default() }).unwrap();
        assert_eq!((plain.home_url.as_str(), shop.home_url.as_str()), ("http://a:1/s/1", "https://a:1/s/1"));
    }
}
