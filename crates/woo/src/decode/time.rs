//! WooCommerce's dates: wall time without a suffix, once in UTC and once in the site's zone.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// A `*_gmt` date. A suffix, which WooCommerce never sends but plugins do, is honoured.
pub fn gmt(text: &str) -> Option<Timestamp> {
    suffixed(text).or_else(|| wall(text, &TimeZone::UTC))
}

/// A site-local date, where the zone is known or the date carries its own.
pub fn local(text: &str, zone: Option<&TimeZone>) -> Option<Timestamp> {
    suffixed(text).or_else(|| wall(text, zone?))
}

fn suffixed(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if is_bare(text) { None } else { sane(text.parse::<Timestamp>().ok()?) }
}

/// Whether it has the length and the colons of `2026-11-21T05:49:31`, which leave no room for a suffix: as all dates of WooCommerce.
fn is_bare(text: &str) -> bool {
    matches!(text.as_bytes(), [day @ .., b':', _, _, b':', _, _] if day.len() == 13)
}

fn wall(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    // A date alone would read as midnight; no field of ours is a day.
    let time: DateTime = if text.contains(['T', ' ']) { text.parse().ok()? } else { return None };
    sane(zone.to_ambiguous_zoned(time).compatible().ok()?.timestamp())
}

/// WordPress writes year 0 and year -1 for "never".
fn sane(time: Timestamp) -> Option<Timestamp> {
    (time.as_second() > -2_208_988_800).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<Timestamp> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn gmt_dates_are_utc_with_or_without_a_suffix() {
        assert_eq!(gmt("2026-11-21T05:49:31"), at("2026-11-21T05:49:31Z"));
        assert_eq!(gmt("2026-11-21T05:49:31Z"), at("2026-11-21T05:49:31Z"));
        assert_eq!(gmt("2026-11-21 05:49:31"), at("2026-11-21T05:49:31Z"));
        assert_eq!(gmt("2026-11-21T08:49:31+03:00"), at("2026-11-21T05:49:31Z"));
    }

    #[test]
    fn local_dates_need_the_sites_zone() {
        let new_york = TimeZone::get("America/New_York").unwrap();
        assert_eq!(local("2026-11-21T00:49:31", Some(&new_york)), at("2026-11-21T05:49:31Z"));
        assert_eq!(local("2026-11-21T00:49:31", None), None);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for bad in [
            "",
            "0000-00-00T00:00:00",
            "-0001-11-30T00:00:00",
            "0000-01-01T00:00:00",
            "yesterday",
            "2026-11-21",
            "1795240693",
            "2026-13-41T99:00:00",
        ] {
            assert_eq!(gmt(bad), None, "{bad}");
        }
    }
}
