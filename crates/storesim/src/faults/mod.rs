//! What goes wrong in a shop on demand.
//!
//! A fault is one switch here and one look at it in the place it strikes: before the shop works on a request ([`strike`]), at its door
//! (`rest::auth`), while a record is shown or an answer is written ([`spoil`]), or on the way of a delivery ([`fate`]). Switches combine;
//! where only one can show, the harshest is looked at first.

pub mod fate;
pub mod spoil;
pub mod strike;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rand::Rng as _;
use serde::{Deserialize, Serialize};

/// A shop's switches; all off at first. A `part` is between 0 (never) and 1 (always).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Refuse everything with 503 and a page of the host.
    pub down: bool,
    /// Close every connection as soon as a request has come: the nearest to a refused one on a port that all shops share.
    pub refuse: bool,
    /// Take every request and never answer.
    pub freeze: bool,
    /// Wait so long before each answer.
    pub slow_ms: u64,
    /// Answer with 429.
    pub status_429: Option<Throttle>,
    /// Answer with 503 and WordPress' maintenance page.
    pub status_503: Option<Throttle>,
    /// Answer this part of the REST requests with 500 and WordPress' page for crashes, without working on them.
    pub status_500_part: f64,
    /// Answer with a redirection: the site has moved.
    pub redirect_to: Option<Redirect>,
    /// Answer with 403 and a firewall's page.
    pub html_403: bool,
    /// Answer REST requests with 200 and a page.
    pub html_200: bool,
    /// Answer REST requests with 200 and nothing.
    pub empty_200: bool,
    /// Answer PUT, PATCH and DELETE with 501 and a page; a POST that names the method in `X-HTTP-Method-Override` passes.
    pub block_put: bool,

    /// Close the connection on this part of the writes before anything is done.
    pub cut_before_apply_part: f64,
    /// Carry out this part of the writes and then close the connection without an answer.
    pub cut_after_apply_part: f64,
    /// Carry out this part of the writes and then answer with 500 and WordPress' page for crashes.
    pub crash_after_apply_part: f64,
    /// Answer writes with 504 at once and carry them out so much later; 0 is off.
    pub late_apply_ms: u64,

    /// Making an order crashes in the middle: 500, and a draft of it stays behind.
    pub leave_drafts: bool,

    /// Every key is unknown, as after it was revoked.
    pub status_401: bool,
    /// Every secret is wrong, as after the key was made anew.
    pub wrong_secret: bool,
    /// Every key may only read.
    pub read_only_key: bool,
    /// The keys' user has lost the right to everything: 403.
    pub forbidden: bool,
    /// WooCommerce is switched off: 404 `rest_no_route` for all of `wc/v3`, and the index does not list it.
    pub no_route: bool,
    /// PHP does not know that it was reached by https: keys are not looked at, and OAuth's base string says http.
    pub is_ssl_blind: bool,
    /// The web server keeps the `Authorization` header from PHP.
    pub drops_authorization: bool,

    /// A PHP notice stands before the JSON.
    pub junk_before_json: bool,
    /// A byte order mark stands before the JSON.
    pub bom: bool,
    /// The JSON ends in the middle, though its length is right.
    pub truncate_json: bool,
    /// Showing one of these records crashes: 500, alone or on a page.
    pub broken_records: BTreeSet<u64>,
    /// Records that a plugin shows in a form which no decoder expects, in REST and in deliveries.
    pub undecodable_records: BTreeMap<u64, Damage>,
    /// A list with a larger `per_page` runs out of memory: 500.
    pub max_page: Option<usize>,
    /// Every list of records is empty with 200 and a total of 0, as when a query throws. Webhooks are listed all the same.
    pub empty_list: bool,
    /// Answer everything about webhooks with this status: keys of a lesser user, or a route that crashes.
    pub webhook_status: Option<u16>,

    /// This part of the deliveries is never sent.
    pub drop_webhooks: f64,
    /// This part of the deliveries is sent twice.
    pub duplicate_webhooks: f64,
    /// After this part of the deliveries an older one is sent again as it was, signed anew.
    pub stale_webhooks: f64,
    /// This part of the deliveries is built in its turn, but sent after the next one.
    pub swap_webhooks: f64,
    /// This part of the deliveries says that the webhook's owner may not see the record.
    pub error_object_webhooks: f64,
    /// Every delivery is due so much later; 0 is off.
    pub delay_webhooks_ms: u64,
    /// Deliveries name this home (`X-WC-Webhook-Source`), as a copy of the site does.
    pub source_override: Option<String>,

    /// The shop's clock is so many seconds ahead of the fleet's.
    pub clock_skew_seconds: i64,
}

