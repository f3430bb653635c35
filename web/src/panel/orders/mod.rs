//! Orders: the live feed, one of them, and what staff wish changed in it.

pub mod add_note;
pub mod add_tracking;
pub mod bulk;
pub mod charges;
pub mod draft;
pub mod list;
pub mod new;
pub mod pending;
pub mod place;
pub mod set_status;
pub mod shares;
pub mod show;
pub mod stats;

use storewire_domain::OrderId;
use storewire_guard::access::Area;

use super::{propose::Record, table::Table, url};
use crate::{addressed, error::WebError, extract::Session, state::AppState};

/// Mounts what staff do around orders. It comes before the orders themselves, whose ids would take its words.
pub fn configure(table: &mut Table<'_>) {
    table
        .post("/orders/bulk", bulk::submit)
        .get("/orders/new", new::show)
        .post("/orders/new", new::change)
        .post("/orders/place", place::submit)
        .get(url::PLACED, pending::show)
        .get("/orders/stats", stats::show)
        .get("/orders/bulk/{id}", bulk::show)
        .post("/orders/{id}/charges", charges::add)
        .post("/orders/{id}/charges/{charge}/end", charges::end)
        .post("/orders/{id}/shares", shares::make)
        .post("/orders/{id}/shares/{share}/revoke", shares::revoke);
}

/// The order that a form is about, if its sender may change orders. Another tenant's is not there, whoever asks.
async fn addressed(session: &Session, state: &AppState, id: OrderId) -> Result<Record, WebError> {
    let order = addressed::order(session, state, id.uuid(), Area::Orders).await?;
    Ok(Record { tenant: order.tenant_id, store: order.store_id, entity: id.uuid() })
}
