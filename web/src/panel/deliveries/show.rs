//! `GET /deliveries/{id}`: one received webhook with its headers and bytes.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::deliveries;
use storewire_domain::DeliveryId;
use storewire_guard::access::{Action, Area, allowed};

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        respond, stores as pages, url,
        view::{DeliveryPage, DeliveryView, Raw},
    },
    state::AppState,
};

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<DeliveryId>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    pages::require(&session, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let (row, body) = deliveries::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    let alerts = alerts::of(&tx, &session).await?;
    tx.commit().await?;

    let t = words(&session);
    respond::page(&DeliveryPage {
        frame: Frame::new(&request, &session, url::DELIVERIES, state.clock.now(), &t).under(alerts),
        row: DeliveryView::new(&row, &t),
        body: Raw::of_bytes(&body),
        can_replay: allowed(&session, Area::Stores, Action::Sync),
        t,
    })
}
