//! Tickets: the list, opening one, and its thread with what people do in it and from it.

mod about;
pub mod act;
pub mod assign;
pub mod close;
pub mod count;
pub mod create;
pub mod list;
pub mod new;
pub mod note;
mod others;
mod outcome;
pub mod read;
pub mod reopen;
mod said;
pub mod say;
pub mod set_priority;
pub mod show;
mod words;

pub use said::notice;

use serde::Deserialize;
use storewire_actors::desk::{Seen, Thread};
use storewire_db::TicketRow;
use storewire_domain::TicketId;
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use super::{table::Table, url};
use crate::{
    api::{attachments, tickets},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Mounts the pages of tickets, and the files that they carry.
pub fn configure(table: &mut Table<'_>) {
    table
        .get(url::SUPPORT, list::show)
        .post(url::SUPPORT, create::submit)
        .get(url::SUPPORT_COUNT, count::show)
        .get("/support/new", new::show)
        .get("/support/{id}", show::show)
        // A page that came back with what was typed renews itself where it is.
        .get("/support/{id}/messages", show::show)
        .post("/support/{id}/messages", say::submit)
        .get("/support/{id}/notes", show::show)
        .post("/support/{id}/notes", note::submit)
        .post("/support/{id}/assign", assign::submit)
        .post("/support/{id}/priority", set_priority::submit)
        .post("/support/{id}/close", close::submit)
        .post("/support/{id}/reopen", reopen::submit)
        .post("/support/{id}/act", act::submit)
        .post("/support/{id}/read", read::submit)
        .get("/attachments/{id}", attachments::show::handler);
}

/// A form that changes a ticket as its page showed it.
#[derive(Debug, Deserialize)]
pub struct Versioned {
    version: i64,
    deed: Uuid,
}

/// The ticket that a form is about, if its sender sees it and may do that in support.
async fn addressed(session: &Session, state: &AppState, id: TicketId, action: Action) -> Result<TicketRow, WebError> {
    let row = tickets::addressed(session, state, id).await?;
    session.require(Area::Support, action)?;
    Ok(row)
}

const fn thread(row: &TicketRow) -> Thread {
    Thread { tenant: row.tenant_id, id: row.id }
}

const fn seen(row: &TicketRow, version: i64) -> Seen {
    Seen { tenant: row.tenant_id, id: row.id, version }
}
