//! What people want written to stores: proposed, tried again, taken back.
//!
//! An intent is a row first, with its audit entry and its place in the change log; the store's actor is told afterwards and would find
//! it by itself.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use storewire_db::{
    DbError, TenantTx, audit,
    changes::{self, NewChange},
    intents::{self, IntentRow, NewIntent},
};
use storewire_domain::{
    Edit, IntentState, RequestId, Source, StoreId, TenantId, UserId,
    intent::{Cause, Rejected, readable},
};
use uuid::Uuid;

use super::{
    Engine,
    faster::{self, Faster},
    judge::{check_owner, check_step, expectation, judge_edit, standing},
};
use crate::{
    desk::outcome::{EndedIntent, follow},
    store::{Duty, transition},
};

/// The longest words that a person gives for a change, in characters.
const LONGEST_NOTE: usize = 200;

/// A change that a person wants in a store.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub tenant: TenantId,
    pub store: StoreId,
    /// Our id of the order, product or customer; looked at by no edit that stands alone.
    pub entity: Uuid,
    pub edit: Edit,
    pub by: UserId,
    /// What the person saw when they decided, by field name (see [`Edit`]): if our copy holds something else, they are told at once who was
    /// faster; if the store does by then, the intent fails as a conflict instead of being sent. `None` writes whatever the store holds,
    /// but for an order's status, which must follow the one it has.
    pub expected: Option<Value>,
    /// Why, in the person's own words, for who reads the ledger of stock.
    pub note: Option<String>,
}

/// What is to be written down: a proposal, or a request that was approved.
#[derive(Debug)]
pub(crate) struct Wish {
    pub(crate) store: StoreId,
    /// Our id of the order, product or customer.
    pub(crate) entity: Uuid,
    pub(crate) edit: Edit,
    /// See [`Proposal`].
    pub(crate) expected: Option<Value>,
    pub(crate) cause: Cause,
}

