//! What pages of returns show of a change.

use askama::Template;
use storewire_actors::feed::Rendered;
use storewire_db::{ChangeRow, ReturnRow, intents::IntentRow};
use storewire_domain::{ReturnId, StoreId, returns::ReturnState};

use super::{ADD, REMOVE, REPLACE, rendered};
use crate::panel::{
    dom_id,
    view::{
        ReturnCard, ReturnHead, ShelfBeat,
        fragment::{ReturnFragment, ReturnHeadFragment},
    },
    words::Words,
};

/// On the list: added or replaced where it fits the filters, taken away where it no longer does.
pub(super) fn card(store: Option<StoreId>, state: Option<ReturnState>, row: &ReturnRow, t: &Words) -> Option<Rendered> {
    if store.is_some_and(|store| store != row.store_id) {
        return None;
    }
    if state.is_some_and(|state| state != row.state) {
        return rendered(String::new(), &dom_id::selector(&dom_id::returned(row.id)), REMOVE);
    }
    let fragment = ReturnFragment { t, returned: ReturnCard::new(row, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(dom_id::RETURNS), ADD)
}

/// On its own page: the head. The rest of the page is asked for anew once this has come.
pub(super) fn head(page: ReturnId, row: &ReturnRow, t: &Words) -> Option<Rendered> {
    if page != row.id {
        return None;
    }
    let fragment = ReturnHeadFragment { t, head: ReturnHead::new(row, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(&dom_id::return_head(row.id)), REPLACE)
}

/// On the page of the return whose goods it puts back: word that they are nearer to the shelf.
pub(super) fn shelf(page: ReturnId, change: &ChangeRow, intent: &IntentRow) -> Option<Rendered> {
    if intent.cause.returned != Some(page) {
        return None;
    }
    let fragment = ShelfBeat { saved: change.saved_at.as_microsecond() };
    rendered(fragment.render().ok()?, &dom_id::selector(dom_id::SHELF_BEAT), REPLACE)
}
