//! A store's diary: what happened to it, in sentences.

use serde_json::Value;
use storewire_db::diary::Entry;
use storewire_domain::StoreId;

use super::{When, advice, gap, status::readable};
use crate::panel::{url, words::Words};

/// One entry.
#[derive(Clone, Debug)]
pub struct DiaryLine {
    pub icon: &'static str,
    pub text: String,
    pub by: Option<String>,
    pub at: When,
    /// Where a ticket is opened about it; for what is wrong.
    pub ticket_href: Option<String>,
}

impl DiaryLine {
    #[must_use]
    pub fn new(entry: &Entry, t: &Words) -> Self {
        let (icon, text) = sentence(entry, t);
        Self { icon, text, by: entry.user_name.clone(), at: When::moment(entry.at), ticket_href: None }
    }

    /// The same line in the diary of a store, where a ticket can be opened about what is wrong.
    #[must_use]
    pub fn of(self, store: StoreId) -> Self {
        let is_wrong = matches!(self.icon, "circle-alert" | "circle-x" | "triangle-alert" | "clock");
        let ticket_href = is_wrong.then(|| url::new_ticket(&format!("store:{store}"), &self.text));
        Self { ticket_href, ..self }
    }
}

fn sentence(entry: &Entry, t: &Words) -> (&'static str, String) {
    let detail = &entry.detail;
    match entry.kind.as_str() {
        "connected" => ("plug", t.get("diary-connected")),
        "imported" => ("cloud-download", t.get("diary-imported")),
        "live_again" => ("circle-check", t.get("diary-live-again")),
        "needs_attention" => ("circle-alert", with_advice("diary-needs-attention", detail, t)),
        "parked" => ("circle-x", t.get("diary-parked")),
        "paused" => ("circle-pause", t.get("diary-paused")),
        "resumed" => ("play", t.get("diary-resumed")),
        "stale" => ("clock", t.told("diary-stale", &["minutes", "goal_minutes"], detail)),
        "fresh_again" => ("circle-check", t.told("diary-fresh-again", &["minutes"], detail)),
        "dirty" => ("triangle-alert", t.get("diary-dirty")),
        "settings_changed" => ("pencil", t.get("diary-settings-changed")),
        "owners_set" => ("arrow-left-right", t.get("diary-owners-set")),
        "reconcile_wanted" => ("list-checks", t.get("diary-reconcile-wanted")),
        "reconciled" => {
            ("list-checks", t.told("diary-reconciled", &["checked", "drifted", "repaired", "gone", "seconds"], detail))
        }
        "sweep_disbelieved" => ("triangle-alert", t.told("diary-sweep-disbelieved", &["resource", "suspects"], detail)),
        "replayed" => ("refresh-cw", t.told("diary-replayed", &["deliveries"], detail)),
        "dead_retried" => ("refresh-cw", t.told("diary-dead-retried", &["deliveries", "records"], detail)),
        "dead_discarded" => ("trash-2", t.told("diary-dead-discarded", &["letters"], detail)),
        "storm" => ("hourglass", t.told("diary-storm", &["record", "remote_id", "deliveries", "seconds"], detail)),
        "storm_over" => {
            let names = ["record", "remote_id", "saves", "seconds", "verdict"];
            ("circle-check", t.told("diary-storm-over", &names, detail))
        }
        other => of_webhooks(other, detail, t),
    }
}

/// What concerns the way in which a store tells us.
fn of_webhooks(kind: &str, detail: &Value, t: &Words) -> (&'static str, String) {
    match kind {
        "webhooks_healed" => {
            let mut told = detail.clone();
            if let Some(told) = told.as_object_mut() {
                told.insert("recovered".to_owned(), Value::String(gap::recovered(detail, t)));
            }
            ("webhook", t.told("diary-webhooks-healed", &["cause", "topics", "topic", "minutes", "recovered"], &told))
        }
        "webhooks_missed" => ("webhook", t.told("diary-webhooks-missed", &["orders", "minutes"], detail)),
        "hooks_refused" => ("webhook", t.get("diary-hooks-refused")),
        "webhook_owner" => ("webhook", t.get("diary-webhook-owner")),
        "webhook_secret_rotated" => ("key-round", t.get("diary-secret-rotated")),
        "clone_suspected" => ("triangle-alert", t.told("diary-clone-suspected", &["source"], detail)),
        "source_accepted" => ("circle-check", t.told("diary-source-accepted", &["source", "retried"], detail)),
        other => ("history", readable(other)),
    }
}

fn with_advice(id: &str, detail: &Value, t: &Words) -> String {
    let reason = detail.get("reason").and_then(Value::as_str).unwrap_or_default();
    t.with(id, "advice", &advice(reason, t))
}
