//! Reads opening hours as an administrator writes them: `mon-fri 09:00-17:00, sat 10:00-14:00`.

use std::collections::BTreeSet;

use jiff::{civil::Date, tz::TimeZone};

use super::{BusinessHours, Opening};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Hours that cannot be kept, with the part that is at fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadHours {
    #[error("{0:?} does not read like \"mon-fri 09:00-17:00\"")]
    Shape(String),
    #[error("{0:?} is no day; days are mon, tue, wed, thu, fri, sat and sun")]
    Day(String),
    #[error("{0:?} is no time of day from 00:00 to 24:00")]
    Time(String),
    #[error("{0:?} does not end later on the same day than it begins")]
    Backwards(String),
    #[error("{0:?} gives a day a second time")]
    Twice(String),
    #[error("there are no hours at all")]
    Never,
}

impl BusinessHours {
    /// The hours in `text`: parts divided by commas, each a day or a range of days, a blank, and from when until when. Days that no part
    /// names are closed. A range may go over Sunday; hours may not go over midnight, and `24:00` is the midnight that ends a day.
    ///
    /// # Errors
    /// The first part that cannot be read, or hours that are never.
    pub fn parse(text: &str, zone: TimeZone, holidays: BTreeSet<Date>) -> Result<Self, BadHours> {
        let mut days = [None; 7];
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let shape = || BadHours::Shape(part.to_owned());
            let (named, hours) = part.split_once(char::is_whitespace).ok_or_else(shape)?;
            let (from, until) = hours.trim().split_once('-').ok_or_else(shape)?;
            let opening = Opening { from: minutes(from)?, until: minutes(until)? };
            if opening.from >= opening.until {
                return Err(BadHours::Backwards(part.to_owned()));
            }
            let is_named = named_days(named)?;
            for (day, _) in days.iter_mut().zip(is_named).filter(|(_, is_named)| *is_named) {
                if day.replace(opening).is_some() {
                    return Err(BadHours::Twice(part.to_owned()));
                }
            }
        }
        if days.iter().all(Option::is_none) {
            return Err(BadHours::Never);
        }
        Ok(Self { zone, days, holidays })
    }
}

/// Which days `mon` or `mon-fri` names.
fn named_days(text: &str) -> Result<[bool; 7], BadHours> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (day(first)?, day(last)?);
    let length = (last + DAYS.len() - first) % DAYS.len();
    Ok(std::array::from_fn(|day| (day + DAYS.len() - first) % DAYS.len() <= length))
}

fn day(text: &str) -> Result<usize, BadHours> {
    let day = text.trim().to_ascii_lowercase();
    DAYS.iter().position(|name| *name == day).ok_or_else(|| BadHours::Day(text.to_owned()))
}

/// Minutes after midnight.
fn minutes(text: &str) -> Result<u16, BadHours> {
    let bad = || BadHours::Time(text.to_owned());
    let (hour, minute) = text.trim().split_once(':').ok_or_else(bad)?;
    let number = |digits: &str| {
        let is_plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|_| is_plain).ok_or_else(bad)
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    if minute > 59 || hour * 60 + minute > 1_440 {
        return Err(bad());
    }
    Ok(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::RngSeed};

    use super::*;

    fn parse(text: &str) -> Result<BusinessHours, BadHours> {
        BusinessHours::parse(text, TimeZone::UTC, BTreeSet::new())
    }

    fn open_days(text: &str) -> String {
        let hours = parse(text).unwrap();
        hours.days.iter().map(|day| if day.is_some() { 'x' } else { '.' }).collect()
    }

    #[test]
    fn days_are_named_one_by_one_or_as_ranges() {
        assert_eq!(open_days("mon-fri 09:00-17:00"), "xxxxx..");
        assert_eq!(open_days("Mon 09:00-17:00,  thu\t10:00-24:00 ,"), "x..x...");
        assert_eq!(open_days("sat-tue 08:00-12:00"), "xx...xx");
        assert_eq!(open_days("wed-wed 08:00-12:00"), "..x....");
        let hours = parse("mon 09:05-17:00, sun 00:00-24:00").unwrap();
        assert_eq!(hours.days[0], Some(Opening { from: 545, until: 1_020 }));
        assert_eq!(hours.days[6], Some(Opening { from: 0, until: 1_440 }));
    }

    #[test]
    fn what_cannot_be_kept_is_refused_with_its_part() {
        let text = str::to_owned;
        for (hours, fault) in [
            ("", BadHours::Never),
            (" , ", BadHours::Never),
            ("mon-fri", BadHours::Shape(text("mon-fri"))),
            ("mon 9", BadHours::Shape(text("mon 9"))),
            ("mo 09:00-17:00", BadHours::Day(text("mo"))),
            ("mon-fri-sat 09:00-17:00", BadHours::Day(text("fri-sat"))),
            ("mon 9:00-17:00", BadHours::Time(text("9:00"))),
            ("mon 09:00-24:01", BadHours::Time(text("24:01"))),
            ("mon 09:00-17:60", BadHours::Time(text("17:60"))),
            ("mon +9:00-17:00", BadHours::Time(text("+9:00"))),
            ("mon 17:00-09:00", BadHours::Backwards(text("mon 17:00-09:00"))),
            ("mon 17:00-17:00", BadHours::Backwards(text("mon 17:00-17:00"))),
            ("mon-fri 09:00-12:00, fri 13:00-17:00", BadHours::Twice(text("fri 13:00-17:00"))),
        ] {
            assert_eq!(parse(hours), Err(fault), "{hours:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: RngSeed::Fixed(8),
            failure_persistence: None,
            ..ProptestConfig::with_cases(2_000)
        })]

        #[test]
        fn any_text_is_read_or_refused(text in "[a-z0-9:, \\-é]{0,40}") {
            let _ = parse(&text);
        }
    }
}
