//! Open alerts as a banner: the gravest in a line, all of them on demand.

use storewire_db::alerts::Alert;

use super::{When, status::readable, text::plain};
use crate::panel::{url, words::Words};

/// Alerts listed in the banner; the control room shows every store.
const LISTED: usize = 20;

/// The banner.
#[derive(Clone, Debug, Default)]
pub struct Alerts {
    pub lines: Vec<AlertLine>,
    /// "3 things need a look".
    pub title: String,
    /// How many are not listed.
    pub more: Option<String>,
}

/// One alert.
#[derive(Clone, Debug)]
pub struct AlertLine {
    pub store: String,
    pub href: String,
    pub text: String,
    pub since: When,
}

impl Alerts {
    #[must_use]
    pub fn new(alerts: &[Alert], t: &Words) -> Self {
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let line = |alert: &Alert| AlertLine {
            store: plain(&alert.store_name),
            href: match alert.kind.as_str() {
                "dead_letters" => url::with(url::DEAD_LETTERS, &[("store", &alert.store_id.to_string())]),
                _ => url::store(alert.store_id),
            },
            text: text(alert, t),
            since: When::moment(alert.since),
        };
        let rest = alerts.len().saturating_sub(LISTED);
        let mut gravest: Vec<&Alert> = alerts.iter().collect();
        gravest.sort_by_key(|alert| gravity(&alert.kind));
        Self {
            lines: gravest.into_iter().take(LISTED).map(line).collect(),
            title: t.count("alerts-title", number(alerts.len())),
            more: (rest > 0).then(|| t.count("alerts-more", number(rest))),
        }
    }
}

/// Less comes first: what stops a store, then what makes it late, then what waits for a decision.
fn gravity(kind: &str) -> u8 {
    match kind {
        "needs_attention" | "parked" => 0,
        "stale" => 1,
        "clone" => 2,
        "webhooks" => 3,
        "dead_letters" => 4,
        _ => 5,
    }
}

fn text(alert: &Alert, t: &Words) -> String {
    match alert.kind.as_str() {
        "stale" => t.get("alert-stale"),
        "dead_letters" => t.told("alert-dead-letters", &["count"], &alert.detail),
        "parked" => t.get("alert-parked"),
        "needs_attention" => t.get("alert-needs-attention"),
        "clone" => t.told("alert-clone", &["count"], &alert.detail),
        "storm" => t.told("alert-storm", &["record", "remote_id"], &alert.detail),
        "webhooks" => t.get("alert-webhooks"),
        other => readable(other),
    }
}
