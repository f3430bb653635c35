//! A length of time in words, as exact as people need it.

use std::time::Duration;

use jiff::Timestamp;

use crate::panel::words::Words;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Seconds up to two minutes, minutes up to two hours, hours up to two days, then days. A whole minute is one.
#[must_use]
pub fn span(length: Duration, t: &Words) -> String {
    let seconds = length.as_secs();
    let (id, n) = match seconds {
        MINUTE => ("span-minutes", 1),
        0..120 => ("span-seconds", seconds),
        120..7_200 => ("span-minutes", seconds / MINUTE),
        7_200..172_800 => ("span-hours", seconds / HOUR),
        _ => ("span-days", seconds / DAY),
    };
    t.count(id, i64::try_from(n).unwrap_or(i64::MAX))
}

/// A pause between requests: tenths of a second below ten.
#[must_use]
pub fn pause(length: Duration) -> String {
    let tenths = length.as_millis().div_ceil(100).max(1);
    if tenths.is_multiple_of(10) || tenths >= 100 {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// The time from `past` to `now`; nothing for a moment that lies ahead.
#[must_use]
pub fn since(past: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(past)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_as_exact_as_people_need_it() {
        let t = Words::default();
        let told = |seconds| span(Duration::from_secs(seconds), &t);
        assert_eq!(told(0), "0 s");
        assert_eq!(told(60), "1 min");
        assert_eq!(told(119), "119 s");
        assert_eq!(told(120), "2 min");
        assert_eq!(told(3 * HOUR + 59), "3 h");
        assert_eq!(told(2 * DAY), "2 days");
    }

    #[test]
    fn a_pause_shows_tenths_while_they_matter() {
        let told = |millis| pause(Duration::from_millis(millis));
        assert_eq!(told(500), "0.5");
        assert_eq!(told(1_000), "1");
        assert_eq!(told(40), "0.1");
        assert_eq!(told(2_250), "2.3");
        assert_eq!(told(30_000), "30");
    }

    #[test]
    fn a_moment_ahead_is_no_time_ago() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(since(now + Duration::from_secs(5), now), Duration::ZERO);
    }
}
