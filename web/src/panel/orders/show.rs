//! `GET /orders/{id}`: one order with its lines, refunds and timeline.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{orders, stores};
use storewire_domain::OrderId;
use storewire_guard::access::{Action, Area, allowed};

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        intents, respond, url,
        view::{OrderForms, OrderPage, OrderView, Stale},
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
    let t = words(&session);
    let now = state.clock.now();
    let tx = state.db.read(&session.scope()).await?;
    let order = orders::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    let (tenant, store) = (order.summary.tenant_id, order.summary.store_id);
    let is_gone = order.summary.deleted_at.is_some() || order.summary.trashed_at.is_some();
    let forms = match allowed(&session, Area::Orders, Action::Edit) && !is_gone {
        true => Some(OrderForms::new(&order, &orders::statuses(&tx, tenant, store).await?, &t)),
        false => None,
    };
    let store = stores::find(&tx, store).await?;
    let intents = intents::of_record(&tx, &session, id.uuid(), &t).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let live = url::live("order", cursor.as_str(), &[("id", &id.to_string())]);
    respond::page(&OrderPage {
        frame: Frame::new(&request, &session, url::ORDERS, now, &t).under(alerts).following(live),
        order: OrderView::new(&order, session.class(), now, &t),
        forms,
        intents,
        stale: Stale::of(store.as_ref().map(stores::StoreGlance::from).as_slice(), None, session.class(), now, &t),
        t,
    })
}
