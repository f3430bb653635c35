//! When staff are at work, and when so much of their working time will have passed.
//!
//! A day's hours are local times. On the days on which clocks change, a bound that is shown twice or not at all is moved to the safe side:
//! opening to the later moment that it can mean, closing to the earlier. So no moment counts as open that the clock on the wall calls closed.

mod parse;

use std::collections::BTreeSet;

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};

pub use parse::BadHours;

/// How far ahead hours are looked for: ten years, many times as long as anybody may be left without an answer.
const DAYS_AHEAD: usize = 3_660;

/// A week of opening hours in a zone, and the days on which they do not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusinessHours {
    zone: TimeZone,
    /// From Monday on.
    days: [Option<Opening>; 7],
    holidays: BTreeSet<Date>,
}

/// One day's hours, in minutes after midnight; `until`, the later, is excluded and may be 1440.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Opening {
    from: u16,
    until: u16,
}

impl Default for BusinessHours {
    /// From nine to five on weekdays, in UTC.
    fn default() -> Self {
        let day = Some(Opening { from: 9 * 60, until: 17 * 60 });
        Self { zone: TimeZone::UTC, days: [day, day, day, day, day, None, None], holidays: BTreeSet::new() }
    }
}

impl BusinessHours {
    /// When so much working time will have passed since `from`. Time that is up with the last minute of a day is up at closing; no time at
    /// all is up at once, or when work begins again. More time than ten years hold ends with their last closing; where they are all holidays,
    /// it is counted by the clock.
    #[must_use]
    pub fn after(&self, from: Timestamp, work: SignedDuration) -> Timestamp {
        let mut left = work.max(SignedDuration::ZERO);
        let mut last_closing = None;
        let today = from.to_zoned(self.zone.clone()).date();
        for date in today.series(jiff::Span::new().days(1)).take(DAYS_AHEAD) {
            let Some((opens, closes)) = self.hours_of(date) else { continue };
            let begin = opens.max(from);
            let open_for = closes.duration_since(begin);
            if open_for <= SignedDuration::ZERO {
                continue;
            }
            if left <= open_for {
                return begin.checked_add(left).unwrap_or(closes);
            }
            left -= open_for;
            last_closing = Some(closes);
        }
        last_closing.or_else(|| from.checked_add(work).ok()).unwrap_or(from)
    }

    /// From when until when staff are there on a day; `None` if they are not.
    fn hours_of(&self, date: Date) -> Option<(Timestamp, Timestamp)> {
        let weekday = date.weekday().to_monday_zero_offset();
        let opening = self.days.get(usize::try_from(weekday).ok()?).copied().flatten()?;
        if self.holidays.contains(&date) {
            return None;
        }
        let at =
            |minutes: u16| date.to_datetime(Time::midnight()).checked_add(SignedDuration::from_mins(minutes.into()));
        let opens = self.zone.to_ambiguous_timestamp(at(opening.from).ok()?).later().ok()?;
        let closes = self.zone.to_ambiguous_timestamp(at(opening.until).ok()?).earlier().ok()?;
        (opens < closes).then_some((opens, closes))
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::RngSeed};

    use super::*;

    const HOURS: &str = "mon-fri 09:00-17:00, sat 10:00-12:00";

