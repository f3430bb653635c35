//! `POST /orders/{id}/shares` and `…/{share}/revoke`: links by which a buyer may look at an order. For staff.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Deserialize;
use storewire_actors::DeskError;
use storewire_domain::OrderId;
use uuid::Uuid;

use super::charges::answer;
use crate::{
    api::orders::{addressed, shares::address},
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        propose::refuse,
        respond, url,
        view::{ShareMadePage, When},
    },
    state::AppState,
};

/// The form.
#[derive(Debug, Deserialize)]
pub struct ShareForm {
    deed: Uuid,
    days: u8,
}

/// Handles the making of one. The answer is a page and no redirection: the address of a page is kept by browsers, and this one is told once.
pub async fn make(
    session: Session,
    request: HttpRequest,
    id: web::Path<OrderId>,
    form: web::Form<ShareForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let at = addressed(&session, &state, id.uuid()).await?;
    let back = url::order(*id);
    let (link, token) = match state.engine.desk().share(form.deed, session.hand(), at, form.days).await {
        Ok(made) => made,
        Err(DeskError::Rejected(rejected)) => return Ok(refuse(&back, rejected.fault.as_str())),
        Err(DeskError::Refused(refusal)) => return Ok(refuse(&back, refusal.code)),
        Err(error) => return Err(error.into()),
    };
    let t = words(&session);
    let page = ShareMadePage {
        frame: Frame::new(&request, &session, url::ORDERS, state.clock.now(), &t),
        address: address(&state, &token),
        until: When::moment(link.expires_at),
        back,
        t,
    };
    respond::page_with(StatusCode::CREATED, &page)
}

/// Handles the end of one.
pub async fn revoke(
    session: Session,
    path: web::Path<(OrderId, Uuid)>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let (order, share) = path.into_inner();
    let at = addressed(&session, &state, order.uuid()).await?;
    answer(&url::order(order), state.engine.desk().revoke_share(session.hand(), at, share).await, "unshared")
}
