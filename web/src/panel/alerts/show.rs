//! `GET /alerts`: the banner by itself, asked for anew now and then.

use actix_web::{HttpResponse, web};

use crate::{
    error::WebError,
    extract::Session,
    panel::{frame::words, respond, view::fragment::AlertsFragment},
    state::AppState,
};

/// Handles the request. Who keeps no stores has no such page.
pub async fn show(session: Session, state: web::Data<AppState>) -> Result<HttpResponse, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let alerts = super::of(&tx, &session).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    respond::page(&AlertsFragment { t: &words(&session), alerts })
}
