//! A file of counts: what its lines come to, and what became of them.

use askama::Template;
use rust_decimal::Decimal;
use storewire_db::{
    intents::IntentRow,
    stock::{ImportLine, ImportRow, Total},
};
use storewire_domain::{
    IntentState,
    stock::{ImportFinding, ImportState},
};
use uuid::Uuid;

use super::{Badge, Choice, Tab, When, intent, money::count, money::number, outcome, text::plain};
use crate::panel::{dom_id, filters, frame::Frame, url, words::Words};

/// A file in the list, and in the head of its page.
#[derive(Clone, Debug)]
pub struct ImportView {
    pub href: String,
    pub name: String,
    pub store: String,
    pub state: Badge,
    pub by: String,
    pub made: When,
    pub lines: String,
    pub changes: String,
    pub version: i64,
    /// Until then it may be written.
    pub until: Option<When>,
    pub written_by: Option<String>,
    /// Columns that nobody asked for, and whether its letters had to be guessed.
    pub ignored: String,
    pub is_guessed: bool,
    /// Lines that are not on their way though they are to be.
    pub left: Option<String>,
    pub can_drop: bool,
}

impl ImportView {
    #[must_use]
    pub fn new(row: &ImportRow, t: &Words) -> Self {
        let is_open = matches!(row.state, ImportState::Previewed | ImportState::Writing);
        let is_previewed = row.state == ImportState::Previewed;
        Self {
            href: url::import(row.id),
            name: if row.name.is_empty() { t.get("import-no-name") } else { row.name.clone() },
            store: plain(&row.store_name),
            state: badge(row.state, t),
            by: row.made_name.clone(),
            made: When::moment(row.created_at),
            lines: count(row.num_lines),
            changes: count(row.num_changes),
            version: row.version,
            until: is_previewed.then(|| When::moment(row.expires_at)),
            written_by: row.written_name.clone(),
            ignored: row.ignored.join(", "),
            is_guessed: row.encoding != "utf-8",
            left: (is_open && row.num_left > 0).then(|| t.count("import-write", row.num_left)),
            can_drop: is_previewed,
        }
    }
}

fn badge(state: ImportState, t: &Words) -> Badge {
    let (word, tone, icon) = match state {
        ImportState::Previewed => (t.get("import-previewed"), "info", "clock"),
        ImportState::Writing => (t.get("import-writing"), "warn", "hourglass"),
        ImportState::Written => (t.get("import-written"), "good", "circle-check"),
        ImportState::Dropped => (t.get("import-dropped"), "calm", "ban"),
    };
    Badge { word, tone, icon }
}

/// How many lines came to the same, as a number with its words.
#[derive(Clone, Debug)]
pub struct ImportTotal {
    pub label: String,
    pub count: String,
}

/// One line of a file.
#[derive(Clone, Debug)]
pub struct ImportLineView {
    pub line: i32,
    pub sku: String,
    /// The product's name and page, if it is about one.
    pub product: Option<(String, String)>,
    pub now: String,
    pub wanted: String,
    pub finding: Badge,
    pub outcome: Option<Outcome>,
}

impl ImportLineView {
    #[must_use]
    pub fn new(line: &ImportLine, t: &Words) -> Self {
        let product = line.product_id.zip(line.product_name.as_deref());
        let state = line.intent_id.zip(line.intent_state);
        let reason = line.reason.as_deref();
        Self {
            line: line.line,
            sku: line.sku.clone(),
            product: product.map(|(id, name)| (plain(name), url::stock(id))),
            now: line.present.map(number).unwrap_or_default(),
            wanted: line.wanted.map_or_else(|| line.given.clone(), |wanted: Decimal| number(wanted)),
            finding: finding(line.finding, t),
            outcome: match state {
                Some((intent, state)) => Some(Outcome::new(intent, state, reason, t)),
                None => reason.map(|reason| Outcome::refused(reason, t)),
            },
        }
    }
}

