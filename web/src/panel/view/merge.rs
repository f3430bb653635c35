//! Two people changed a record at the same time: what joined by itself, and what one of them has to choose.

use askama::Template;
use storewire_domain::intent::{CustomerField, FieldValue, TextField};

use super::{When, intent::label};
use crate::panel::{
    filters,
    frame::Frame,
    merge::{Field, Merge, Side},
    words::Words,
};

/// The page that answers a form of several fields, some of which somebody else changed as well. Its status is 409.
#[derive(Template)]
#[template(path = "components/merge.html")]
pub struct MergePage {
    pub t: Words,
    pub frame: Frame,
    /// Who changed it, if that is known.
    pub by: Option<String>,
    pub at: Option<When>,
    /// Why what would join by itself does not, if that is so.
    pub why: Option<String>,
    pub parts: MergeParts,
    /// Where leaving it leads to.
    pub back: String,
}

/// The form that is sent, on the values of now.
#[derive(Clone, Debug)]
pub struct MergeParts {
    pub action: String,
    pub choices: Vec<MergeChoice>,
    /// What needs no choice and is told.
    pub joined: Vec<JoinedLine>,
    /// What needs no choice, as fields of the form.
    pub held: Vec<(String, String)>,
}

/// One field that both changed.
#[derive(Clone, Debug)]
pub struct MergeChoice {
    pub label: String,
    pub seen: String,
    pub now: String,
    /// By which the form says whose value it is to be.
    pub take: String,
    /// The name of the input with what was typed.
    pub name: String,
    pub mine: String,
    pub kind: &'static str,
    /// More than a line.
    pub is_long: bool,
    /// An amount is typed with a keyboard of digits.
    pub is_amount: bool,
    /// The longest text it takes, in characters.
    pub longest: u32,
}

/// One field that joined by itself.
#[derive(Clone, Debug)]
pub struct JoinedLine {
    pub label: String,
    pub seen: String,
    pub now: String,
    pub mine: String,
    pub becomes: String,
}

impl MergeParts {
    /// `action` is where the edit's own form is sent to.
    #[must_use]
    pub fn new(merge: &Merge, action: String, t: &Words) -> Self {
        let mut parts = Self { action, choices: Vec::new(), joined: Vec::new(), held: Vec::new() };
        for field in &merge.fields {
            let (shown, input) = inputs(&field.name);
            parts.held.push((shown, written(&field.now)));
            if field.side == Side::Both {
                parts.choices.push(MergeChoice::new(field, input, t));
                continue;
            }
            let is_mine = field.side == Side::Mine;
            parts.held.push((input, if is_mine { field.mine.clone() } else { written(&field.now) }));
            if is_mine || field.now != field.seen {
                parts.joined.push(JoinedLine::new(field, t));
            }
        }
        parts
    }
}

impl MergeChoice {
    fn new(field: &Field, input: String, t: &Words) -> Self {
        let text = field.name.parse::<TextField>().ok();
        let customer = field.name.parse::<CustomerField>().ok();
        let is_long = matches!(text, Some(TextField::Short | TextField::Long));
        Self {
            label: label(&field.name, t),
            seen: read(&field.seen, t),
            now: read(&field.now, t),
            take: format!("take.{input}"),
            name: input,
            mine: field.mine.clone(),
            kind: if customer.is_some_and(CustomerField::is_email) { "email" } else { "text" },
            is_long,
            is_amount: text.is_none() && customer.is_none(),
            longest: match text {
                Some(TextField::Short | TextField::Long) => 20_000,
                Some(TextField::Sku) => 100,
                _ => 200,
            },
        }
    }
}

impl JoinedLine {
    fn new(field: &Field, t: &Words) -> Self {
        let mine = FieldValue::text(&field.mine);
        // What was typed in the shop is known only when the store is asked.
        let is_open = field.name.parse::<TextField>().is_ok_and(TextField::is_rendered);
        let (now, becomes) = match field.side {
            Side::Mine if is_open => (t.get("merge-unknown"), t.get("merge-if-unchanged")),
            Side::Mine => (read(&field.now, t), t.get("merge-yours")),
            _ => (read(&field.now, t), t.get("merge-stays")),
        };
        let seen = read(&field.seen, t);
        Self { label: label(&field.name, t), seen, now, mine: read(&mine, t), becomes }
    }
}

/// The names under which a field's form sends what it showed and what is wanted.
fn inputs(field: &str) -> (String, String) {
    match field {
        "regular_price" => ("seen_regular".to_owned(), "regular".to_owned()),
        "sale_price" => ("seen_sale".to_owned(), "sale".to_owned()),
        other => (format!("seen.{other}"), other.to_owned()),
    }
}

/// A value as a form sends it; empty for nothing.
fn written(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Number(number) => number.normalize().to_string(),
        FieldValue::List(values) => values.join(" "),
        FieldValue::Nothing => String::new(),
    }
}

/// A value as people read it: all of it, because they choose between two.
fn read(value: &FieldValue, t: &Words) -> String {
    let text = written(value);
    if text.is_empty() { t.get("intent-nothing") } else { text }
}
