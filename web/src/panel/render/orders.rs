//! What pages of orders show of a change.

use askama::Template;
use storewire_actors::feed::Rendered;
use storewire_db::{ChangeRow, OrderSummary};
use storewire_domain::{OrderId, RoleClass, StoreId};

use super::{ADD, REMOVE, REPLACE, rendered};
use crate::panel::{
    dom_id,
    view::{
        Change, OrderHead, OrderRow,
        fragment::{OrderFragment, OrderRowFragment},
    },
    words::Words,
};

pub(super) fn row(
    store: Option<StoreId>,
    status: Option<&str>,
    order: &OrderSummary,
    class: RoleClass,
    t: &Words,
) -> Option<Rendered> {
    if store.is_some_and(|id| id != order.store_id) {
        return None;
    }
    let id = dom_id::selector(&dom_id::order(order.id));
    let is_gone = order.trashed_at.is_some() || order.deleted_at.is_some();
    let fits = match status {
        None => !is_gone,
        Some("trash") => order.trashed_at.is_some() && order.deleted_at.is_none(),
        Some(status) => !is_gone && order.status == status,
    };
    let row = || {
        let row = OrderRow::new(order, t);
        let row = if class == RoleClass::Staff { row.to_pick(order) } else { row };
        OrderRowFragment { t, row }.render().ok()
    };
    if fits {
        rendered(row()?, &dom_id::selector(dom_id::ORDER_ROWS), ADD)
    } else if is_gone {
        // Struck through until the page is loaded anew, so that nobody looks for what just vanished.
        rendered(row()?, &id, REPLACE)
    } else {
        rendered(String::new(), &id, REMOVE)
    }
}

pub(super) fn page(id: OrderId, change: &ChangeRow, order: &OrderSummary, t: &Words) -> Option<Rendered> {
    if order.id != id {
        return None;
    }
    let fragment = OrderFragment { t, change: Change::new(change, None, t), head: OrderHead::new(order, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(dom_id::TIMELINE), ADD)
}