/// What a line comes to, in words.
fn finding(finding: ImportFinding, t: &Words) -> Badge {
    let (word, tone, icon) = match finding {
        ImportFinding::Change => (t.get("import-change"), "info", "pencil"),
        ImportFinding::Same => (t.get("import-same"), "calm", "circle-check"),
        ImportFinding::Unknown => (t.get("import-unknown"), "warn", "circle-dashed"),
        ImportFinding::Ambiguous => (t.get("import-ambiguous"), "warn", "triangle-alert"),
        ImportFinding::Doubled => (t.get("import-doubled"), "warn", "triangle-alert"),
        ImportFinding::BadNumber => (t.get("import-bad-number"), "warn", "circle-alert"),
        ImportFinding::NotCounted => (t.get("import-not-counted"), "warn", "circle-dashed"),
        ImportFinding::CountedByParent => (t.get("import-counted-by-parent"), "warn", "circle-dashed"),
    };
    Badge { word, tone, icon }
}

/// What became of a line.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// By which a frame finds it; empty for a line that became no write.
    pub dom_id: String,
    pub flash: &'static str,
    /// When this was written, so that a script never puts an older one over a newer.
    pub saved: i64,
    pub state: Badge,
    pub href: Option<String>,
    /// Why it was not written.
    pub why: Option<String>,
}

impl Outcome {
    fn new(id: Uuid, state: IntentState, reason: Option<&str>, t: &Words) -> Self {
        let why = reason.filter(|_| state == IntentState::Failed).map(|reason| outcome::failed(reason, t));
        Self {
            dom_id: dom_id::outcome(id),
            flash: state.as_str(),
            saved: 0,
            state: intent::badge(state, t),
            href: Some(url::change(id)),
            why,
        }
    }

    /// Of a line that became no write.
    fn refused(reason: &str, t: &Words) -> Self {
        Self {
            dom_id: String::new(),
            flash: "refused",
            saved: 0,
            state: intent::badge(IntentState::Failed, t),
            href: None,
            why: Some(outcome::failed(reason, t)),
        }
    }

    /// As the write itself tells it.
    #[must_use]
    pub fn of(row: &IntentRow, t: &Words) -> Self {
        let outcome = Self::new(row.id, row.state, row.reason.as_deref(), t);
        Self { saved: row.updated_at.as_microsecond(), ..outcome }
    }
}

/// How many lines came to what, then what became of those that were written.
#[must_use]
pub fn totals(found: &[Total], t: &Words) -> Vec<ImportTotal> {
    let sum = |fits: &dyn Fn(&Total) -> bool| found.iter().filter(|total| fits(total)).map(|total| total.count).sum();
    let line = |label: String, number: i64| (number > 0).then(|| ImportTotal { label, count: count(number) });
    let findings = ImportFinding::ALL.iter().map(|&kind| {
        let number = sum(&|total: &Total| total.finding == kind);
        line(finding(kind, t).word, number)
    });
    let states = IntentState::ALL.iter().map(|&state| {
        let number = sum(&|total: &Total| total.state == Some(state));
        line(intent::badge(state, t).word, number)
    });
    let refused = line(t.get("import-refused"), sum(&|total: &Total| total.is_refused));
    findings.chain(states).chain([refused]).flatten().collect()
}

/// The findings that a file has, as tabs of its page.
#[must_use]
pub fn tabs(import: Uuid, found: &[Total], chosen: Option<ImportFinding>, t: &Words) -> Vec<Tab> {
    let href = |value: &str| url::with(&url::import(import), &[("finding", value)]);
    let all = Tab { href: href(""), label: t.get("import-all"), is_current: chosen.is_none() };
    let has = |kind: &ImportFinding| found.iter().any(|total| total.finding == *kind);
    let tab = |&kind: &ImportFinding| Tab {
        href: href(kind.as_str()),
        label: finding(kind, t).word,
        is_current: chosen == Some(kind),
    };
    std::iter::once(all).chain(ImportFinding::ALL.iter().filter(|kind| has(kind)).map(tab)).collect()
}

/// `GET /inventory/import`.
#[derive(Template)]
#[template(path = "inventory/import.html")]
pub struct ImportFormPage {
    pub t: Words,
    pub frame: Frame,
    /// So that a file sent twice is looked at once.
    pub deed: Uuid,
    pub stores: Vec<Choice>,
    /// Files that were given before, newest first.
    pub rows: Vec<ImportView>,
    pub older: Option<String>,
}

/// `GET /inventory/imports/{id}`.
#[derive(Template)]
#[template(path = "inventory/import_show.html")]
pub struct ImportPage {
    pub t: Words,
    pub frame: Frame,
    pub import: ImportView,
    pub totals: Vec<ImportTotal>,
    pub tabs: Vec<Tab>,
    pub rows: Vec<ImportLineView>,
    pub next: Option<String>,
}
