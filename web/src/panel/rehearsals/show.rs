//! `GET /rehearsals/{id}`: a rehearsal as it runs, and its report.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_domain::TenantId;

use super::{named, require};
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        respond, url,
        view::{RehearsalPage, RehearsalView},
    },
    state::AppState,
};

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<TenantId>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    require(&session)?;
    // Before the row: what moves on meanwhile is told again.
    let tx = state.db.read(&session.scope()).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;
    let row = named(&session, &state, *id).await?;
    let t = words(&session);
    let now = state.clock.now();
    let frame = Frame::new(&request, &session, url::REHEARSALS, now, &t);
    let live = url::live("rehearsal", cursor.as_str(), &[("id", &id.to_string())]);
    respond::page(&RehearsalPage {
        frame: if row.phase.is_over() { frame } else { frame.following(live) },
        view: RehearsalView::new(&row, now, &t),
        t,
    })
}
