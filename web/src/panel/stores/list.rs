//! `GET /stores`: every store that the reader keeps, with its honest state.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::stores;
use storewire_guard::access::{Action, Area, allowed};

use super::require;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        respond, url,
        view::{StoreView, StoresPage},
    },
    state::AppState,
};

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    require(&session, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let stores = stores::list(&tx).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let t = words(&session);
    let now = state.clock.now();
    let live = url::live("stores", cursor.as_str(), &[]);
    respond::page(&StoresPage {
        frame: Frame::new(&request, &session, url::STORES, now, &t).under(alerts).following(live),
        rows: stores.iter().map(|store| StoreView::new(store, now, &t)).collect(),
        can_connect: allowed(&session, Area::Stores, Action::Connect),
        t,
    })
}
