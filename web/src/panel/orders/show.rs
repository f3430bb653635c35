//! `GET /orders/{id}`: one order with its lines, refunds and timeline.

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use storewire_db::{DbError, OrderSummary, ReadTx, orders, ownership, stores};
use storewire_domain::{OrderId, ReadScope};
use storewire_guard::access::{Action, Area, allowed};

use crate::{
    error::WebError,
    extract::Session,
    history::leave_out_others_requests,
    panel::{
        alerts,
        frame::{Frame, words},
        intents,
        requests::asks,
        respond, returns, url,
        view::{AskForms, OrderDesk, OrderForms, OrderPage, OrderView, OwnersView, Stale},
        words::Words,
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
    let mut order = orders::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    leave_out_others_requests(&mut order.deeds, &session);
    let (tenant, store) = (order.summary.tenant_id, order.summary.store_id);
    let is_gone = order.summary.deleted_at.is_some() || order.summary.trashed_at.is_some();
    let forms = match allowed(&session, Area::Orders, Action::Edit) && !is_gone {
        true => Some(OrderForms::new(&order, &orders::statuses(&tx, tenant, store).await?, &t)),
        false => None,
    };
    let owners = ownership::of_store(&tx, tenant, store).await?.owners;
    let store = stores::find(&tx, store).await?;
    let may_ask = (!is_gone).then(|| AskForms::of_order(*id).within(&owners, &t));
    let asks = asks::of_record(&tx, &session, id.uuid(), may_ask, &t).await?;
    let intents = intents::of_record(&tx, &session, id.uuid(), &t).await?;
    let returns = returns::of_order(&tx, &session, *id, is_gone, &t).await?;
    let desk = desk(&tx, &session, &order.summary, is_gone, now, &t).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let live = url::live("order", cursor.as_str(), &[("id", &id.to_string())]);
    respond::page(&OrderPage {
        frame: Frame::new(&request, &session, url::ORDERS, now, &t)
            .under(alerts)
            .following(live)
            .at("order", id.uuid()),
        order: OrderView::new(&order, session.class(), now, &t),
        forms,
        returns,
        intents,
        asks,
        desk,
        owners: OwnersView::of_order(owners, &t),
        stale: Stale::of(store.as_ref().map(stores::StoreGlance::from).as_slice(), None, session.class(), now, &t),
        t,
    })
}

/// Charges and links of an order; `None` for merchants, and for who watches a rehearsal, in whose scope there are no charges.
async fn desk(
    tx: &ReadTx,
    session: &Session,
    order: &OrderSummary,
    is_gone: bool,
    now: Timestamp,
    t: &Words,
) -> Result<Option<OrderDesk>, DbError> {
    if !allowed(session, Area::Orders, Action::Edit) || matches!(session.scope(), ReadScope::Tenant(_)) {
        return Ok(None);
    }
    let (charges, shares) = tokio::join!(
        biased;
        orders::charges(tx, order.tenant_id, order.id),
        orders::shares(tx, order.tenant_id, order.id),
    );
    Ok(Some(OrderDesk::new(order.id, &order.currency, is_gone, (&charges?, &shares?), now, t)))
}
