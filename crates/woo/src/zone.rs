//! A store's time zone as text: an IANA name, or a bare offset such as `+03:00` where the store has no name set.

use jiff::tz::{Offset, TimeZone};

/// Reads a zone as [`crate::Discovery`] writes it. `None` for a name that this machine's zone database does not know.
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

/// The zone's text from the two fields of the REST index: the name if it is set and known, else the offset in hours.
/// `None` where neither tells anything.
pub(crate) fn zone_text(name: &str, gmt_offset: &str) -> Option<String> {
    if !name.is_empty() && site_zone(name).is_some() {
        return Some(name.to_owned());
    }
    let minutes = offset_minutes(gmt_offset)?;
    let sign = if minutes < 0 { '-' } else { '+' };
    Some(format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60))
}

/// Hours with a fraction, such as `5.75`, as whole minutes; nothing outside what clocks use.
fn offset_minutes(hours: &str) -> Option<i64> {
    let hours: rust_decimal::Decimal = hours.trim().parse().ok()?;
    let minutes = hours.checked_mul(rust_decimal::Decimal::from(60))?.round();
    let minutes: i64 = minutes.try_into().ok()?;
    (minutes.abs() <= 14 * 60).then_some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_index_fields_become_one_text() {
        let text = |name, offset| zone_text(name, offset).unwrap();
        assert_eq!(text("America/New_York", "-5"), "America/New_York");
        assert_eq!(text("", "0"), "+00:00");
        assert_eq!(text("", "3"), "+03:00");
        assert_eq!(text("", "-3.5"), "-03:30");
        assert_eq!(text("", "5.75"), "+05:45");
        assert_eq!(text("Nowhere/Land", "2"), "+02:00");
        assert_eq!(zone_text("", "1e99"), None);
        assert_eq!(zone_text("", ""), None);
    }
}
