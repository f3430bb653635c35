//! `GET /bell`: the bell by itself, asked for anew now and then and after every frame.

use actix_web::{HttpResponse, web};
use storewire_db::notices;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame::words,
        respond,
        view::{Bell, BellFragment},
    },
    state::AppState,
};

/// Handles the request.
pub async fn show(session: Session, state: web::Data<AppState>) -> Result<HttpResponse, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let unread = notices::unread(&tx, session.user_id).await?;
    tx.commit().await?;
    let t = words(&session);
    respond::page(&BellFragment { bell: Bell::new(unread, &t) })
}
