//! `GET /orders/{id}`: one order with its lines, refunds and timeline.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::orders;
use storewire_domain::OrderId;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        respond, url,
        view::{OrderPage, OrderView},
    },
    state::AppState,
};

/// Handles the request. Another tenant's order is not there.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<OrderId>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let order = orders::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let t = words(&session);
    let now = state.clock.now();
    let live = url::live("order", cursor.as_str(), &[("id", &id.to_string())]);
    respond::page(&OrderPage {
        frame: Frame::new(&request, &session, url::ORDERS, now, &t).following(live),
        order: OrderView::new(&order, session.class(), now, &t),
        t,
    })
}
