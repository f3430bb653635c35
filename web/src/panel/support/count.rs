//! `GET /support/count`: how many tickets say something unread, for the navigation; asked for anew now and then.

use actix_web::{HttpResponse, web};
use storewire_db::tickets;
use storewire_guard::access::{Action, Area};

use crate::{
    error::WebError,
    extract::Session,
    panel::{frame::words, respond, view::TicketCount},
    state::AppState,
};

/// Handles the request.
pub async fn show(session: Session, state: web::Data<AppState>) -> Result<HttpResponse, WebError> {
    session.require(Area::Support, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let count = tickets::unread_count(&tx, session.user_id, session.own()).await?;
    tx.commit().await?;
    respond::page(&TicketCount { t: &words(&session), count })
}
