//! What pages of stores show of a change. A store is as late as it was when the change was saved.

use askama::Template;
use jiff::Timestamp;
use storewire_actors::feed::Rendered;
use storewire_db::StoreRow;
use storewire_domain::StoreId;

use super::{ADD, REPLACE, rendered};
use crate::panel::{
    dom_id,
    view::{
        StoreView,
        fragment::{ActorFragment, StoreHealthFragment, StoreRowFragment},
    },
    words::Words,
};

pub(super) fn row(store: &StoreRow, now: Timestamp, t: &Words) -> Option<Rendered> {
    let fragment = StoreRowFragment { t, row: StoreView::new(store, now, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(dom_id::STORE_ROWS), ADD)
}

/// The part of a tile that the row tells; its budget is asked for with the page.
pub(super) fn actor(store: &StoreRow, now: Timestamp, t: &Words) -> Option<Rendered> {
    let fragment = ActorFragment { t, row: StoreView::new(store, now, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(&dom_id::actor(store.id)), REPLACE)
}

pub(super) fn page(id: StoreId, store: &StoreRow, now: Timestamp, t: &Words) -> Option<Rendered> {
    if store.id != id {
        return None;
    }
    let fragment = StoreHealthFragment { t, row: StoreView::new(store, now, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(&dom_id::store_health(id)), REPLACE)
}
