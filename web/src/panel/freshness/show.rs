//! `GET /freshness`: the line under a list that says up to when it is complete.

use actix_web::{HttpResponse, web};
use storewire_db::stores;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame::words,
        narrow::ListQuery,
        respond,
        view::{Fresh, fragment::FreshnessFragment},
    },
    state::AppState,
};

/// Handles the request.
pub async fn show(
    session: Session,
    query: web::Query<ListQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let narrowing = query.narrowing()?;
    let tx = state.db.read(&session.scope()).await?;
    let stores = stores::glances(&tx).await?;
    tx.commit().await?;
    let t = words(&session);
    respond::page(&FreshnessFragment { t: &t, fresh: Fresh::of(&stores, narrowing.store, state.clock.now()) })
}
