//! `GET /stores/{id}/diary`: everything that happened to a store, newest first.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::diary;
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
        view::{DiaryLine, DiaryPage},
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
    let mut found = diary::list(&tx, store.tenant_id, store.id, query.before(), PAGE + 1).await?;
    let alerts = alerts::of(&tx, &session).await?;
    tx.commit().await?;

    let t = words(&session);
    let href = url::store(store.id);
    let last = narrow::last(&mut found, |row| row.id.to_string());
    respond::page(&DiaryPage {
        frame: Frame::new(&request, &session, url::STORES, state.clock.now(), &t).under(alerts),
        diary: found.iter().map(|row| DiaryLine::new(row, &t).of(store.id)).collect(),
        older: last.map(|last| url::further(&format!("{href}/diary"), &last)),
        name: store.name,
        href,
        t,
    })
}
