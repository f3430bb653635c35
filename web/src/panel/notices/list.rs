//! `GET /notices`: what one was told, newest first.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::notices;
use storewire_guard::access::{Action, Area};

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        narrow::{self, ListQuery, PAGE},
        respond, url,
        view::{NoticeLine, NoticesPage},
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
    session.require(Area::Profile, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let mut found = notices::list(&tx, session.user_id, query.before(), PAGE + 1).await?;
    let unread = notices::unread(&tx, session.user_id).await?;
    let alerts = alerts::of(&tx, &session).await?;
    tx.commit().await?;

    let t = words(&session);
    let last = narrow::last(&mut found, |row| row.id.to_string());
    respond::page(&NoticesPage {
        frame: Frame::new(&request, &session, url::NOTICES, state.clock.now(), &t).under(alerts),
        newest: found.first().filter(|_| unread > 0).map(|row| row.id.to_string()),
        is_further: query.before().is_some(),
        older: last.map(|last| url::further(url::NOTICES, &last)),
        lines: found.iter().map(|row| NoticeLine::new(row, &t)).collect(),
        t,
    })
}
