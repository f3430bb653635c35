//! `POST /customers/{id}/tags` and `POST /customers/{id}/untag`: staff tag a customer, or take a tag off.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::{DeskError, desk::AtCustomer};
use uuid::Uuid;

use crate::{
    addressed,
    error::WebError,
    extract::Session,
    panel::{respond, url},
    state::AppState,
};

/// The form, or the button beside a tag.
#[derive(Debug, Deserialize)]
pub struct TagForm {
    tag: String,
}

/// Adds one.
pub async fn add(
    session: Session,
    id: web::Path<Uuid>,
    form: web::Form<TagForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let of = addressed(&session, &state, *id).await?;
    let done = state.engine.desk().tag(session.hand(), of, form.into_inner().tag).await;
    end(*id, done, "tagged")
}

/// Takes one off.
pub async fn remove(
    session: Session,
    id: web::Path<Uuid>,
    form: web::Form<TagForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let of = addressed(&session, &state, *id).await?;
    let done = state.engine.desk().untag(session.hand(), of, form.into_inner().tag).await;
    end(*id, done, "untagged")
}

/// Back to the customer's page, which says what became of it.
fn end(id: Uuid, done: Result<Vec<String>, DeskError>, said: &'static str) -> Result<HttpResponse, WebError> {
    let word = match done {
        Ok(_) => said,
        Err(DeskError::Rejected(rejected)) => rejected.fault.as_str(),
        Err(DeskError::Refused(refusal)) => refusal.code,
        Err(error) => return Err(error.into()),
    };
    Ok(respond::see(&url::saying(&url::customer(id), word)))
}

/// The customer, if they may tag it. Another tenant's is not there, whoever asks.
async fn addressed(session: &Session, state: &AppState, id: Uuid) -> Result<AtCustomer, WebError> {
    let customer = addressed::customer(session, state, id).await?;
    Ok(AtCustomer { tenant: customer.tenant_id, customer: id })
}
