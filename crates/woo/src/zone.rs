//! A store's time zone as its REST index tells it.

use storewire_domain::zone::site_zone;

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
