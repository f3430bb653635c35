//! What pages of tickets show of a change.

use askama::Template;
use storewire_actors::feed::Rendered;
use storewire_db::{ChangeRow, TicketRow};
use storewire_domain::{RoleClass, StoreId, ticket::TicketState};

use super::{ADD, REMOVE, REPLACE, rendered};
use crate::panel::{
    dom_id,
    view::{CardBeat, TicketFragment, TicketHeadFragment, TicketView},
    words::Words,
};

/// On the list: added or replaced where it fits the filters, taken away where it no longer does.
pub(super) fn row(
    (store, state): (Option<StoreId>, Option<TicketState>),
    class: RoleClass,
    change: &ChangeRow,
    ticket: &TicketRow,
    t: &Words,
) -> Option<Rendered> {
    if store.is_some_and(|store| store != ticket.store_id) {
        return None;
    }
    if state.is_some_and(|state| state != ticket.state) {
        return rendered(String::new(), &dom_id::selector(&dom_id::ticket(ticket.id)), REMOVE);
    }
    let fragment = TicketFragment { t, ticket: TicketView::told(ticket, class, change.saved_at, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(dom_id::TICKETS), ADD)
}

/// On its own page: the head; the page then asks for the thread.
pub(super) fn head(class: RoleClass, change: &ChangeRow, ticket: &TicketRow, t: &Words) -> Option<Rendered> {
    let fragment = TicketHeadFragment { t, ticket: TicketView::told(ticket, class, change.saved_at, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(&dom_id::ticket_head(ticket.id)), REPLACE)
}

/// On the page of a ticket that is about the changed record: word that the card is old.
pub(super) fn card(change: &ChangeRow) -> Option<Rendered> {
    let fragment = CardBeat { saved: change.saved_at.as_microsecond() };
    rendered(fragment.render().ok()?, &dom_id::selector(dom_id::TICKET_CARD_BEAT), REPLACE)
}
