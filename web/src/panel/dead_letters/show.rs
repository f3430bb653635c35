//! `GET /dead-letters/{id}`: one dead letter with its reason and bytes.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::dead_letters;
use storewire_guard::access::{Action, Area, allowed};
use uuid::Uuid;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        respond, stores as pages, url,
        view::{DeadLetterPage, LetterView, Raw},
    },
    state::AppState,
};

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    pages::require(&session, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let (row, body) = dead_letters::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    let alerts = alerts::of(&tx, &session).await?;
    tx.commit().await?;

    let t = words(&session);
    let view = LetterView::new(&row, &t);
    let frame = Frame::new(&request, &session, url::DEAD_LETTERS, state.clock.now(), &t);
    respond::page(&DeadLetterPage {
        frame: frame.under(alerts).telling(&format!("store:{}", row.store_id), &view.error()),
        row: view,
        body: Raw::of_bytes(&body),
        can_retry: allowed(&session, Area::Stores, Action::Sync),
        t,
    })
}
