//! What somebody did to a record, as an entry of its timeline.

use jiff::Timestamp;
use serde_json::Value;
use storewire_db::{ChangeRow, audit::AuditRow};

use super::{Change, When, change, status};
use crate::{
    history::{Doer, Entry, together, wanted},
    panel::words::Words,
};

/// A record's timeline, newest first: what changed in it, and what people did. `shown` is when the page is made.
#[must_use]
pub fn timeline(changes: &[ChangeRow], deeds: &[AuditRow], shown: Timestamp, t: &Words) -> Vec<Change> {
    let entry = |entry| match entry {
        Entry::Changed(row, None) => Change::new(row, Some(shown), t),
        Entry::Changed(row, Some(by)) => Change { source: who(by, t), ..Change::new(row, Some(shown), t) },
        Entry::Done(deed) => done(deed, shown, t),
    };
    together(changes, deeds).into_iter().map(entry).collect()
}

fn done(deed: &AuditRow, shown: Timestamp, t: &Words) -> Change {
    let by = Doer::of(deed);
    let (fields, more) = match wanted(deed) {
        Some((kind, fields)) => change::fields(kind, &Value::Object(fields), t),
        None => (Vec::new(), None),
    };
    Change {
        dom_id: format!("deed-{}", deed.id),
        title: title(&deed.action, t),
        icon: if by == Doer::Engine { "cpu" } else { "user" },
        source: who(by, t),
        fields,
        more,
        store_label: String::new(),
        store_time: None,
        received: None,
        saved: When::exact(deed.at),
        shown: Some(When::exact(shown)),
    }
}

fn who(by: Doer<'_>, t: &Words) -> String {
    match by {
        Doer::Named(name) => t.with("deed-by", "name", name),
        Doer::Staff => t.get("deed-by-staff"),
        Doer::Engine => t.get("source-engine"),
    }
}

/// What it was. A deed that has no words of its own here is told by its name.
fn title(action: &str, t: &Words) -> String {
    match action {
        "intent.propose" => t.get("deed-propose"),
        "intent.retry" => t.get("deed-retry"),
        "intent.cancel" => t.get("deed-cancel"),
        "request.ask" => t.get("deed-ask"),
        "request.approve" => t.get("deed-approve"),
        "request.reject" => t.get("deed-reject"),
        "request.withdraw" => t.get("deed-withdraw"),
        "request.comment" => t.get("deed-comment"),
        "request.stale" => t.get("deed-stale"),
        "request.fresh" => t.get("deed-fresh"),
        "request.remind" => t.get("deed-remind"),
        "request.expire" => t.get("deed-expire"),
        "request.apply" => t.get("deed-apply"),
        "request.fail" => t.get("deed-fail"),
        "request.reopen" => t.get("deed-reopen"),
        "customer.tag" => t.get("deed-tag"),
        "customer.untag" => t.get("deed-untag"),
        other => status::readable(&other.replace(['.', '_'], " ")),
    }
}
