//! `GET /inventory/import`: where a file of counts is given, above those that were given before.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{
    stock::{self, ImportFilter},
    stores,
};
use uuid::Uuid;

use super::require;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        narrow::{self, ListQuery, PAGE},
        respond, url,
        view::{Choice, ImportFormPage, ImportView},
    },
    state::AppState,
};

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<ListQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    require(&session)?;
    let chosen = query.narrowing()?.store;
    let filter = ImportFilter { store: None, before: query.before(), limit: PAGE + 1 };
    let tx = state.db.read(&session.scope()).await?;
    let mut found = stock::imports(&tx, &filter).await?;
    let stores = stores::glances(&tx).await?;
    let alerts = alerts::of(&tx, &session).await?;
    tx.commit().await?;

    let t = words(&session);
    let last = narrow::last(&mut found, |row| row.id.to_string());
    respond::page(&ImportFormPage {
        frame: Frame::new(&request, &session, url::INVENTORY, state.clock.now(), &t).under(alerts),
        deed: Uuid::now_v7(),
        stores: stores.iter().map(|row| Choice::store(row, chosen)).collect(),
        rows: found.iter().map(|row| ImportView::new(row, &t)).collect(),
        older: last.map(|last| url::further(url::IMPORT, &last)),
        t,
    })
}
