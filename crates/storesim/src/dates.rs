//! Dates the way WordPress writes them and, with its traps, the way it reads them in filters.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use crate::clock;

/// UTC wall time without a zone, as in `date_modified_gmt`.
#[must_use]
pub fn gmt(seconds: i64) -> String {
    Offset::UTC.to_datetime(clock::at(seconds)).to_string()
}

/// Wall time of the site without a zone, as in `date_modified`.
#[must_use]
pub fn local(seconds: i64, zone: &TimeZone) -> String {
    zone.to_datetime(clock::at(seconds)).to_string()
}

/// Which columns the rows have. Orders in their own tables (HPOS) keep UTC only; posts keep site time as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    UtcOnly,
    LocalAndUtc,
}

/// What a filter is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Threshold {
    Utc(i64),
    Local(DateTime),
}

impl Threshold {
    /// Whether a row stamped `seconds` lies strictly after this, to the second.
    #[must_use]
    pub fn is_before(&self, seconds: i64, zone: &TimeZone) -> bool {
        match self {
            Self::Utc(limit) => seconds > *limit,
            Self::Local(limit) => zone.to_datetime(clock::at(seconds)) > *limit,
        }
    }

    /// Whether a row stamped `seconds` lies strictly before this, to the second.
    #[must_use]
    pub fn is_after(&self, seconds: i64, zone: &TimeZone) -> bool {
        match self {
            Self::Utc(limit) => seconds < *limit,
            Self::Local(limit) => zone.to_datetime(clock::at(seconds)) < *limit,
        }
    }
}

/// The filter is not a full date and time (400 `rest_invalid_date`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDate;

/// Reads a date filter. WordPress always passes it through the site's wall time; `are_gmt` then compares that wall time with the UTC
/// column. So only a plain UTC wall time is right with the flag, and only a zoned time (or site time) without it.
///
/// # Errors
/// [`InvalidDate`] for anything but `YYYY-MM-DDTHH:MM:SS[.f][Z|±hh[:mm]]`.
pub fn threshold(text: &str, are_gmt: bool, zone: &TimeZone, columns: Columns) -> Result<Threshold, InvalidDate> {
    let written = Written::parse(text).ok_or(InvalidDate)?;
    let offset = match written.offset {
        // Seen on real shops: with the flag, fractions are shifted as a zoned time is.
        None if are_gmt && written.has_fraction => Some(Offset::UTC),
        other => other,
    };
    let instant = match offset {
        Some(offset) => offset.to_timestamp(written.wall).map_err(|_| InvalidDate)?,
        None => zone.to_ambiguous_timestamp(written.wall).compatible().map_err(|_| InvalidDate)?,
    };
    let site_wall = zone.to_datetime(instant);
    let utc = |wall: DateTime| Offset::UTC.to_timestamp(wall).map(|at| Threshold::Utc(at.as_second()));
    match (are_gmt, columns) {
        (true, _) => utc(site_wall).map_err(|_| InvalidDate),
        (false, Columns::LocalAndUtc) => Ok(Threshold::Local(site_wall)),
        (false, Columns::UtcOnly) => {
            let again = zone.to_ambiguous_timestamp(site_wall).compatible().map_err(|_| InvalidDate)?;
            Ok(Threshold::Utc(again.as_second()))
        }
    }
}

/// The parts of a date as it was written.
struct Written {
    wall: DateTime,
    has_fraction: bool,
    offset: Option<Offset>,
}

impl Written {
    fn parse(text: &str) -> Option<Self> {
        let (wall_text, rest) = (text.get(..19)?, text.get(19..)?);
        let shape = wall_text.bytes().zip(*b"dddd-dd-ddTdd:dd:dd").all(|(byte, want)| match want {
            b'd' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't' | b' '),
            other => byte == other,
        });
        if !shape {
            return None;
        }
        let wall: DateTime = wall_text.replace(['t', ' '], "T").parse().ok()?;
        let digits = rest.strip_prefix('.').map_or(0, |tail| tail.bytes().take_while(u8::is_ascii_digit).count());
        if rest.starts_with('.') && digits == 0 {
            return None;
        }
        let zone_text = if digits > 0 { rest.get(digits + 1..)? } else { rest };
        Some(Self { wall, has_fraction: digits > 0, offset: offset(zone_text)? })
    }
}

