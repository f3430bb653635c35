//! What is written down of what happens to a return: its timeline, the audit, notices, and the change log for open pages.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use storewire_db::{
    DbError, ReturnRow, TenantTx, audit,
    changes::{self, NewChange},
    returns::{self, NewEvent},
};
use storewire_domain::{
    ChangeKind, LetterId, OrderId, ReturnId, Source, StoreId,
    returns::{ReturnEntry, ReturnState},
};
use uuid::Uuid;

use super::{
    super::Hand,
    news::{self, News},
};

/// A return as far as telling of it goes.
pub(super) struct Subject<'a> {
    pub(super) id: ReturnId,
    pub(super) number: i64,
    pub(super) order: OrderId,
    pub(super) order_number: &'a str,
    pub(super) store: StoreId,
}

impl<'a> From<&'a ReturnRow> for Subject<'a> {
    fn from(row: &'a ReturnRow) -> Self {
        let (order, order_number) = (row.order_id, row.order_number.as_str());
        Self { id: row.id, number: row.number, order, order_number, store: row.store_id }
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
    /// What the merchant's administrators are told of it: a key of the panel's texts.
    pub(super) notice: Option<&'static str>,
    pub(super) detail: Value,
    pub(super) letter: Option<LetterId>,
}

/// Writes a deed down, in the transaction that does it; false, and nothing is written, if it was before.
pub(super) async fn note(tx: &TenantTx, of: &Subject<'_>, told: Told<'_>, now: Timestamp) -> Result<bool, DbError> {
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
    if let Some(kind) = told.notice {
        news::tell(tx, of, told.by.user, News { kind, once: told.deed, now }).await?;
    }
    let mut proof = json!({ "return": of.id, "number": of.number });
    if let (Some(proof), Value::Object(more)) = (proof.as_object_mut(), told.detail) {
        proof.extend(more);
    }
    let proof = audit::with_deed(proof, told.deed);
    audit::write(tx, Some(told.by.user), told.action, Some(of.order.uuid()), &proof, now).await?;
    Ok(true)
}

/// Tells open pages, of a step if there was one.
pub(super) async fn log(
    tx: &TenantTx,
    of: &Subject<'_>,
    step: Option<(Option<ReturnState>, ReturnState)>,
    now: Timestamp,
) -> Result<(), DbError> {
    changes::append_one(tx, of.store, changed(of.id, step, Source::User), now).await
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
