//! How a form's wish becomes a change on its way, and what is said when it cannot.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;
use storewire_actors::{Faster, Proposal, ProposeError};
use storewire_db::intents::IntentRow;
use storewire_domain::{Edit, StoreId, TenantId, intent::EditFault};
use uuid::Uuid;

use super::{
    merge::{Joined, Merge},
    overtaken, respond, url,
};
use crate::{error::WebError, extract::Session, state::AppState};

/// The record that a wish is about, as the reader found it.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    pub tenant: TenantId,
    pub store: StoreId,
    pub entity: Uuid,
}

/// Hands the wish to the engine and goes back to the record's page, which tells what becomes of it. `seen` is what the page showed: where it
/// is no longer so, what only one of the two changed is joined, and of the rest the answer says who was faster and asks.
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
    let wish = |edit: &Edit, seen: Option<&Value>| Proposal {
        tenant: record.tenant,
        store: record.store,
        entity: record.entity,
        edit: edit.clone(),
        by: session.user_id,
        expected: seen.cloned(),
        note: None,
    };
    let outcome = state.engine.propose_all(deed, vec![wish(&edit, seen.as_ref())]).await;
    let mut faster = match told(outcome.map(|done| taken(&done, &edit)))? {
        Told::Word(word) => return Ok(respond::see(&url::saying(back, word))),
        Told::Faster(faster) => faster,
    };
    let mut why = None;
    let Some(merge) = Merge::of(&edit, seen.as_ref(), &faster) else {
        return overtaken::page(state, (session, request), &edit, seen.as_ref(), &faster, back);
    };
    let merge = match merge.joined() {
        Joined::Nothing => return Ok(refuse(back, "unchanged")),
        Joined::Asks => merge,
        Joined::Edit(joined, now) => {
            let outcome = state.engine.propose_all(deed, vec![wish(&joined, Some(&now))]).await;
            match told(outcome.map(|_| "joined"))? {
                // Each price made sense beside the one that its sender saw.
                Told::Word(word) if word == EditFault::SaleNotBelowRegular.as_str() => {
                    why = Some(EditFault::SaleNotBelowRegular);
                    merge.asking()
                }
                Told::Word(word) => return Ok(respond::see(&url::saying(back, word))),
                // And again somebody was: now a person looks.
                Told::Faster(again) => {
                    faster = again;
                    Merge::of(&edit, seen.as_ref(), &faster).unwrap_or(merge).asking()
                }
            }
        }
    };
    overtaken::choices(state, (session, request), &merge, (&faster, why), back)
}

/// What is to be said of a form whose wish is written down. A page that the browser had kept may be filled in once more: what it says then
/// is not what its deed did.
#[must_use]
pub fn taken(done: &[IntentRow], edit: &Edit) -> &'static str {
    let wished = edit.clone().tidied();
    if done.iter().all(|intent| intent.edit == wished) { "proposed" } else { "sent_before" }
}

/// What is to be said of a wish.
enum Told {
    /// By its word in addresses.
    Word(&'static str),
    Faster(Box<Faster>),
}

/// A wish that was taken has its word already.
fn told(outcome: Result<&'static str, ProposeError>) -> Result<Told, WebError> {
    Ok(match outcome {
        Ok(word) => Told::Word(word),
        Err(ProposeError::Rejected(rejected)) => Told::Word(rejected.fault.as_str()),
        Err(ProposeError::NotFound) => Told::Word("gone"),
        Err(ProposeError::Faster(faster)) => Told::Faster(faster),
        Err(ProposeError::Db(error)) => return Err(error.into()),
    })
}

/// Goes back without a wish.
#[must_use]
pub fn refuse(back: &str, word: &str) -> HttpResponse {
    respond::see(&url::saying(back, word))
}
