//! `GET /stores/{id}/drift`: everything that walks over a store found to differ, newest first.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::drifts;
use storewire_domain::StoreId;
use storewire_guard::access::Action;

use super::addressed;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        narrow::{self, ListQuery, PAGE},
        respond, url,
        view::{DriftPage, DriftView},
    },
    state::AppState,
};

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<StoreId>,
    query: web::Query<ListQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let store = addressed(&session, &state, *id, Action::View).await?;
    let tx = state.db.read(&session.scope()).await?;
    let mut found = drifts::list(&tx, store.tenant_id, store.id, query.before(), PAGE + 1).await?;
    let alerts = alerts::of(&tx, &session).await?;
    tx.commit().await?;

    let t = words(&session);
    let href = url::store(store.id);
    let last = narrow::last(&mut found, |row| row.id.to_string());
    respond::page(&DriftPage {
        frame: Frame::new(&request, &session, url::STORES, state.clock.now(), &t).under(alerts),
        drift: found.iter().map(|row| DriftView::new(row, &t)).collect(),
        older: last.map(|last| url::further(&format!("{href}/drift"), &last)),
        name: store.name,
        href,
        t,
    })
}
