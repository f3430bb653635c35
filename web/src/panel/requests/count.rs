//! `GET /requests/count`: how many requests wait, for the navigation; asked for anew now and then.

use actix_web::{HttpResponse, web};
use storewire_db::requests;
use storewire_guard::access::{Action, Area};

use crate::{
    error::WebError,
    extract::Session,
    panel::{frame::words, respond, view::fragment::RequestCount},
    state::AppState,
};

/// Handles the request.
pub async fn show(session: Session, state: web::Data<AppState>) -> Result<HttpResponse, WebError> {
    session.require(Area::Requests, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let count = requests::waiting_count(&tx, session.own()).await?;
    tx.commit().await?;
    respond::page(&RequestCount { t: &words(&session), count })
}
