//! What goes wrong in a shop on demand.
//!
//! A fault is one switch here and one look at it in the place it strikes: before the shop answers ([`Faults::strike_request`]) or on the
//! way of a delivery ([`Faults::fate_of_delivery`]). Switches combine; the harshest is looked at first.

use std::time::Duration;

use rand::Rng as _;
use serde::{Deserialize, Serialize};

use crate::http::Reply;

/// A shop's switches; all off at first. Setting replaces all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Refuse everything with 503 and a page of the host.
    pub down: bool,
    /// Wait so long before each answer.
    pub slow_ms: u64,
    /// Answer everything with 429.
    pub status_429: Option<Throttle>,
    /// Answer REST requests with 200 and a page.
    pub html_200: bool,
    /// This part of the deliveries is never sent (0 to 1).
    pub drop_webhooks: f64,
    /// This part of the deliveries is sent twice (0 to 1).
    pub duplicate_webhooks: f64,
}

/// A host's throttle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Throttle {
    /// Seconds to name in `Retry-After`; none sends no such header.
    pub retry_after: Option<u64>,
}

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Sent,
    SentTwice,
    Dropped,
}

impl Faults {
    /// How long to wait before answering.
    #[must_use]
    pub const fn delay(&self) -> Option<Duration> {
        if self.slow_ms == 0 { None } else { Some(Duration::from_millis(self.slow_ms)) }
    }

    /// The answer that replaces the shop's own, if a switch demands one.
    #[must_use]
    pub fn strike_request(&self, is_rest: bool) -> Option<Reply> {
        if self.down {
            return Some(Reply::html(503, page("503 Service Temporarily Unavailable")));
        }
        if let Some(throttle) = self.status_429 {
            let reply = Reply::html(429, page("429 Too Many Requests"));
            return Some(match throttle.retry_after {
                Some(seconds) => reply.with("retry-after", seconds.to_string()),
                None => reply,
            });
        }
        (self.html_200 && is_rest).then(|| Reply::html(200, page("Just a moment...")))
    }

    /// What becomes of the next delivery.
    #[must_use]
    pub fn fate_of_delivery(&self) -> Fate {
        if happens(self.drop_webhooks) {
            Fate::Dropped
        } else if happens(self.duplicate_webhooks) {
            Fate::SentTwice
        } else {
            Fate::Sent
        }
    }

    /// Whether the fractions are fractions.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        [self.drop_webhooks, self.duplicate_webhooks].iter().all(|part| (0.0..=1.0).contains(part))
    }
}

fn happens(part: f64) -> bool {
    part > 0.0 && rand::rng().random_bool(part.clamp(0.0, 1.0))
}

fn page(title: &str) -> String {
    format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_read_from_json_and_unknown_ones_refused() {
        let faults: Faults = serde_json::from_str(r#"{"status_429":{"retry_after":7},"drop_webhooks":1.0}"#).unwrap();
        let reply = faults.strike_request(true).unwrap();
        assert_eq!((reply.status, faults.fate_of_delivery()), (429, Fate::Dropped));
        assert!(reply.headers.contains(&("retry-after", "7".to_owned())));
        assert!(serde_json::from_str::<Faults>(r#"{"dwon":true}"#).is_err());
        assert_eq!(Faults::default().strike_request(true).map(|reply| reply.status), None);
    }

    #[test]
    fn a_page_instead_of_json_strikes_rest_only() {
        let faults = Faults { html_200: true, ..Faults::default() };
        assert_eq!(faults.strike_request(true).map(|reply| reply.status), Some(200));
        assert!(faults.strike_request(false).is_none());
    }
}
