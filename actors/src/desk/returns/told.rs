//! What is written down of what happens to a return: its timeline, the audit, and the change log for open pages.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use storewire_db::{
    DbError, ReturnRow, TenantTx, audit,
    changes::{self, Counted, NewChange},
    returns::{self, NewEvent},
};
use storewire_domain::{
    ChangeKind, LetterId, OrderId, ReturnId, Source, StoreId,
    returns::{ReturnEntry, ReturnState},
};
use uuid::Uuid;

use super::super::Hand;

/// A return as far as telling of it goes.
pub(super) struct Subject {
    pub(super) id: ReturnId,
    pub(super) number: i64,
    pub(super) order: OrderId,
    pub(super) store: StoreId,
}

impl From<&ReturnRow> for Subject {
    fn from(row: &ReturnRow) -> Self {
        Self { id: row.id, number: row.number, order: row.order_id, store: row.store_id }
    }
}

/// A person's deed: its entry in the timeline, with the same id, and in the audit.
pub(super) struct Told<'a> {
    pub(super) deed: Uuid,
    pub(super) by: &'a Hand,
    pub(super) kind: ReturnEntry,
    /// What they said.
    pub(super) text: &'a str,
    /// `return.verb`.
    pub(super) action: &'static str,
    pub(super) detail: Value,
    pub(super) letter: Option<LetterId>,
}

/// Writes a deed down, in the transaction that does it; false, and nothing is written, if it was before.
pub(super) async fn note(tx: &TenantTx, of: &Subject, told: Told<'_>, now: Timestamp) -> Result<bool, DbError> {
    let event = NewEvent {
        of: of.id,
        id: told.deed,
        by: Some((told.by.user, &told.by.name)),
        kind: told.kind,
        text: told.text,
        detail: &told.detail,
        letter: told.letter,
    };
    if !returns::event(tx, &event, now).await? {
        return Ok(false);
    }
    let mut proof = json!({ "return": of.id, "number": of.number });
    if let (Some(proof), Value::Object(more)) = (proof.as_object_mut(), told.detail) {
        proof.extend(more);
    }
    audit::write(tx, Some(told.by.user), told.action, Some(of.order.uuid()), &proof, now).await?;
    Ok(true)
}

/// Tells open pages, of a step if there was one. It is the last statement of a transaction: the store's log is locked from here to the
/// commit.
pub(super) async fn log(
    tx: &TenantTx,
    of: &Subject,
    step: Option<(Option<ReturnState>, ReturnState)>,
    now: Timestamp,
) -> Result<(), DbError> {
    changes::append(tx, of.store, &[changed(of.id, step, Source::User)], Counted::default(), now).await
}

/// An entry of the change log about a return, with its step if there was one.
pub(super) fn changed(id: ReturnId, step: Option<(Option<ReturnState>, ReturnState)>, source: Source) -> NewChange {
    let word = |state: ReturnState| Value::from(state.as_str());
    let detail = step.map(|(from, to)| ("state", (from.map_or(Value::Null, word), word(to))));
    NewChange {
        kind: ChangeKind::ReturnChanged,
        entity_id: id.uuid(),
        source,
        store_time: None,
        received_at: None,
        detail: BTreeMap::from_iter(detail),
    }
}
