//! The closed window of modification times that a pull reads, and how WooCommerce must be asked for it.
//!
//! WooCommerce compares strictly (`>`, `<`) in whole seconds and parses our bound in the site's own zone, even when told that it is UTC.

use std::time::Duration;

use jiff::{
    SignedDuration, Timestamp,
    tz::{AmbiguousOffset, TimeZone},
};

/// What a bound that is given with its offset can be off by, where the site compares local times: an hour that autumn shows twice.
const AUTUMN_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Dates are whole seconds.
const ONE_SECOND: SignedDuration = SignedDuration::from_secs(1);

/// `modified_after < t < modified_before`, both to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Exclusive lower bound.
    pub after: Timestamp,
    /// Exclusive upper bound.
    pub before: Timestamp,
}

impl Window {
    /// The window of the next pull: from `checkpoint` less `overlap` to the store's own `now`. The overlap covers rows of the same second,
    /// requests that stamp first and commit later, and clocks that differ a little; around a change of the site's clocks an hour more.
    /// It is never shorter than the overlap, though the store's clock were set back; and a second of overlap there always is, because both
    /// bounds are exclusive.
    #[must_use]
    pub fn since(checkpoint: Timestamp, overlap: Duration, now: Timestamp, site_zone: &TimeZone) -> Self {
        let overlap = SignedDuration::try_from(overlap).unwrap_or(SignedDuration::ZERO).max(ONE_SECOND);
        let after = back(checkpoint.min(now), overlap);
        let window = Self { after: whole_second(after), before: whole_second(now) };
        if window.is_plain(site_zone) { window } else { window.reaching(back(after, AUTUMN_HOUR)) }
    }

    /// The same window, its lower bound no later than `after`.
    #[must_use]
    pub fn reaching(self, after: Timestamp) -> Self {
        Self { after: self.after.min(whole_second(after)), ..self }
    }

    /// The bounds as WooCommerce must be given them. The rule is UTC wall time without a suffix, with `dates_are_gmt=true`. A bound that would
    /// be a time which the site's spring change skips is moved forward by PHP; then both are given with `Z` and without the flag, which
    /// is read right except in the autumn hour, that no bound of spring is in.
    #[must_use]
    pub fn to_query(self, site_zone: &TimeZone) -> Bounds {
        let is_gmt = self.is_plain(site_zone);
        let suffix = if is_gmt { "" } else { "Z" };
        Bounds { after: wall_time(self.after) + suffix, before: wall_time(self.before) + suffix, is_gmt }
    }

    /// Whether both bounds, read as local times of the site, are times that its clocks show.
    fn is_plain(self, site_zone: &TimeZone) -> bool {
        !is_in_gap(self.after, site_zone) && !is_in_gap(self.before, site_zone)
    }
}

/// A window's bounds as query parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub after: String,
    pub before: String,
    /// Whether `dates_are_gmt=true` goes with them.
    pub is_gmt: bool,
}

/// Never before 1970, where WooCommerce's dates begin.
fn back(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_sub(by).unwrap_or(Timestamp::UNIX_EPOCH).max(Timestamp::UNIX_EPOCH)
}

fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn wall_time(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

fn is_in_gap(time: Timestamp, site_zone: &TimeZone) -> bool {
    let wall = time.to_zoned(TimeZone::UTC).datetime();
    matches!(site_zone.to_ambiguous_zoned(wall).offset(), AmbiguousOffset::Gap { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTES: Duration = Duration::from_secs(300);

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    #[test]
    fn a_window_overlaps_the_last_one_and_ends_with_the_last_whole_second() {
        let window =
            Window::since(at("2026-01-05T10:00:00Z"), MINUTES, at("2026-01-05T10:05:00.9Z"), &zone("Asia/Tokyo"));
        assert_eq!(window, Window { after: at("2026-01-05T09:55:00Z"), before: at("2026-01-05T10:05:00Z") });
        assert_eq!(window.reaching(at("2026-01-05T09:00:00Z")).after, at("2026-01-05T09:00:00Z"));
        assert_eq!(window.reaching(at("2026-01-05T10:00:00Z")), window);
    }

    #[test]
    fn windows_without_an_overlap_still_share_the_second_in_which_they_meet() {
        let (first, second) = (at("2026-01-05T10:00:00Z"), at("2026-01-05T10:05:00Z"));
        let window = Window::since(first, Duration::ZERO, second, &TimeZone::UTC);
        assert!(window.after < first && first < window.before);
    }

    #[test]
    fn a_store_clock_that_was_set_back_leaves_a_window_of_the_overlap() {
        let window = Window::since(at("2026-01-05T10:00:00Z"), MINUTES, at("2026-01-05T09:50:00Z"), &TimeZone::UTC);
        assert_eq!(window, Window { after: at("2026-01-05T09:45:00Z"), before: at("2026-01-05T09:50:00Z") });
    }

    #[test]
    fn the_first_window_begins_with_time_itself() {
        let window = Window::since(Timestamp::UNIX_EPOCH, MINUTES, at("2026-01-05T10:00:00Z"), &TimeZone::UTC);
        assert_eq!(window.after, Timestamp::UNIX_EPOCH);
    }

    #[test]
    fn a_bound_inside_a_spring_gap_is_given_with_its_offset() {
        let london = zone("Europe/London");
        let window = Window { after: at("2026-03-29T01:30:00Z"), before: at("2026-03-29T12:00:00Z") };
        let bounds = window.to_query(&london);
        assert_eq!((bounds.after.as_str(), bounds.before.as_str()), ("2026-03-29T01:30:00Z", "2026-03-29T12:00:00Z"));
        assert!(!bounds.is_gmt);
        let autumn = Window { after: at("2026-10-25T01:30:00Z"), before: at("2026-10-25T12:00:00Z") };
        assert_eq!(autumn.to_query(&london).after, "2026-10-25T01:30:00");
        assert!(autumn.to_query(&london).is_gmt);
    }

    #[test]
    fn around_a_spring_change_a_window_reaches_back_more_than_an_hour() {
        for (name, now) in [
            ("Europe/London", "2026-03-29T01:30:00Z"),
            ("America/New_York", "2026-03-08T02:30:00Z"),
            ("America/St_Johns", "2026-03-08T02:30:00Z"),
            ("Pacific/Auckland", "2026-09-27T02:30:00Z"),
        ] {
            let now = at(now);
            let window = Window::since(now, MINUTES, now, &zone(name));
            assert!(now.duration_since(window.after) > AUTUMN_HOUR, "{name}: {window:?}");
        }
    }

    #[test]
    fn zones_without_summer_time_are_asked_in_one_form_all_the_year() {
        for zone in [zone("Pacific/Kiritimati"), zone("Pacific/Pago_Pago"), TimeZone::fixed(jiff::tz::offset(5))] {
            for hour in 0..24 * 366 {
                let now = at("2026-01-01T00:30:00Z") + SignedDuration::from_hours(hour);
                let window = Window::since(now, MINUTES, now, &zone);
                assert!(window.to_query(&zone).is_gmt);
            }
        }
    }
}
