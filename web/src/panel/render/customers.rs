//! What a customer's page shows of a change; the rest of the page is asked for anew.

use askama::Template;
use storewire_actors::feed::Rendered;
use storewire_db::ChangeRow;
use uuid::Uuid;

use super::{ADD, rendered};
use crate::panel::{
    dom_id,
    view::{Change, fragment::ChangeFragment},
    words::Words,
};

pub(super) fn page(id: Uuid, change: &ChangeRow, t: &Words) -> Option<Rendered> {
    if change.entity_id != id {
        return None;
    }
    let fragment = ChangeFragment { t, change: Change::new(change, None, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(dom_id::TIMELINE), ADD)
}
