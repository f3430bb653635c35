//! A store's clock: its time zone, which it tells as text, and its days.

use jiff::{
    Timestamp, ToSpan as _,
    civil::Date,
    tz::{Offset, TimeZone},
};

/// Reads a zone: an IANA name, or a bare offset such as `+03:00` where the store has no name set. `None` for a name that this machine's
/// zone database does not know.
#[must_use]
pub fn site_zone(text: &str) -> Option<TimeZone> {
    let text = text.trim();
    if let Some(offset) = offset(text) {
        return Some(TimeZone::fixed(offset));
    }
    if text.is_empty() { None } else { TimeZone::get(text).ok() }
}

fn offset(text: &str) -> Option<Offset> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, text.get(1..)?),
        b'-' => (-1, text.get(1..)?),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if !(0..=14).contains(&hours) || !(0..=59).contains(&minutes) {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

/// Some days in a row, by whichever store's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first and the last, both of them included.
    pub first: Date,
    pub last: Date,
}

impl Days {
    /// The last so many days of a clock that shows `now`, today among them; one at least.
    #[must_use]
    pub fn until(now: Timestamp, zone: &TimeZone, count: u16) -> Self {
        let last = zone.to_datetime(now).date();
        let first = last.checked_sub(i64::from(count.saturating_sub(1)).days()).unwrap_or(last);
        Self { first, last }
    }

    /// How many there are; none or fewer if they are given the wrong way round.
    #[must_use]
    pub fn count(self) -> i64 {
        i64::from((self.last - self.first).get_days()) + 1
    }

    /// From the first moment of the first day to the first moment after the last, which is no longer in it. `None` at the end of time.
    #[must_use]
    pub fn bounds(self, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let begins = |day: Date| Some(day.to_zoned(zone.clone()).ok()?.timestamp());
        Some((begins(self.first)?, begins(self.last.tomorrow().ok()?)?))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn bounds(zone: &str, first: Date, last: Date) -> (String, String) {
        let (begins, ends) = Days { first, last }.bounds(&site_zone(zone).unwrap()).unwrap();
        (begins.to_string(), ends.to_string())
    }

    #[test]
    fn names_and_offsets_are_read_and_others_refused() {
        for good in ["Europe/Istanbul", "America/New_York", "UTC", "+03:00", "-09:30", "+00:00", "+14:00"] {
            assert!(site_zone(good).is_some(), "{good}");
        }
        for bad in ["", "Mars/Olympus", "+3", "+99:00", "03:00", "+03:75", "+-3:00", "+ö3:00"] {
            assert!(site_zone(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_day_is_as_long_as_the_stores_clock_makes_it() {
        let told = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let day = date(2026, 3, 1);
        assert_eq!(bounds("+03:00", day, day), told("2026-02-28T21:00:00Z", "2026-03-01T21:00:00Z"));
        let spring = date(2026, 3, 29);
        assert_eq!(bounds("Europe/Berlin", spring, spring), told("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"));
        // Midnight itself is left out there.
        let beirut = date(2026, 3, 29);
        assert_eq!(bounds("Asia/Beirut", beirut, beirut), told("2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"));
    }

    #[test]
    fn today_is_the_last_day_and_begins_when_the_store_says_so() {
        let now: Timestamp = "2026-03-01T22:30:00Z".parse().unwrap();
        let last = |zone: &str, count| Days::until(now, &site_zone(zone).unwrap(), count);
        assert_eq!(last("Europe/Istanbul", 30), Days { first: date(2026, 2, 1), last: date(2026, 3, 2) });
        assert_eq!(last("UTC", 1), Days { first: date(2026, 3, 1), last: date(2026, 3, 1) });
        assert_eq!((last("UTC", 30).count(), last("UTC", 0).count()), (30, 1));
        assert_eq!(Days { first: date(2026, 3, 2), last: date(2026, 3, 1) }.count(), 0);
    }
}
