//! What the list of requests, and a request's own page, show of one that changed.

use askama::Template;
use storewire_actors::feed::Rendered;
use storewire_db::RequestRow;
use storewire_domain::{RequestId, RoleClass, StoreId, request::RequestState};

use super::{ADD, REMOVE, REPLACE, rendered};
use crate::panel::{
    dom_id,
    view::{RequestView, fragment::RequestFragment},
    words::Words,
};

/// On the list: added or replaced where it fits the filters, taken away where it no longer does.
pub(super) fn card(
    store: Option<StoreId>,
    state: Option<RequestState>,
    request: &RequestRow,
    class: RoleClass,
    t: &Words,
) -> Option<Rendered> {
    if store.is_some_and(|store| store != request.store_id) {
        return None;
    }
    if state.is_some_and(|state| state != request.state) {
        return rendered(String::new(), &dom_id::selector(&dom_id::request(request.id)), REMOVE);
    }
    let fragment = RequestFragment { t, request: RequestView::new(request, t).for_class(request, class, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(dom_id::REQUESTS), ADD)
}

/// On its own page, which asks for the rest of itself anew.
pub(super) fn page(id: RequestId, request: &RequestRow, t: &Words) -> Option<Rendered> {
    if id != request.id {
        return None;
    }
    let fragment = RequestFragment { t, request: RequestView::new(request, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(&dom_id::request(id)), REPLACE)
}
