//! The pages of changes on their way.

use askama::Template;
use storewire_db::intents::IntentRow;

use super::{Filter, IntentView, When, intent::values};
use crate::panel::{filters, frame::Frame, words::Words};

/// What is known of a change besides where it stands: name and value.
#[must_use]
pub fn change_facts(intent: &IntentRow, t: &Words) -> Vec<(String, Fact)> {
    let told =
        |fields: &Option<serde_json::Value>| fields.as_ref().and_then(|fields| values(fields, t)).map(Fact::Text);
    let facts = [
        (t.get("intent-asked"), Some(Fact::At(When::exact(intent.created_at)))),
        (t.get("intent-by"), intent.user_name.clone().map(Fact::Text)),
        (t.get("intent-seen"), told(&intent.expected)),
        (t.get("intent-before"), told(&intent.before)),
        (t.get("intent-sent"), intent.sent_at.map(When::exact).map(Fact::At)),
        (t.get("intent-attempts"), Some(Fact::Text(intent.attempts.to_string()))),
        (t.get("intent-result"), told(&intent.result)),
        (t.get("intent-ended"), intent.finished_at.map(When::exact).map(Fact::At)),
    ];
    facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))).collect()
}

/// A fact's value.
#[derive(Clone, Debug)]
pub enum Fact {
    Text(String),
    At(When),
}

/// `GET /changes`.
#[derive(Template)]
#[template(path = "intents/list.html")]
pub struct ChangesPage {
    pub t: Words,
    pub frame: Frame,
    pub filter: Filter,
    pub takes_new: bool,
    pub rows: Vec<IntentView>,
    /// The next page.
    pub older: Option<String>,
}

/// `GET /changes/{id}`.
#[derive(Template)]
#[template(path = "intents/show.html")]
pub struct ChangePage {
    pub t: Words,
    pub frame: Frame,
    pub intent: IntentView,
    pub facts: Vec<(String, Fact)>,
    pub store: String,
    pub store_href: String,
}
