//! `GET /requests/{id}`: one request, what its reader may do with it, and all that happened to it.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::requests;
use storewire_domain::{RequestId, request::RequestState};
use storewire_guard::access::{Action, Area, allowed};
use uuid::Uuid;

use crate::{
    api::requests::visible,
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        letters, respond, url,
        view::{Choices, EventView, RequestForms, RequestPage, RequestView, request_facts},
    },
    state::AppState,
};

/// Handles the request. Another tenant's is not there, nor a colleague's for a merchant's user.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<RequestId>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Requests, Action::View)?;
    let (t, now) = (words(&session), state.clock.now());
    let tx = state.db.read(&session.scope()).await?;
    let row = visible(&tx, &session, *id).await?;
    let events = requests::events(&tx, row.tenant_id, &[row.id]).await?;
    let letters = letters::of(&tx, &session, id.uuid(), now, &t).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let may = |action| allowed(&session, Area::Requests, action);
    let live = url::live("request", cursor.as_str(), &[("id", &id.to_string())]);
    respond::page(&RequestPage {
        frame: Frame::new(&request, &session, url::REQUESTS, now, &t)
            .under(alerts)
            .following(live)
            .at("request", id.uuid()),
        forms: RequestForms {
            href: url::request(row.id),
            version: row.version,
            choices: may(Action::Approve).then(|| Choices::new(&row, &t)).flatten(),
            can_withdraw: may(Action::Withdraw) && row.state.is_open(),
            can_reopen: may(Action::Approve) && row.state == RequestState::Failed,
            can_comment: may(Action::Comment),
            deed: Uuid::now_v7(),
        },
        facts: request_facts(&row, &t),
        events: events.iter().map(|event| EventView::new(event, &t)).collect(),
        request: RequestView::new(&row, &t),
        letters,
        t,
    })
}
