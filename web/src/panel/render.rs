//! Renders a change for everyone who watches the same page: the same partials that the pages print.

mod customers;
mod intents;
mod orders;
mod products;
mod rehearsals;
mod requests;
mod returns;
mod stock;
mod stores;
mod tickets;

use storewire_actors::feed::{FeedEvent, Page, Rendered, Renderer, Subject, View};
use storewire_domain::RoleClass;

use super::words::Words;

/// Adds the fragment as a row; a page that has it already replaces it in place.
const ADD: &str = "afterbegin";
/// Replaces what is there, and does nothing where it is not.
const REPLACE: &str = "outerHTML";
const REMOVE: &str = "delete";

/// The panel's half of the feed.
#[derive(Clone, Copy, Debug, Default)]
pub struct PanelRenderer;

impl Renderer for PanelRenderer {
    fn render(&self, view: &View, event: &FeedEvent) -> Option<Rendered> {
        let t = Words::for_locale(&view.locale);
        let change = &event.change;
        match (&view.page, &event.subject) {
            (Page::Orders { store, status }, Subject::Order(order)) => {
                orders::row(*store, status.as_deref(), order, view.class, &t)
            }
            (Page::Order(id), Subject::Order(order)) => orders::page(*id, change, order, &t),
            (Page::Products { store, stock_status }, Subject::Product(product)) => {
                products::row(*store, stock_status.as_deref(), product, &t)
            }
            (Page::Product(id), Subject::Product(product)) => products::page(*id, change, product, &t),
            (Page::Inventory { store, is_low }, Subject::Product(product)) => stock::row(*store, *is_low, product, &t),
            (Page::Stock(id), Subject::Product(product)) => stock::head(*id, product, &t),
            (Page::Requests { store, state }, Subject::Request(request)) => {
                requests::card(*store, *state, request, view.class, &t)
            }
            (Page::Request(id), Subject::Request(request)) => requests::page(*id, request, &t),
            (Page::Returns { store, state }, Subject::Return(row)) => returns::card(*store, *state, row, &t),
            (Page::Return(id), Subject::Return(row)) => returns::head(*id, row, &t),
            (Page::Return(id), Subject::Intent(intent)) => returns::shelf(*id, change, intent),
            (Page::Tickets { store, state }, Subject::Ticket(ticket)) => {
                tickets::row((*store, *state), view.class, change, ticket, &t)
            }
            (Page::Ticket { .. }, Subject::Ticket(ticket)) => tickets::head(view.class, change, ticket, &t),
            (Page::Ticket { .. }, _) => tickets::card(change),
            (Page::Customer(id), Subject::None) => customers::page(*id, change, &t),
            _ if view.class == RoleClass::Staff => for_staff(&view.page, event, &t),
            _ => None,
        }
    }
}

/// Store health and changes on their way are for staff only, whatever page a session says it shows.
fn for_staff(page: &Page, event: &FeedEvent, t: &Words) -> Option<Rendered> {
    let now = event.change.saved_at;
    match (page, &event.subject) {
        (Page::Stores, Subject::Store(row)) => stores::row(row, now, t),
        (Page::Control, Subject::Store(row)) => stores::actor(row, now, t),
        (Page::Store(id), Subject::Store(row)) => stores::page(*id, row, now, t),
        (Page::Order(id), Subject::Intent(intent)) => intents::of_record(id.uuid(), intent, t),
        (Page::Product(id) | Page::Stock(id), Subject::Intent(intent)) => intents::of_record(id.uuid(), intent, t),
        (Page::Import(_), Subject::Intent(intent)) => stock::outcome(intent, t),
        (Page::Customer(id), Subject::Intent(intent)) => intents::of_record(*id, intent, t),
        (Page::Intents, Subject::Intent(intent)) => intents::any(intent, t),
        (Page::Rehearsal(_), _) => rehearsals::now(&event.change, t),
        _ => None,
    }
}

fn rendered(content: String, target: &str, swap: &str) -> Option<Rendered> {
    Some(Rendered { content, target: Some(target.to_owned()), swap: Some(swap.to_owned()) })
}