/// Why a wish became no intent.
#[derive(Debug, thiserror::Error)]
pub enum ProposeError {
    /// We hold no such record of that store, or it is gone there.
    #[error("no such record")]
    NotFound,
    #[error("it makes no sense: {0}")]
    Rejected(#[from] Rejected),
    /// What they saw is no longer so.
    #[error("somebody was faster")]
    Faster(Box<Faster>),
    #[error("the database did not do as asked: {0}")]
    Db(#[from] DbError),
}

impl Engine {
    /// Writes a wish down and has the store's actor carry it out.
    ///
    /// # Errors
    /// See [`ProposeError`]; nothing was written then.
    pub async fn propose(&self, wish: Proposal) -> Result<IntentRow, ProposeError> {
        self.propose_all(Uuid::now_v7(), vec![wish]).await?.pop().ok_or(ProposeError::NotFound)
    }

    /// Writes wishes of one tenant down, all or none, in their order. The intents' ids count up from `deed`, so that a request which is
    /// repeated with the same one finds them there and adds nothing.
    ///
    /// # Errors
    /// See [`ProposeError`]; nothing was written then.
    pub async fn propose_all(&self, deed: Uuid, wishes: Vec<Proposal>) -> Result<Vec<IntentRow>, ProposeError> {
        let Some((tenant, store)) = wishes.first().map(|wish| (wish.tenant, wish.store)) else { return Ok(Vec::new()) };
        let ids: Vec<Uuid> =
            (0..wishes.len() as u128).map(|n| Uuid::from_u128(deed.as_u128().wrapping_add(n))).collect();
        let tx = self.db.tenant(tenant).await?;
        let refused = match write_as_seen(&tx, &ids, wishes, self.clock.now()).await {
            Ok(()) => {
                tx.commit().await?;
                self.send_on_its_way(store);
                None
            }
            Err(ProposeError::Db(error)) if error.constraint() != Some("intent_pkey") => return Err(error.into()),
            Err(error) => {
                drop(tx);
                Some(error)
            }
        };
        // As the platform, to which the names of staff are known.
        let tx = self.db.platform().await?;
        let mut rows = intents::by_ids(&tx, &ids).await?;
        // Whatever ids the caller chose, nobody else's are shown.
        rows.retain(|row| row.tenant_id == tenant);
        rows.sort_by_key(|row| row.id);
        // A deed that was done is judged no more: what it changed itself would speak against it.
        let refused = refused.filter(|_| rows.is_empty());
        let refused = match refused {
            Some(ProposeError::Faster(faster)) => {
                Some(ProposeError::Faster(Box::new(faster::trace(&tx, tenant, *faster).await?)))
            }
            other => other,
        };
        tx.commit().await?;
        refused.map_or(Ok(rows), Err)
    }

    /// Tries a failed intent again, with as many sends as a new one. If it failed on what the store held, that is what the person has
    /// now seen and decided over. False if it had not failed, or is a request's or a return's: those are decided again, on the values of now.
    ///
    /// # Errors
    /// `Rejected` for a status that does not follow the one which the store was found to hold, and for what the shop alone changes by now; the
    /// database's otherwise.
    pub async fn retry_intent(&self, intent: &IntentRow, by: UserId) -> Result<bool, ProposeError> {
        if intent.cause.is_decided_again() {
            return Ok(false);
        }
        let found = intent.result.as_ref().and_then(|result| result.get("status")?.as_str());
        if let (Edit::OrderStatus { status }, Some(found)) = (&intent.edit, found)
            && found != status
        {
            check_step(found, status)?;
        }
        let now = self.clock.now();
        let tx = self.db.tenant(intent.tenant_id).await?;
        if intent.edit.owned_field().is_some()
            && let Some(target) = intents::target(&tx, intent.store_id, intent.entity_id, &intent.edit).await?
        {
            check_owner(&intent.edit, &target)?;
        }
        let (entity, reason) = (intent.entity_id, intent.reason.as_deref());
        let again = Again { id: intent.id, entity, reason, request: intent.cause.request };
        let change = write_again(&tx, again, by, now).await?;
        let is_waiting = change.is_some();
        log(&tx, change.map(|change| (intent.store_id, change)).into_iter().collect(), now).await?;
        tx.commit().await?;
        self.send_on_its_way(intent.store_id);
        Ok(is_waiting)
    }

    /// Takes an intent back. False if it no longer waited: what was sent cannot be taken back.
    ///
    /// # Errors
    /// As every statement.
    pub async fn cancel_intent(&self, intent: &IntentRow, by: UserId) -> Result<bool, DbError> {
        let now = self.clock.now();
        let tx = self.db.tenant(intent.tenant_id).await?;
        let is_cancelled = intents::cancel(&tx, intent.id, now).await?;
        if is_cancelled {
            let detail = json!({ "intent": intent.id });
            audit::write(&tx, Some(by), "intent.cancel", Some(intent.entity_id), &detail, now).await?;
            let end = EndedIntent {
                id: intent.id,
                cause: &intent.cause,
                state: IntentState::Failed,
                reason: Some("cancelled"),
                result: None,
            };
            let mut changes = follow(&tx, &[end], Source::User, now).await?;
            let (from, to) = (Some(IntentState::Waiting), IntentState::Failed);
            changes.push(transition(intent.id, from, to, Source::User));
            changes::append(&tx, intent.store_id, &changes, changes::Counted::default(), now).await?;
        }
        tx.commit().await?;
        self.feed_nudge.send();
        self.letter_nudge.send();
        Ok(is_cancelled)
    }

    fn send_on_its_way(&self, store: StoreId) {
        self.feed_nudge.send();
        // An actor that does not run finds it when it starts.
        let _ = self.registry.hurry(store, Duty::Outbox);
    }
}

impl From<Proposal> for Wish {
    fn from(wish: Proposal) -> Self {
        let Proposal { store, entity, edit, by, expected, note, tenant: _ } = wish;
        Self { store, entity, edit, expected, cause: Cause { note, ..Cause::of(by) } }
    }
}

/// Writes proposals down if our copy still holds what was seen.
async fn write_as_seen(tx: &TenantTx, ids: &[Uuid], wishes: Vec<Proposal>, now: Timestamp) -> Result<(), ProposeError> {
    for wish in &wishes {
        let fields = faster::overtaken(tx, wish.store, wish.entity, &wish.edit, wish.expected.as_ref()).await?;
        if !fields.is_empty() {
            return Err(ProposeError::Faster(Box::new(Faster { entity: wish.entity, fields, by: None, at: None })));
        }
    }
    let told = write_down(tx, ids, wishes.into_iter().map(Wish::from).collect(), now).await?;
    Ok(log(tx, told, now).await?)
}

/// Writes wishes of the transaction's tenant down with these ids, all or none, in their order: intents and audit entries. Answers what
/// [`log`] is to say of them once the transaction has nothing else to do.
pub(crate) async fn write_down(
    tx: &TenantTx,
    ids: &[Uuid],
    wishes: Vec<Wish>,
    now: Timestamp,
) -> Result<Vec<(StoreId, NewChange)>, ProposeError> {
    let mut told = Vec::with_capacity(wishes.len());
    for (&id, wish) in ids.iter().zip(wishes) {
        let edit = wish.edit.tidied();
        readable("note", wish.cause.note.as_deref().unwrap_or_default(), LONGEST_NOTE)?;
        // What is yet to be made is known by its intent.
        let entity = if edit.stands_alone() { id } else { wish.entity };
        let expected = expectation(&edit, wish.expected)?;
        let target = judge_edit(tx, wish.store, entity, &edit).await?;
        let expected = expected.or_else(|| standing(&edit, &target));
        let intent = NewIntent {
            id,
            entity_id: entity,
            remote_id: target.remote_id,
            parent_remote_id: target.parent_remote_id,
            edit,
            expected,
            cause: wish.cause,
        };
        intents::insert(tx, wish.store, &intent, now).await?;
        let detail = json!({ "intent": intent.id, "edit": intent.edit, "expected": intent.expected });
        let detail = of_request(detail, intent.cause.request);
        audit::write(tx, Some(intent.cause.user), "intent.propose", Some(entity), &detail, now).await?;
        told.push((wish.store, transition(intent.id, None, IntentState::Waiting, Source::User)));
    }
    Ok(told)
}

/// Says of a deed to which request it belongs: who may not see that one is not told of the deed either.
fn of_request(mut detail: Value, request: Option<RequestId>) -> Value {
    if let Some((detail, request)) = detail.as_object_mut().zip(request) {
        detail.insert("request".to_owned(), json!(request));
    }
    detail
}

/// A failed intent that is to be written once more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Again<'a> {
    pub(crate) id: Uuid,
    /// What it is about.
    pub(crate) entity: Uuid,
    /// Why it failed.
    pub(crate) reason: Option<&'a str>,
    /// The request that was approved once more.
    pub(crate) request: Option<RequestId>,
}

/// Has a failed intent wait again, as [`write_down`] does a new one; `None` if it had not failed.
pub(crate) async fn write_again(
    tx: &TenantTx,
    again: Again<'_>,
    by: UserId,
    now: Timestamp,
) -> Result<Option<NewChange>, DbError> {
    if !intents::retry(tx, again.id, now).await? {
        return Ok(None);
    }
    let detail = of_request(json!({ "intent": again.id, "reason": again.reason }), again.request);
    audit::write(tx, Some(by), "intent.retry", Some(again.entity), &detail, now).await?;
    Ok(Some(transition(again.id, Some(IntentState::Failed), IntentState::Waiting, Source::User)))
}

/// Tells open pages, store by store. It is what a transaction does last: the stores' logs are locked from here to the commit.
pub(crate) async fn log(tx: &TenantTx, told: Vec<(StoreId, NewChange)>, now: Timestamp) -> Result<(), DbError> {
    // Two that tell of several stores lock their logs in the same order.
    let mut of_stores: BTreeMap<StoreId, Vec<NewChange>> = BTreeMap::new();
    for (store, change) in told {
        of_stores.entry(store).or_default().push(change);
    }
    for (store, changes) in of_stores {
        changes::append(tx, store, &changes, changes::Counted::default(), now).await?;
    }
    Ok(())
}
