//! Somebody was faster: what a person wanted to change is no longer as they saw it.

use askama::Template;
use storewire_domain::intent::{FieldValue, Fields};

use super::{
    When,
    intent::{label, shown},
};
use crate::panel::{filters, frame::Frame, words::Words};

/// The page that answers a form whose sender looked at values of before. Its status is 409, or 412 for a version of ours.
#[derive(Template)]
#[template(path = "components/faster.html")]
pub struct FasterPage {
    pub t: Words,
    pub frame: Frame,
    /// Who changed it, if that is known.
    pub by: Option<String>,
    pub at: Option<When>,
    pub lines: Vec<FasterLine>,
    /// The same wish on the values of now; none where it can no longer be made.
    pub again: Vec<Again>,
    /// Where leaving it leads to.
    pub back: String,
}

/// One value in its three states, in words.
#[derive(Clone, Debug)]
pub struct FasterLine {
    pub field: String,
    pub seen: String,
    pub now: String,
    pub wanted: String,
}

/// A form that sends what was sent, with what the sender has seen by now.
#[derive(Clone, Debug)]
pub struct Again {
    pub action: String,
    /// Its fields, by name.
    pub fields: Vec<(&'static str, String)>,
    pub label: String,
}

impl FasterLine {
    /// Of a field of a record.
    #[must_use]
    pub fn new(field: &str, seen: &FieldValue, now: &FieldValue, wanted: &FieldValue, t: &Words) -> Self {
        let told = |value: &FieldValue| shown(field, &serde_json::to_value(value).unwrap_or_default(), t);
        Self { field: label(field, t), seen: told(seen), now: told(now), wanted: told(wanted) }
    }

    /// Of each field that is held now; what one of the others does not say is nothing.
    #[must_use]
    pub fn each(seen: &Fields, now: &Fields, wanted: &Fields, t: &Words) -> Vec<Self> {
        let of = |fields: &Fields, name: &str| fields.get(name).cloned().unwrap_or(FieldValue::Nothing);
        now.names().map(|name| Self::new(name, &of(seen, name), &of(now, name), &of(wanted, name), t)).collect()
    }
}
