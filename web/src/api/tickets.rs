//! Tickets: what a merchant and staff say to each other about something, and what staff note among themselves.
//!
//! A merchant's user sees the own ones, a merchant's admin the tenant's, staff those of their stores. Notes are read in the platform's scope
//! only: in a merchant's they are not asked for, and the database would refuse it.

pub mod act;
pub mod change;
mod item;
pub mod list;
pub mod note;
pub mod open;
pub mod read;
pub mod say;
pub mod show;

use actix_web::web;
use storewire_db::{ReadTx, TicketRow, tickets};
use storewire_domain::TicketId;

pub use item::{FileItem, TicketItem};

use crate::{
    api::{get_or_patch, get_or_post, post_only},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Mounts the routes of tickets.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/support/tickets")
            .route(web::get().to(list::handler))
            .route(web::post().to(open::handler))
            .default_service(web::to(get_or_post)),
    )
    .service(
        web::resource("/support/tickets/{id}")
            .route(web::get().to(show::handler))
            .route(web::patch().to(change::handler))
            .default_service(web::to(get_or_patch)),
    )
    .service(
        web::resource("/support/tickets/{id}/messages")
            .route(web::post().to(say::handler))
            .default_service(web::to(post_only)),
    )
    .service(
        web::resource("/support/tickets/{id}/notes")
            .route(web::post().to(note::handler))
            .default_service(web::to(post_only)),
    )
    .service(
        web::resource("/support/tickets/{id}/actions")
            .route(web::post().to(act::handler))
            .default_service(web::to(post_only)),
    )
    .service(
        web::resource("/support/tickets/{id}/read")
            .route(web::post().to(read::handler))
            .default_service(web::to(post_only)),
    );
}

/// The ticket, if it is there for this reader: a colleague's looks to a merchant's user like none.
pub(crate) async fn visible(tx: &ReadTx, session: &Session, id: TicketId) -> Result<TicketRow, WebError> {
    let found = tickets::find(tx, id).await?;
    found.filter(|row| session.own().is_none_or(|own| own == row.opened_by)).ok_or(WebError::NotFound)
}

/// The same, for what needs no further look at the rows.
pub(crate) async fn addressed(session: &Session, state: &AppState, id: TicketId) -> Result<TicketRow, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let row = visible(&tx, session, id).await?;
    tx.commit().await?;
    Ok(row)
}
