//! What a rehearsal's page shows of its moving on.

use askama::Template;
use storewire_actors::feed::Rendered;
use storewire_db::{ChangeRow, rehearsals};

use super::{REPLACE, rendered};
use crate::panel::{
    dom_id,
    view::{RehearsalNow, fragment::RehearsalFragment},
    words::Words,
};

pub(super) fn now(change: &ChangeRow, t: &Words) -> Option<Rendered> {
    let fragment = RehearsalFragment { t, now: RehearsalNow::new(&rehearsals::told(change)?, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(dom_id::REHEARSAL_NOW), REPLACE)
}
