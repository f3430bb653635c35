//! `GET /returns/{id}`: one return with its items, photos, letters and all that happened to it.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{attachments, returns};
use storewire_domain::ReturnId;
use storewire_guard::access::{Action, Area};

use crate::{
    api::returns::visible,
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        letters, respond, url,
        view::{ReturnForms, ReturnHead, ReturnPage, ReturnView},
    },
    state::AppState,
};

/// Handles the request. Another tenant's return is not there.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<ReturnId>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Returns, Action::View)?;
    let (t, now) = (words(&session), state.clock.now());
    let tx = state.db.read(&session.scope()).await?;
    let row = visible(&tx, *id).await?;
    let events = returns::events(&tx, row.tenant_id, row.id).await?;
    let photos = attachments::of_return(&tx, row.tenant_id, row.id).await?;
    let letters = letters::of(&tx, &session, id.uuid(), now, &t).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let live = url::live("return", cursor.as_str(), &[("id", &id.to_string())]);
    let frame = Frame::new(&request, &session, url::RETURNS, now, &t);
    respond::page(&ReturnPage {
        frame: frame.under(alerts).following(live).at("return", id.uuid()),
        head: ReturnHead::new(&row, &t),
        returned: ReturnView::new(&row, &events, &photos, &t),
        forms: ReturnForms::new(&row, session.class(), &t),
        letters,
        t,
    })
}
