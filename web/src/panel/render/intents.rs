//! What pages show of a change on its way: a record's own page, and the list of all.

use askama::Template;
use storewire_actors::feed::Rendered;
use storewire_db::intents::IntentRow;
use uuid::Uuid;

use super::{ADD, rendered};
use crate::panel::{
    dom_id,
    view::{IntentView, fragment::IntentFragment},
    words::Words,
};

/// On the page of a record: its own only.
pub(super) fn of_record(record: Uuid, intent: &IntentRow, t: &Words) -> Option<Rendered> {
    if intent.entity_id == record { any(intent, t) } else { None }
}

/// On the list of all.
pub(super) fn any(intent: &IntentRow, t: &Words) -> Option<Rendered> {
    let fragment = IntentFragment { t, intent: IntentView::new(intent, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(dom_id::INTENTS), ADD)
}
