//! A change on its way to a store: what is wanted, where it stands, and what the store said.

use rust_decimal::Decimal;
use serde_json::Value;
use storewire_db::intents::IntentRow;
use storewire_domain::{
    Edit, IntentState,
    intent::{CustomerField, TextField},
};

use super::{Badge, When, customer_field, money::number, outcome, status, text::plain};
use crate::panel::{dom_id, url, words::Words};

const MAX_TEXT_CHARS: usize = 120;

/// One change on its way.
#[derive(Clone, Debug)]
pub struct IntentView {
    pub dom_id: String,
    pub href: String,
    /// The page of the record that it changes.
    pub record_href: String,
    pub record: String,
    pub store: String,
    pub icon: &'static str,
    pub title: String,
    pub state: Badge,
    pub state_raw: &'static str,
    /// When this state was written, so that a script never puts an older one over a newer.
    pub saved: i64,
    pub outcome: Option<String>,
    /// What the store holds now, where it is not what was wanted.
    pub present: Option<String>,
    pub by: Option<String>,
    pub asked: When,
    pub finished: Option<When>,
    pub attempts: i16,
    pub can_cancel: bool,
    pub can_retry: bool,
}

impl IntentView {
    #[must_use]
    pub fn new(intent: &IntentRow, t: &Words) -> Self {
        let (icon, title) = title(&intent.edit, t);
        let (record_href, record) = record(intent, t);
        let is_failed = intent.state == IntentState::Failed;
        let result = intent.result.as_ref().filter(|result| result.is_object());
        Self {
            dom_id: dom_id::intent(intent.id),
            href: url::change(intent.id),
            record_href,
            record,
            store: plain(&intent.store_name),
            icon,
            title,
            state: badge(intent.state, t),
            state_raw: intent.state.as_str(),
            saved: intent.updated_at.as_microsecond(),
            outcome: outcome::told(intent, t),
            present: result.filter(|_| is_failed && !intent.edit.creates()).and_then(|result| values(result, t)),
            by: intent.user_name.clone(),
            asked: When::moment(intent.created_at),
            finished: intent.finished_at.map(When::moment),
            attempts: intent.attempts,
            can_cancel: intent.state == IntentState::Waiting,
            can_retry: is_failed && !intent.cause.is_decided_again(),
        }
    }

    /// In a line: what was wanted, and what became of it if that is known.
    #[must_use]
    pub fn error(&self) -> String {
        match &self.outcome {
            Some(outcome) => format!("{}: {outcome}", self.title),
            None => self.title.clone(),
        }
    }
}

/// Where an intent stands, in words.
pub fn badge(state: IntentState, t: &Words) -> Badge {
    let (word, tone, icon) = match state {
        IntentState::Waiting => (t.get("intent-waiting"), "calm", "clock"),
        IntentState::Sending => (t.get("intent-sending"), "info", "send"),
        IntentState::Unknown => (t.get("intent-unknown"), "warn", "hourglass"),
        IntentState::Done => (t.get("intent-done"), "good", "circle-check"),
        IntentState::Failed => (t.get("intent-failed"), "bad", "circle-alert"),
    };
    Badge { word, tone, icon }
}

