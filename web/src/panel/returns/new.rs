//! `GET /returns/new?order=…`: the form that opens a return. For staff.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use storewire_db::{
    OrderSummary,
    returns::{self, Returnable},
};
use storewire_domain::OrderId;
use storewire_guard::access::Area;
use uuid::Uuid;

use crate::{
    addressed,
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        respond, url,
        view::{Given, NewReturnPage, ReturnForm},
    },
    state::AppState,
};

/// Which order.
#[derive(Debug, Deserialize)]
pub struct OfOrder {
    order: OrderId,
}

/// Handles the request. An order that its store no longer has is not there.
pub async fn show(
    session: Session,
    request: HttpRequest,
    of: web::Query<OfOrder>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let order = addressed::order(&session, &state, of.order.uuid(), Area::Returns).await?;
    let returnable = returnable(&state, &order).await?;
    let given = Given { deed: Uuid::now_v7(), ..Given::default() };
    respond::page(&page(&request, &session, &state, (order.id, &returnable), given))
}

/// What of it may come back.
pub(super) async fn returnable(state: &AppState, order: &OrderSummary) -> Result<Returnable, WebError> {
    let tx = state.db.tenant(order.tenant_id).await?;
    let found = returns::returnable(&tx, order.id).await?;
    tx.commit().await?;
    found.ok_or(WebError::NotFound)
}

/// The page around a form.
pub(super) fn page(
    request: &HttpRequest,
    session: &Session,
    state: &AppState,
    (id, order): (OrderId, &Returnable),
    given: Given,
) -> NewReturnPage {
    let t = words(session);
    NewReturnPage {
        frame: Frame::new(request, session, url::RETURNS, state.clock.now(), &t),
        form: ReturnForm::new(id, order, given, &t),
        t,
    }
}
