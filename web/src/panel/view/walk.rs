//! Walks over everything that a store lists, and the differences they found.

use serde_json::Value;
use storewire_db::{drifts::Drift, sweeps::Sweep};
use storewire_domain::{DriftKind, DriftOutcome, Purpose, Resource};

use super::{Badge, When, money::count, status::readable};
use crate::panel::words::Words;

const MAX_FIELDS: usize = 6;
const MAX_VALUE_CHARS: usize = 60;

/// All walks of one purpose: a run.
#[derive(Clone, Debug)]
pub struct RunView {
    pub title: String,
    pub hint: String,
    pub state: Badge,
    pub began: Option<When>,
    pub ended: Option<When>,
    /// How many records it has passed, and of how many while it goes on.
    pub checked: String,
    pub drifted: String,
    pub has_drifted: bool,
}

impl RunView {
    /// One run per purpose, sweeps first.
    #[must_use]
    pub fn all(sweeps: &[Sweep], t: &Words) -> Vec<Self> {
        let of = |purpose: &Purpose| sweeps.iter().filter(|sweep| sweep.purpose == *purpose).collect::<Vec<_>>();
        Purpose::ALL.iter().map(|purpose| Self::new(*purpose, &of(purpose), t)).collect()
    }

    fn new(purpose: Purpose, walks: &[&Sweep], t: &Words) -> Self {
        let (title, hint) = match purpose {
            Purpose::Sweep => (t.get("walk-sweep"), t.get("walk-sweep-hint")),
            Purpose::Reconcile => (t.get("walk-reconcile"), t.get("walk-reconcile-hint")),
        };
        let began = walks.iter().filter_map(|walk| walk.started_at).max();
        let is_under_way = walks.iter().any(|walk| walk.is_open());
        let is_wanted = walks.iter().any(|walk| walk.wanted_at.is_some());
        let (word, tone, icon) = match (is_under_way, is_wanted, began) {
            (true, ..) => (t.get("walk-under-way"), "info", "refresh-cw"),
            (false, true, _) => (t.get("walk-wanted"), "info", "clock"),
            (false, false, Some(_)) => (t.get("walk-done"), "good", "circle-check"),
            (false, false, None) => (t.get("walk-never"), "calm", "circle-dashed"),
        };
        let sum = |of: fn(&Sweep) -> i64| walks.iter().fold(0_i64, |sum, walk| sum.saturating_add(of(walk)));
        let drifted = sum(|walk| walk.drifted);
        let done = count(sum(|walk| walk.done));
        let expected = sum(|walk| walk.expected.unwrap_or(0));
        Self {
            title,
            hint,
            state: Badge { word, tone, icon },
            began: began.map(When::moment),
            ended: walks.iter().filter_map(|walk| walk.finished_at).max().filter(|_| !is_under_way).map(When::moment),
            checked: match is_under_way && expected > 0 {
                true => t.with_two("walk-progress", ("done", &done), ("total", &count(expected))),
                false => t.with("walk-checked", "done", &done),
            },
            drifted: count(drifted),
            has_drifted: drifted > 0,
        }
    }
}

/// One difference.
#[derive(Clone, Debug)]
pub struct DriftView {
    pub record: String,
    pub kind: String,
    pub fields: Vec<DriftField>,
    pub found: When,
    pub state: Badge,
}

/// A field that differed.
#[derive(Clone, Debug)]
pub struct DriftField {
    pub name: String,
    /// Ours and the store's; `None` where only the field is named.
    pub values: Option<(String, String)>,
}

impl DriftView {
    #[must_use]
    pub fn new(drift: &Drift, t: &Words) -> Self {
        let fields = drift.detail.as_object().into_iter().flatten().filter_map(|(name, pair)| field(name, pair));
        Self {
            record: format!("{} {}", noun(drift.resource, t), drift.remote_id),
            kind: match drift.kind {
                DriftKind::Missing => t.get("drift-missing"),
                DriftKind::Different => t.get("drift-different"),
                DriftKind::Extra => t.get("drift-extra"),
            },
            fields: fields.take(MAX_FIELDS).collect(),
            found: When::moment(drift.found_at),
            state: outcome(drift.outcome, t),
        }
    }
}

fn field(name: &str, pair: &Value) -> Option<DriftField> {
    let [ours, theirs] = pair.as_array()?.as_slice() else { return None };
    let is_told = !(ours.is_null() && theirs.is_null());
    Some(DriftField { name: readable(name), values: is_told.then(|| (shown(ours), shown(theirs))) })
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let short: String = text.chars().take(MAX_VALUE_CHARS).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

fn outcome(outcome: Option<DriftOutcome>, t: &Words) -> Badge {
    let (word, tone, icon) = match outcome {
        None => (t.get("drift-open"), "warn", "clock"),
        Some(DriftOutcome::Repaired) => (t.get("drift-repaired"), "good", "circle-check"),
        Some(DriftOutcome::Gone) => (t.get("drift-gone"), "calm", "trash-2"),
        Some(DriftOutcome::Same) => (t.get("drift-same"), "calm", "circle-check"),
    };
    Badge { word, tone, icon }
}

fn noun(resource: Resource, t: &Words) -> String {
    match resource {
        Resource::Orders => t.get("noun-order"),
        Resource::Products => t.get("noun-product"),
        Resource::Variations => t.get("noun-variation"),
        Resource::Coupons => t.get("noun-coupon"),
        Resource::Customers => t.get("noun-customer"),
    }
}