/// `None` for a malformed suffix, `Some(None)` for no suffix.
fn offset(text: &str) -> Option<Option<Offset>> {
    if text.is_empty() {
        return Some(None);
    }
    if text == "Z" {
        return Some(Some(Offset::UTC));
    }
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits = text.get(1..)?;
    let (hours, minutes) = match digits.len() {
        2 => (digits, "00"),
        5 if digits.get(2..3) == Some(":") => (digits.get(..2)?, digits.get(3..)?),
        _ => return None,
    };
    if !hours.bytes().chain(minutes.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = sign * (hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60);
    Offset::from_seconds(seconds).ok().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn utc(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_second()
    }

    fn limit(text: &str, are_gmt: bool, name: &str) -> Threshold {
        threshold(text, are_gmt, &zone(name), Columns::UtcOnly).unwrap()
    }

    #[test]
    fn a_plain_utc_wall_time_with_the_flag_is_right_in_every_zone() {
        for name in ["America/New_York", "Europe/Istanbul", "Asia/Tokyo"] {
            assert_eq!(limit("2026-11-21T05:57:08", true, name), Threshold::Utc(utc("2026-11-21T05:57:08Z")));
        }
    }

    #[test]
    fn a_zoned_time_with_the_flag_is_shifted_by_the_sites_offset() {
        assert_eq!(limit("2026-11-21T05:57:08Z", true, "Europe/Istanbul"), Threshold::Utc(utc("2026-11-21T08:57:08Z")));
        assert_eq!(
            limit("2026-11-21T05:57:08Z", true, "America/New_York"),
            Threshold::Utc(utc("2026-11-21T00:57:08Z"))
        );
        assert_eq!(limit("2026-11-21T05:57:08.5", true, "Asia/Tokyo"), Threshold::Utc(utc("2026-11-21T14:57:08Z")));
    }

    #[test]
    fn without_the_flag_an_offset_is_right_and_a_plain_time_is_the_sites() {
        let right = Threshold::Utc(utc("2026-11-21T05:57:08Z"));
        assert_eq!(limit("2026-11-21T05:57:08Z", false, "Europe/Istanbul"), right);
        assert_eq!(limit("2026-11-21T08:57:08+03:00", false, "America/New_York"), right);
        assert_eq!(limit("2026-11-21T08:57:08", false, "Europe/Istanbul"), right);
    }

    #[test]
    fn a_utc_wall_time_in_the_spring_gap_moves_an_hour() {
        assert_eq!(limit("2026-03-08T02:30:00", true, "America/New_York"), Threshold::Utc(utc("2026-03-08T03:30:00Z")));
        assert_eq!(limit("2026-03-08T01:30:00", true, "America/New_York"), Threshold::Utc(utc("2026-03-08T01:30:00Z")));
    }

    #[test]
    fn posts_compare_site_time_without_the_flag() {
        let site = zone("America/New_York");
        let found = threshold("2026-11-21T05:57:08Z", false, &site, Columns::LocalAndUtc).unwrap();
        assert_eq!(found, Threshold::Local("2026-11-21T00:57:08".parse().unwrap()));
        assert!(!found.is_before(utc("2026-11-21T05:57:08Z"), &site), "the comparison is strict");
        assert!(found.is_before(utc("2026-11-21T05:57:09Z"), &site));
        assert!(found.is_after(utc("2026-11-21T05:57:07Z"), &site));
    }

    #[test]
    fn anything_short_of_a_full_date_and_time_is_refused() {
        for text in [
            "yesterday",
            "2026-11-21",
            "",
            "1795240452",
            "2026-11-21T05:57",
            "2026-11-21T05:57:08 03:00",
            "2026-11-21T05:57:08+3",
        ] {
            assert!(threshold(text, true, &zone("Asia/Tokyo"), Columns::UtcOnly).is_err(), "{text} passed");
        }
    }
}