    fn hours(text: &str, zone: &str, holidays: &[&str]) -> BusinessHours {
        let holidays = holidays.iter().map(|date| date.parse().unwrap()).collect();
        BusinessHours::parse(text, TimeZone::get(zone).unwrap(), holidays).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn after(hours: &BusinessHours, from: &str, minutes: i64) -> String {
        hours.after(at(from), SignedDuration::from_mins(minutes)).to_string()
    }

    #[test]
    fn only_hours_at_work_count() {
        let hours = hours(HOURS, "UTC", &["2026-12-25"]);
        // Friday, 20 November 2026; Christmas is a Friday.
        for (from, minutes, until) in [
            ("2026-11-20T09:30:00Z", 60, "2026-11-20T10:30:00Z"),
            ("2026-11-20T06:00:00Z", 60, "2026-11-20T10:00:00Z"),
            ("2026-11-20T16:30:00Z", 60, "2026-11-21T10:30:00Z"),
            ("2026-11-21T11:30:00Z", 60, "2026-11-23T09:30:00Z"),
            ("2026-11-20T09:00:00Z", 480, "2026-11-20T17:00:00Z"),
            ("2026-11-20T09:00:00Z", 481, "2026-11-21T10:01:00Z"),
            ("2026-12-24T16:30:00Z", 60, "2026-12-26T10:30:00Z"),
            ("2026-11-20T17:00:00Z", 0, "2026-11-21T10:00:00Z"),
            ("2026-11-20T16:59:59Z", 0, "2026-11-20T16:59:59Z"),
            ("2026-11-20T09:30:00Z", -60, "2026-11-20T09:30:00Z"),
        ] {
            assert_eq!(after(&hours, from, minutes), until, "{from} + {minutes} min");
        }
    }

    #[test]
    fn a_house_that_says_nothing_is_open_from_nine_to_five() {
        assert_eq!(BusinessHours::default(), hours("mon-fri 09:00-17:00", "UTC", &[]));
    }

    #[test]
    fn a_house_that_never_closes_counts_every_minute() {
        let always = hours("mon-sun 00:00-24:00", "Europe/Istanbul", &[]);
        assert_eq!(after(&always, "2026-11-20T20:30:00Z", 3 * 24 * 60), "2026-11-23T20:30:00Z");
    }

    #[test]
    fn local_hours_stay_where_they_are_when_clocks_change() {
        let new_york = hours("mon-sun 09:00-17:00", "America/New_York", &[]);
        // Summer time begins on 8 March 2026 and ends on 1 November.
        assert_eq!(after(&new_york, "2026-03-07T21:30:00Z", 60), "2026-03-08T13:30:00Z");
        assert_eq!(after(&new_york, "2026-10-31T20:30:00Z", 60), "2026-11-01T14:30:00Z");
    }

    #[test]
    fn the_hour_that_autumn_shows_twice_is_open_only_where_both_are() {
        let new_york = hours("sun 01:30-05:00", "America/New_York", &[]);
        // The second 01:30, in standard time.
        assert_eq!(after(&new_york, "2026-11-01T04:00:00Z", 0), "2026-11-01T06:30:00Z");
        let short = hours("sun 01:00-01:30", "America/New_York", &[]);
        assert_eq!(after(&short, "2026-11-01T04:00:00Z", 0), "2026-11-08T06:00:00Z");
    }

    #[test]
    fn the_search_ends_after_ten_years_with_hours_or_without() {
        let rare = hours("mon 09:00-09:01", "UTC", &[]);
        assert_eq!(after(&rare, "2026-11-20T09:00:00Z", 1_000_000), "2036-11-24T09:01:00Z");
        let first: Date = "2026-01-01".parse().unwrap();
        let holidays = first.series(jiff::Span::new().days(1)).take(DAYS_AHEAD + 400).collect();
        let never = BusinessHours::parse(HOURS, TimeZone::UTC, holidays).unwrap();
        assert_eq!(after(&never, "2026-11-20T09:00:00Z", 60), "2026-11-20T10:00:00Z");
    }

    #[test]
    fn the_ends_of_time_are_no_trouble() {
        for zone in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
            let hours = hours(HOURS, zone, &[]);
            for from in [Timestamp::MIN, Timestamp::MAX] {
                for work in [SignedDuration::MIN, SignedDuration::ZERO, SignedDuration::MAX] {
                    assert!(hours.after(from, work) >= from);
                }
            }
        }
    }

    fn zones() -> impl Strategy<Value = &'static str> {
        // Istanbul has kept summer time since 2016 and changed its clocks before.
        prop::sample::select(vec!["Europe/Istanbul", "America/New_York", "Pacific/Apia", "America/Santiago"])
    }

    /// Long enough for the times below to end within the search.
    fn openings() -> impl Strategy<Value = String> {
        (0..=1_410_u16).prop_flat_map(|from| (Just(from), from + 30..=1_440)).prop_map(|(from, until)| {
            let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
            format!("mon-sun {}-{}", clock(from), clock(until))
        })
    }

    /// Any second from 2007, with all the days on which the clocks of these zones changed.
    fn seconds() -> impl Strategy<Value = i64> {
        1_167_609_600_i64..1_798_761_600
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: RngSeed::Fixed(7),
            failure_persistence: None,
            ..ProptestConfig::with_cases(500)
        })]

        #[test]
        fn the_end_lies_in_an_open_hour_and_never_before_the_time_has_passed(
            zone in zones(), opening in openings(), from in seconds(), work in 0_i64..400_000,
        ) {
            let hours = hours(&opening, zone, &[]);
            let (from, work) = (Timestamp::from_second(from).unwrap(), SignedDuration::from_secs(work));
            let end = hours.after(from, work);
            prop_assert!(end.duration_since(from) >= work);
            let local = end.to_zoned(hours.zone.clone()).datetime();
            let minutes = i32::from(local.hour()) * 60 + i32::from(local.minute());
            let opening = hours.days[0].unwrap();
            let (opens, closes) = (i32::from(opening.from), i32::from(opening.until));
            let is_closing = local.second() == 0 && (minutes == closes || (minutes == 0 && closes == 1_440));
            prop_assert!((opens..closes).contains(&minutes) || is_closing, "{local} in {opening:?}");
        }

        #[test]
        fn who_asks_later_or_for_more_is_answered_no_earlier(
            zone in zones(), opening in openings(), from in seconds(), work in 0_i64..400_000,
            later in 0_i64..200_000, more in 0_i64..200_000,
        ) {
            let hours = hours(&opening, zone, &[]);
            let end = |from, work| hours.after(Timestamp::from_second(from).unwrap(), SignedDuration::from_secs(work));
            prop_assert!(end(from, work) <= end(from + later, work));
            prop_assert!(end(from, work) <= end(from, work + more));
        }

        #[test]
        fn time_counted_in_two_parts_is_the_same_time(
            zone in zones(), opening in openings(), from in seconds(), first in 1_i64..200_000, second in 1_i64..200_000,
        ) {
            let hours = hours(&opening, zone, &[]);
            let from = Timestamp::from_second(from).unwrap();
            let (first, second) = (SignedDuration::from_secs(first), SignedDuration::from_secs(second));
            prop_assert_eq!(hours.after(hours.after(from, first), second), hours.after(from, first + second));
        }
    }
}
