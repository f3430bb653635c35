//! `POST /orders/{id}/charges` and `…/{charge}/end`: what the platform charges a merchant for an order. For staff.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::{DeskError, desk::Charge};
use storewire_domain::OrderId;
use uuid::Uuid;

use crate::{
    api::orders::addressed,
    error::WebError,
    extract::Session,
    panel::{amount, propose::refuse, respond, url},
    state::AppState,
};

/// The form.
#[derive(Debug, Deserialize)]
pub struct ChargeForm {
    deed: Uuid,
    label: String,
    amount: String,
}

/// Handles a charge.
pub async fn add(
    session: Session,
    id: web::Path<OrderId>,
    form: web::Form<ChargeForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let at = addressed(&session, &state, id.uuid()).await?;
    let back = url::order(*id);
    let form = form.into_inner();
    let Some(amount) = amount::read(&form.amount) else { return Ok(refuse(&back, "amount")) };
    let wish = Charge { label: form.label, amount, currency: None };
    answer(&back, state.engine.desk().charge(form.deed, session.hand(), at, wish).await, "charged")
}

/// Handles the taking back of one.
pub async fn end(
    session: Session,
    path: web::Path<(OrderId, Uuid)>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let (order, charge) = path.into_inner();
    let at = addressed(&session, &state, order.uuid()).await?;
    answer(&url::order(order), state.engine.desk().end_charge(session.hand(), at, charge).await, "charge_ended")
}

/// Back to the order, with the word for what became of it.
pub(super) fn answer<T>(back: &str, done: Result<T, DeskError>, word: &'static str) -> Result<HttpResponse, WebError> {
    match done {
        Ok(_) => Ok(respond::see(&url::saying(back, word))),
        Err(DeskError::Rejected(rejected)) => Ok(refuse(back, rejected.fault.as_str())),
        Err(DeskError::Refused(refusal)) => Ok(refuse(back, refusal.code)),
        Err(error) => Err(error.into()),
    }
}