/// The values of a snapshot, one after the other.
pub fn values(fields: &Value, t: &Words) -> Option<String> {
    let told: Vec<String> = fields.as_object()?.iter().map(|(name, value)| field(name, value, t)).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

fn field(name: &str, value: &Value, t: &Words) -> String {
    format!("{} {}", label(name, t), shown(name, value, t))
}

/// The value of a field, as people read it.
pub fn shown(name: &str, value: &Value, t: &Words) -> String {
    match value {
        Value::String(text) if name == "status" => status::order(text, t).word,
        Value::String(text) => shortened(text),
        Value::Array(values) => shortened(&values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")),
        Value::Null => t.get("intent-nothing"),
        other => shortened(&other.to_string()),
    }
}

/// What people call a field.
pub fn label(name: &str, t: &Words) -> String {
    match name {
        "stock_quantity" => t.get("field-stock"),
        "regular_price" => t.get("field-regular-price"),
        "sale_price" => t.get("field-sale-price"),
        "status" => t.get("field-status"),
        "categories" => t.get("product-categories"),
        "note" => t.get("field-note"),
        "tracking" => t.get("field-tracking"),
        other => match (other.parse::<CustomerField>(), other.parse::<TextField>()) {
            (Ok(field), _) => customer_field::label(field, t),
            (_, Ok(field)) => text_label(field, t),
            _ => status::readable(other),
        },
    }
}

/// What an edit is about, as icon and words.
pub fn title(edit: &Edit, t: &Words) -> (&'static str, String) {
    let price = |amount: Option<Decimal>| amount.map_or_else(|| t.get("intent-nothing"), number);
    match edit {
        Edit::Stock { quantity } => ("package", t.with("intent-stock", "value", &number(*quantity))),
        Edit::Price { regular, sale: None } => ("pencil", t.with("intent-price", "value", &price(*regular))),
        Edit::Price { regular, sale } => {
            ("pencil", t.with_two("intent-price-sale", ("value", &price(*regular)), ("sale", &price(*sale))))
        }
        Edit::ProductStatus { status } => {
            ("pencil", t.with("intent-status", "value", &status::product(status, t).word))
        }
        Edit::OrderStatus { status } => ("pencil", t.with("intent-status", "value", &status::order(status, t).word)),
        Edit::Categories { ids } => {
            ("pencil", t.count("intent-categories", i64::try_from(ids.len()).unwrap_or(i64::MAX)))
        }
        Edit::Text { fields } => {
            let names: Vec<String> = fields.keys().map(|field| text_label(*field, t)).collect();
            ("pencil", t.with("intent-text", "fields", &names.join(", ")))
        }
        Edit::Trash => ("trash-2", t.get("intent-trash")),
        Edit::Create { product } => ("package", t.with("intent-create", "name", &shortened(&product.name))),
        Edit::AddVariation { variation } => {
            let options: Vec<&str> = variation.choices.iter().map(|choice| choice.option.as_str()).collect();
            ("package", t.with("intent-variation", "name", &shortened(&options.join(", "))))
        }
        Edit::PlaceOrder { order } => ("shopping-bag", t.with("intent-place", "name", &shortened(&order.buyer()))),
        Edit::OrderNote { text, for_customer: true } => {
            ("message-square", t.with("intent-note-customer", "text", &shortened(text)))
        }
        Edit::OrderNote { text, .. } => ("message-square", t.with("intent-note", "text", &shortened(text))),
        Edit::Tracking { provider, number, .. } => {
            ("truck", t.with_two("intent-tracking", ("provider", &shortened(provider)), ("number", &shortened(number))))
        }
        Edit::Customer { fields } => {
            let names: Vec<String> = fields.keys().map(|field| customer_field::label(*field, t)).collect();
            ("user", t.with("intent-customer", "fields", &shortened(&names.join(", "))))
        }
    }
}

fn record(intent: &IntentRow, t: &Words) -> (String, String) {
    // What is yet to be made has no page of its own.
    if intent.edit.stands_alone() && intent.remote_id.is_empty() {
        let noun = if intent.edit.noun() == "order" { t.get("noun-order") } else { t.get("noun-product") };
        return (url::change(intent.id), noun);
    }
    let with_id = |noun: String| format!("{noun} {}", intent.remote_id);
    match intent.edit.noun() {
        "order" => (url::order(intent.entity_id.into()), with_id(t.get("noun-order"))),
        "product" => (url::product(intent.entity_id.into()), with_id(t.get("noun-product"))),
        _ => (url::customer(intent.entity_id), with_id(t.get("noun-customer"))),
    }
}

/// What a product's text is called.
pub fn text_label(field: TextField, t: &Words) -> String {
    match field {
        TextField::Name => t.get("field-name"),
        TextField::Sku => t.get("product-col-sku"),
        TextField::Short => t.get("field-short-description"),
        TextField::Long => t.get("field-description"),
    }
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().take(MAX_TEXT_CHARS).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