/// A host's throttle or a maintenance, and what it says about coming back. Without either field there is no `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Throttle {
    /// Seconds to name in `Retry-After`, however many.
    pub retry_after: Option<u64>,
    /// Name the moment so many seconds from now instead, as an HTTP date.
    pub retry_date_seconds: Option<i64>,
    /// This part of the requests is struck.
    pub part: f64,
}

impl Default for Throttle {
    fn default() -> Self {
        Self { retry_after: None, retry_date_seconds: None, part: 1.0 }
    }
}

/// Where a site has moved to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redirect {
    /// The new home; path and query are kept.
    pub to: String,
    /// 301, 302, 307 or 308.
    #[serde(default = "moved_permanently")]
    pub status: u16,
}

const fn moved_permanently() -> u16 {
    301
}

/// How a record is unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Damage {
    /// `"id": "12abc"`
    Id,
    /// An object where the total, price or e-mail address should be.
    Amount,
    /// `"date_modified_gmt": "yesterday"`
    Date,
}

impl Faults {
    /// How long to wait before answering.
    #[must_use]
    pub const fn delay(&self) -> Option<Duration> {
        if self.slow_ms == 0 { None } else { Some(Duration::from_millis(self.slow_ms)) }
    }

    /// Whether the switches make sense.
    ///
    /// # Errors
    /// Which one does not.
    pub fn validate(&self) -> Result<(), &'static str> {
        let parts = [
            self.status_500_part,
            self.cut_before_apply_part,
            self.cut_after_apply_part,
            self.crash_after_apply_part,
            self.drop_webhooks,
            self.duplicate_webhooks,
            self.stale_webhooks,
            self.swap_webhooks,
            self.error_object_webhooks,
        ];
        let throttles = [self.status_429, self.status_503].into_iter().flatten().map(|throttle| throttle.part);
        if !parts.into_iter().chain(throttles).all(|part| (0.0..=1.0).contains(&part)) {
            return Err("a part is between 0 and 1");
        }
        if let Some(redirect) = &self.redirect_to
            && (!matches!(redirect.status, 301 | 302 | 307 | 308) || !redirect.to.starts_with("http"))
        {
            return Err("a redirection is 301, 302, 307 or 308 to an http address");
        }
        if self.webhook_status.is_some_and(|status| !(400..600).contains(&status)) {
            return Err("webhook_status is an error's: 400 to 599");
        }
        if self.max_page == Some(0) {
            return Err("max_page is at least 1");
        }
        Ok(())
    }
}

/// Decides by lot.
fn happens(part: f64) -> bool {
    part > 0.0 && rand::rng().random_bool(part.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_read_from_json_and_unknown_ones_refused() {
        let text = r#"{"status_429":{"retry_after":7},"drop_webhooks":1.0,"undecodable_records":{"12":"amount"}}"#;
        let faults: Faults = serde_json::from_str(text).unwrap();
        assert_eq!(faults.status_429, Some(Throttle { retry_after: Some(7), ..Throttle::default() }));
        assert_eq!(faults.undecodable_records.get(&12), Some(&Damage::Amount));
        assert!(serde_json::from_str::<Faults>(r#"{"dwon":true}"#).is_err());
    }

    #[test]
    fn senseless_switches_are_refused() {
        for text in [
            r#"{"drop_webhooks":1.5}"#,
            r#"{"status_429":{"part":-1}}"#,
            r#"{"redirect_to":{"to":"https://a","status":200}}"#,
            r#"{"redirect_to":{"to":"elsewhere"}}"#,
            r#"{"webhook_status":200}"#,
            r#"{"max_page":0}"#,
        ] {
            let faults: Faults = serde_json::from_str(text).unwrap();
            assert!(faults.validate().is_err(), "{text} passed");
        }
        assert_eq!(Faults::default().validate(), Ok(()));
    }
}
