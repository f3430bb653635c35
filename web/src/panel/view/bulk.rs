//! A change of many orders, and what became of each.

use askama::Template;
use storewire_db::{OrderSummary, bulks, intents::IntentRow};
use storewire_domain::intent::EditFault;

use super::{Badge, IntentView};
use crate::panel::{filters, frame::Frame, said, url, words::Words};

/// `GET /orders/bulk/{id}`.
#[derive(Template)]
#[template(path = "orders/bulk.html")]
pub struct BulkPage {
    pub t: Words,
    pub frame: Frame,
    /// How many ended how.
    pub counts: Vec<(Badge, usize)>,
    pub rows: Vec<BulkRow>,
}

/// One order of it.
#[derive(Clone, Debug)]
pub enum BulkRow {
    /// On its way to its store, or there.
    Written(Box<IntentView>),
    /// Left alone, and why.
    Refused { href: String, order: String, store: String, why: String },
}

impl BulkRow {
    /// `order` is `None` for one that is out of sight by now.
    #[must_use]
    pub fn new(row: &bulks::BulkRow, order: Option<&OrderSummary>, intent: Option<&IntentRow>, t: &Words) -> Self {
        if let Some(intent) = intent {
            return Self::Written(Box::new(IntentView::new(intent, t)));
        }
        Self::Refused {
            href: url::order(row.entity_id.into()),
            order: order.map(|order| t.with("order-number", "number", &order.number)).unwrap_or_default(),
            store: order.map(|order| order.store_name.clone()).unwrap_or_default(),
            why: why(row.refusal.as_deref().unwrap_or_default(), t),
        }
    }

    /// How many are done, on their way, failed, and left alone; those that are none are not told.
    #[must_use]
    pub fn counts(rows: &[Self], t: &Words) -> Vec<(Badge, usize)> {
        let badge = |word: &str, tone, icon| Badge { word: t.get(word), tone, icon };
        let of = |is_meant: &dyn Fn(&str) -> bool| rows.iter().filter(|row| is_meant(row.stands())).count();
        let all = [
            (badge("bulk-done", "good", "circle-check"), of(&|state| state == "done")),
            (badge("bulk-on-its-way", "info", "send"), of(&|state| !matches!(state, "done" | "failed" | "refused"))),
            (badge("bulk-failed", "bad", "circle-alert"), of(&|state| state == "failed")),
            (badge("bulk-refused", "warn", "ban"), of(&|state| state == "refused")),
        ];
        all.into_iter().filter(|(_, count)| *count > 0).collect()
    }

    fn stands(&self) -> &str {
        match self {
            Self::Written(intent) => intent.state_raw,
            Self::Refused { .. } => "refused",
        }
    }
}

/// Why an order was left alone.
fn why(code: &str, t: &Words) -> String {
    match code {
        "changed" => t.get("bulk-changed"),
        "gone" => t.get("said-gone"),
        other => other.parse::<EditFault>().map_or_else(|_| other.to_owned(), |fault| said::rejected(fault, t)),
    }
}
