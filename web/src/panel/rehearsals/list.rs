//! `GET /rehearsals`: the form that begins one, and those that were.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{rehearsals, stores};

use super::require;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        respond, url,
        view::{RehearsalForm, RehearsalLine, RehearsalsPage},
    },
    state::AppState,
};

/// People start them by hand: there are few.
const SHOWN: u32 = 50;

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    require(&session)?;
    respond::page(&page(&session, &request, &state, RehearsalForm::default()).await?)
}

/// The page with a form as it was sent, or a fresh one.
pub async fn page(
    session: &Session,
    request: &HttpRequest,
    state: &AppState,
    form: RehearsalForm,
) -> Result<RehearsalsPage, WebError> {
    let t = words(session);
    let tx = state.db.read(&session.scope()).await?;
    let stores = stores::list(&tx).await?;
    let rows = rehearsals::list(&tx, SHOWN).await?;
    tx.commit().await?;
    Ok(RehearsalsPage {
        frame: Frame::new(request, session, url::REHEARSALS, state.clock.now(), &t),
        form: form.offering(&stores, &t),
        rows: rows.iter().map(|row| RehearsalLine::new(row, &t)).collect(),
        t,
    })
}
