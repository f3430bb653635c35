//! What people want written to stores: proposed, tried again, taken back.
//!
//! An intent is a row first, with its audit entry and its place in the change log; the store's actor is told afterwards and would find
//! it by itself.

use jiff::Timestamp;
use serde_json::{Value, json};
use storewire_db::{
    DbError, TenantTx, audit, changes,
    intents::{self, IntentRow, NewIntent, Target},
};
use storewire_domain::{
    Edit, IntentState, ManageStock, RemoteId, Source, StoreId, TenantId, UserId,
    intent::{Cause, EditFault, Fields, Rejected},
};
use uuid::Uuid;

use super::Engine;
use crate::{
    desk::requests::{EndedIntent, follow},
    store::{Duty, transition},
};

/// A change that a person wants in a store.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub tenant: TenantId,
    pub store: StoreId,
    /// Our id of the order, product or customer.
    pub entity: Uuid,
    pub edit: Edit,
    pub by: UserId,
    /// What the person saw when they decided, by field name (see [`Edit`]): if the store holds something else by then, the intent
    /// fails as a conflict instead of being sent. `None` writes whatever the store holds.
    pub expected: Option<Value>,
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
        match write_down(&tx, &ids, wishes.into_iter().map(Wish::from).collect(), self.clock.now()).await {
            Ok(()) => {
                tx.commit().await?;
                self.send_on_its_way(store);
            }
            Err(ProposeError::Db(error)) if error.constraint() == Some("intent_pkey") => drop(tx),
            Err(error) => return Err(error),
        }
        // As the platform, to which the names of staff are known.
        let tx = self.db.platform().await?;
        let mut rows = intents::by_ids(&tx, &ids).await?;
        tx.commit().await?;
        // Whatever ids the caller chose, nobody else's are shown.
        rows.retain(|row| row.tenant_id == tenant);
        rows.sort_by_key(|row| row.id);
        Ok(rows)
    }

    /// Tries a failed intent again, with as many sends as a new one. If it failed on what the store held, that is what the person has
    /// now seen and decided over. False if it had not failed, or is a request's: that is decided again, on the values of now.
    ///
    /// # Errors
    /// As every statement.
    pub async fn retry_intent(&self, intent: &IntentRow, by: UserId) -> Result<bool, DbError> {
        if intent.cause.request.is_some() {
            return Ok(false);
        }
        let now = self.clock.now();
        let tx = self.db.tenant(intent.tenant_id).await?;
        let is_waiting = intents::retry(&tx, intent.id, now).await?;
        if is_waiting {
            let detail = json!({ "intent": intent.id, "reason": intent.reason });
            audit::write(&tx, Some(by), "intent.retry", Some(intent.entity_id), &detail, now).await?;
            log(&tx, intent.store_id, intent.id, Some(IntentState::Failed), IntentState::Waiting, now).await?;
        }
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
            let end =
                EndedIntent { id: intent.id, state: IntentState::Failed, reason: Some("cancelled"), result: None };
            let mut changes = follow(&tx, &[end], Source::User, now).await?;
            let (from, to) = (Some(IntentState::Waiting), IntentState::Failed);
            changes.push(transition(intent.id, from, to, Source::User));
            changes::append(&tx, intent.store_id, &changes, changes::Counted::default(), now).await?;
        }
        tx.commit().await?;
        self.feed_nudge.send();
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
        let Proposal { store, entity, edit, by, expected, tenant: _ } = wish;
        Self { store, entity, edit, expected, cause: Cause::of(by) }
    }
}

