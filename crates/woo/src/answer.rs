//! One answer of a store: status, headers, body, and what the headers tell.

use std::{fmt, time::Duration};

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::header::{DATE, HeaderMap, LINK, LOCATION, RETRY_AFTER};

/// The longest wait that a store may ask of us.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn is_html(&self) -> bool {
        let declared = self.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
        declared || self.body.trim_ascii_start().first() == Some(&b'<')
    }

    /// The store's own clock.
    pub(crate) fn store_now(&self) -> Option<Timestamp> {
        http_date(self.header(DATE.as_str())?)
    }

    /// `Retry-After` in seconds or as a date, measured by the store's own clock and capped.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let text = self.header(RETRY_AFTER.as_str())?.trim();
        let wait = match text.parse::<u64>() {
            Ok(seconds) => Duration::from_secs(seconds),
            Err(_) => Duration::try_from(http_date(text)?.duration_since(self.store_now()?)).unwrap_or_default(),
        };
        Some(wait.min(LONGEST_WAIT))
    }

    pub(crate) fn location(&self) -> Option<&str> {
        self.header(LOCATION.as_str())
    }

    /// The target of the first link with this relation.
    pub(crate) fn link(&self, relation: &str) -> Option<&str> {
        let values = self.headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(links).find(|(_, rest)| has_relation(rest, relation)).map(|(target, _)| target)
    }
}

// A body may hold anything that people told a shop; it is never printed.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

pub(crate) fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

/// `<target>; params, <target>; params` as pairs.
fn links(header: &str) -> impl Iterator<Item = (&str, &str)> {
    header.split('<').skip(1).filter_map(|part| part.split_once('>'))
}

fn has_relation(params: &str, relation: &str) -> bool {
    params.split(';').any(|param| {
        let Some((name, value)) = param.split_once('=') else { return false };
        let value = value.trim().trim_end_matches(',').trim().trim_matches('"');
        name.trim().eq_ignore_ascii_case("rel") && value.split_ascii_whitespace().any(|one| one == relation)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&'static str, &str)]) -> Answer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        Answer { status: 200, headers: map, body: Vec::new() }
    }

    #[test]
    fn links_are_found_by_relation() {
        let one = answer(&[(
            "link",
            r#"<https://s/wp-json/>; rel="https://api.w.org/", <https://s/?p=2&page=2>; rel="next""#,
        )]);
        assert_eq!(one.link("https://api.w.org/"), Some("https://s/wp-json/"));
        assert_eq!(one.link("next"), Some("https://s/?p=2&page=2"));
        assert_eq!(one.link("prev"), None);
        let two = answer(&[("link", "<https://a/>; rel=shortlink"), ("link", "<https://b/>; rel=next")]);
        assert_eq!(two.link("next"), Some("https://b/"));
        assert_eq!(answer(&[("link", "<<>>;;rel=")]).link("next"), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_never_more_than_an_hour() {
        let wait = |value| answer(&[("retry-after", value), ("date", "Sat, 21 Nov 2026 05:55:16 GMT")]).retry_after();
        assert_eq!(wait("120"), Some(Duration::from_secs(120)));
        assert_eq!(wait("Sat, 21 Nov 2026 05:56:16 GMT"), Some(Duration::from_secs(60)));
        assert_eq!(wait("Sat, 21 Nov 2026 05:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("99999999999"), Some(LONGEST_WAIT));
        assert_eq!(wait("soon"), None);
    }
}
