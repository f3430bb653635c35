//! How a form's wish becomes a change on its way, and what is said when it cannot.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;
use storewire_actors::{Proposal, ProposeError};
use storewire_domain::{Edit, StoreId, TenantId};
use uuid::Uuid;

use super::{overtaken, respond, url};
use crate::{error::WebError, extract::Session, state::AppState};

/// The record that a wish is about, as the reader found it.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    pub tenant: TenantId,
    pub store: StoreId,
    pub entity: Uuid,
}

/// Hands the wish to the engine and goes back to the record's page, which tells what becomes of it. `seen` is what the page showed: if it is
/// no longer so, the answer says who was faster.
///
/// # Errors
/// `NotFound` if the record is gone; the database's otherwise.
pub async fn propose(
    state: &AppState,
    (session, request): (&Session, &HttpRequest),
    record: Record,
    edit: Edit,
    seen: Option<Value>,
    back: &str,
) -> Result<HttpResponse, WebError> {
    hand_in(state, (session, request), (record, Uuid::now_v7()), edit, seen, back).await
}

/// The same for what is added to a record: of a form that is sent twice, the second would be added too. Each page gives its form a `deed`
/// of its own, by which it is known again.
///
/// # Errors
/// See [`propose`].
pub async fn propose_once(
    state: &AppState,
    (session, request): (&Session, &HttpRequest),
    (record, deed): (Record, Uuid),
    edit: Edit,
    back: &str,
) -> Result<HttpResponse, WebError> {
    hand_in(state, (session, request), (record, deed), edit, None, back).await
}

async fn hand_in(
    state: &AppState,
    (session, request): (&Session, &HttpRequest),
    (record, deed): (Record, Uuid),
    edit: Edit,
    seen: Option<Value>,
    back: &str,
) -> Result<HttpResponse, WebError> {
    let wish = Proposal {
        tenant: record.tenant,
        store: record.store,
        entity: record.entity,
        edit: edit.clone(),
        by: session.user_id,
        expected: seen.clone(),
        note: None,
    };
    let word = match state.engine.propose_all(deed, vec![wish]).await {
        Ok(_) => "proposed",
        Err(ProposeError::Rejected(rejected)) => rejected.fault.as_str(),
        Err(ProposeError::NotFound) => "gone",
        Err(ProposeError::Faster(faster)) => {
            return overtaken::page(state, (session, request), &edit, seen.as_ref(), &faster, back);
        }
        Err(ProposeError::Db(error)) => return Err(error.into()),
    };
    Ok(respond::see(&url::saying(back, word)))
}

/// Goes back without a wish.
#[must_use]
pub fn refuse(back: &str, word: &str) -> HttpResponse {
    respond::see(&url::saying(back, word))
}
