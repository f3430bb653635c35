//! A moment: UTC for machines and for readers without scripts; scripts turn it into the reader's own time.

use std::fmt;

use askama::{Template, filters::HtmlSafe};
use jiff::{Timestamp, civil::DateTime, tz::Offset};

/// A moment in one of the ways the panel writes them.
#[derive(Clone, Debug, Template)]
#[template(path = "components/when.html")]
pub struct When {
    pub at: Timestamp,
    pub style: &'static str,
    pub text: Utc,
}

/// A moment for readers without scripts. Lists hold many of them, so it is printed without a format to interpret.
#[derive(Clone, Copy, Debug)]
pub struct Utc {
    at: DateTime,
    exactness: Exactness,
}

#[derive(Clone, Copy, Debug)]
enum Exactness {
    Minute,
    Second,
    Millisecond,
}

impl When {
    /// Day and time, as short as today allows.
    #[must_use]
    pub fn moment(at: Timestamp) -> Self {
        Self { at, style: "moment", text: Utc::new(at, Exactness::Minute) }
    }

    /// To the millisecond, for following a change on its way.
    #[must_use]
    pub fn exact(at: Timestamp) -> Self {
        Self { at, style: "exact", text: Utc::new(at, Exactness::Millisecond) }
    }

    /// How long ago; scripts keep it true.
    #[must_use]
    pub fn ago(at: Timestamp) -> Self {
        Self { at, style: "ago", text: Utc::new(at, Exactness::Second) }
    }
}

impl HtmlSafe for When {}

impl Utc {
    fn new(at: Timestamp, exactness: Exactness) -> Self {
        Self { at: Offset::UTC.to_datetime(at), exactness }
    }
}

impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at;
        let (year, month, day, hour, minute) = (at.year(), at.month(), at.day(), at.hour(), at.minute());
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")?;
        match self.exactness {
            Exactness::Minute => {}
            Exactness::Second => write!(f, ":{:02}", at.second())?,
            Exactness::Millisecond => write!(f, ":{:02}.{:03}", at.second(), at.millisecond())?,
        }
        f.write_str(" UTC")
    }
}

impl HtmlSafe for Utc {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_as_exact_as_its_use_asks() {
        let at = "0987-03-01T02:03:04.0567Z".parse().unwrap();
        let told = |when: When| when.text.to_string();
        assert_eq!(told(When::moment(at)), "0987-03-01 02:03 UTC");
        assert_eq!(told(When::ago(at)), "0987-03-01 02:03:04 UTC");
        assert_eq!(told(When::exact(at)), "0987-03-01 02:03:04.056 UTC");
    }

    #[test]
    fn a_moment_is_told_to_machines_as_it_is() {
        let html = When::moment("2026-03-01T12:00:00.5Z".parse().unwrap()).to_string();
        assert_eq!(html, r#"<time datetime="2026-03-01T12:00:00.5Z" data-style="moment">2026-03-01 12:00 UTC</time>"#);
    }
}
