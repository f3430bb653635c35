//! The closed window of modification times that an incremental read walks, and how its checkpoint moves.
//!
//! WooCommerce compares strictly (`>`, `<`) in whole seconds, parses our bound in the site's own zone even when told that
//! it is UTC, and pages by offset over a set that changes underneath. So a walk always asks
//! for the first page of "modified after the newest second already stored", oldest first: rows that leave the window
//! while we walk can then cause repeats, never a skip.

use std::time::Duration;

use jiff::{
    SignedDuration, Timestamp,
    tz::{AmbiguousOffset, TimeZone},
};

/// `modified_after < t < modified_before`, both to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Exclusive lower bound.
    pub after: Timestamp,
    /// Exclusive upper bound.
    pub before: Timestamp,
}

/// What to do after a page of a walk was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextRead {
    /// Ask for the first page of this window.
    Continue(Window),
    /// A whole page shares one second: list that second by id instead, then continue after it.
    Second(Timestamp),
    /// The window is walked; the next one starts here.
    Done(Timestamp),
}

impl Window {
    /// The window of the next pull: from `checkpoint` less `overlap` to the store's own `now`.
    #[must_use]
    pub fn since(checkpoint: Timestamp, overlap: Duration, now: Timestamp) -> Self {
        let overlap = SignedDuration::try_from(overlap).unwrap_or(SignedDuration::ZERO);
        let after = checkpoint.checked_sub(overlap).unwrap_or(Timestamp::UNIX_EPOCH).max(Timestamp::UNIX_EPOCH);
        Self { after: whole_second(after), before: whole_second(now) }
    }

    /// Decides the next read after a page whose newest row is `newest` was stored; `is_last` says that the store
    /// announced no further page, `is_full` that the page holds as many rows as were asked for.
    #[must_use]
    pub fn next(self, newest: Option<Timestamp>, is_last: bool) -> NextRead {
        let Some(newest) = newest.map(whole_second) else {
            return NextRead::Done(self.before);
        };
        if is_last {
            return NextRead::Done(self.before);
        }
        // One second back, because rows of the newest second may stand on the next page.
        let after = newest.checked_sub(SignedDuration::from_secs(1)).unwrap_or(newest);
        if after > self.after { NextRead::Continue(Self { after, ..self }) } else { NextRead::Second(newest) }
    }

    /// The bounds as WooCommerce must be given them. The rule is UTC wall time without a suffix, with `dates_are_gmt=true`. A bound that would
    /// be a time which the site's spring change skips is moved forward by PHP; then both are given with `Z` and without the flag, which
    /// is read right except in the autumn hour, that no bound of spring is in.
    #[must_use]
    pub fn to_query(self, site_zone: &TimeZone) -> Bounds {
        let is_gmt = !is_in_gap(self.after, site_zone) && !is_in_gap(self.before, site_zone);
        let suffix = if is_gmt { "" } else { "Z" };
        Bounds { after: wall_time(self.after) + suffix, before: wall_time(self.before) + suffix, is_gmt }
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

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_walk_moves_its_lower_bound_to_one_second_before_the_newest_row() {
        let window = Window { after: at("2026-01-01T00:00:00Z"), before: at("2026-02-01T00:00:00Z") };
        let next = window.next(Some(at("2026-01-05T10:00:07Z")), false);
        assert_eq!(next, NextRead::Continue(Window { after: at("2026-01-05T10:00:06Z"), ..window }));
    }

    #[test]
    fn a_page_of_one_single_second_is_listed_by_id() {
        let window = Window { after: at("2026-01-05T10:00:06Z"), before: at("2026-02-01T00:00:00Z") };
        let newest = at("2026-01-05T10:00:07Z");
        assert_eq!(window.next(Some(newest), false), NextRead::Second(newest));
    }

    #[test]
    fn the_last_page_moves_the_checkpoint_to_the_upper_bound() {
        let window = Window { after: at("2026-01-01T00:00:00Z"), before: at("2026-02-01T00:00:00Z") };
        assert_eq!(window.next(Some(at("2026-01-05T10:00:07Z")), true), NextRead::Done(window.before));
        assert_eq!(window.next(None, true), NextRead::Done(window.before));
    }

    #[test]
    fn a_bound_inside_a_spring_gap_is_given_with_its_offset() {
        let london = TimeZone::get("Europe/London").unwrap();
        let window = Window { after: at("2026-03-29T01:30:00Z"), before: at("2026-03-29T12:00:00Z") };
        let bounds = window.to_query(&london);
        assert_eq!((bounds.after.as_str(), bounds.before.as_str()), ("2026-03-29T01:30:00Z", "2026-03-29T12:00:00Z"));
        assert!(!bounds.is_gmt);
        let autumn = Window { after: at("2026-10-25T01:30:00Z"), before: at("2026-10-25T12:00:00Z") };
        assert_eq!(autumn.to_query(&london).after, "2026-10-25T01:30:00");
        assert!(autumn.to_query(&london).is_gmt);
    }
}