/// Writes wishes of the transaction's tenant down with these ids, all or none, in their order: intents, audit entries, and the change log,
/// whose rows are locked until the commit.
pub(crate) async fn write_down(
    tx: &TenantTx,
    ids: &[Uuid],
    wishes: Vec<Wish>,
    now: Timestamp,
) -> Result<(), ProposeError> {
    for (&id, wish) in ids.iter().zip(wishes) {
        let edit = wish.edit.tidied();
        let expected = expectation(&edit, wish.expected)?;
        let target = judge_edit(tx, wish.store, wish.entity, &edit).await?;
        let intent = NewIntent {
            id,
            entity_id: wish.entity,
            remote_id: target.remote_id,
            parent_remote_id: target.parent_remote_id,
            edit,
            expected,
            cause: wish.cause,
        };
        intents::insert(tx, wish.store, &intent, now).await?;
        let mut detail = json!({ "intent": intent.id, "edit": intent.edit, "expected": intent.expected });
        if let Some((detail, request)) = detail.as_object_mut().zip(intent.cause.request) {
            detail.insert("request".to_owned(), json!(request));
        }
        audit::write(tx, Some(intent.cause.user), "intent.propose", Some(wish.entity), &detail, now).await?;
        log(tx, wish.store, intent.id, None, IntentState::Waiting, now).await?;
    }
    Ok(())
}

/// Whether an edit makes sense for this record of ours, as far as our copy tells; answers the record.
pub(crate) async fn judge_edit(
    tx: &TenantTx,
    store: StoreId,
    entity: Uuid,
    edit: &Edit,
) -> Result<Target, ProposeError> {
    let target = intents::target(tx, store, entity, edit).await?.ok_or(ProposeError::NotFound)?;
    edit.check(target.decimals)?;
    check_fit(edit, &target)?;
    if let Edit::Categories { ids } = edit {
        check_categories(tx, store, ids).await?;
    }
    Ok(target)
}

/// What the person saw, in the form in which it is compared. Only of fields that the edit is about: the others are not read.
fn expectation(edit: &Edit, expected: Option<Value>) -> Result<Option<Value>, Rejected> {
    let bad = Rejected { field: "expected", fault: EditFault::BadExpectation };
    let Some(expected) = expected else { return Ok(None) };
    let expected = serde_json::from_value::<Fields>(expected).map_err(|_| bad)?.settled();
    let wanted = edit.wanted();
    // A note adds to the order's history whatever that says; a parcel likewise.
    let is_absolute = !matches!(edit, Edit::OrderNote { .. } | Edit::Tracking { .. });
    if !is_absolute || expected.names().any(|name| wanted.get(name).is_none()) {
        return Err(bad);
    }
    serde_json::to_value(&expected).map(Some).map_err(|_| bad)
}

/// What can be known to be futile from our copy.
fn check_fit(edit: &Edit, target: &Target) -> Result<(), Rejected> {
    let kind = target.product_type.as_str();
    let has_parts = kind.starts_with("variable") || kind == "grouped";
    let (field, fault) = match edit {
        Edit::Stock { .. } if matches!(kind, "grouped" | "external") => ("stock_quantity", EditFault::WrongRecord),
        Edit::Stock { .. } if target.manage_stock == Some(ManageStock::Parent) => {
            ("stock_quantity", EditFault::CountedByParent)
        }
        Edit::Price { .. } if has_parts => ("regular_price", EditFault::WrongRecord),
        Edit::Categories { .. } if target.parent_remote_id.is_some() => ("categories", EditFault::WrongRecord),
        _ => return Ok(()),
    };
    Err(Rejected { field, fault })
}

/// A store leaves out what it does not know, without a word.
async fn check_categories(tx: &TenantTx, store: StoreId, ids: &[RemoteId]) -> Result<(), ProposeError> {
    let known = intents::known_categories(tx, store).await?;
    if ids.iter().all(|id| known.contains(id.as_str())) {
        return Ok(());
    }
    Err(Rejected { field: "categories", fault: EditFault::BadCategory }.into())
}

async fn log(
    tx: &TenantTx,
    store: StoreId,
    intent: Uuid,
    from: Option<IntentState>,
    to: IntentState,
    now: Timestamp,
) -> Result<(), DbError> {
    let change = transition(intent, from, to, Source::User);
    changes::append(tx, store, &[change], changes::Counted::default(), now).await?;
    Ok(())
}
