//! Who is told of what happens to a request, and how: the change log for open pages, notices for people, the audit for later.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use storewire_db::{
    DbError, RequestRow, TenantTx, audit,
    changes::NewChange,
    letters::{self, NewLetter, To},
    notices::{self, NewNotice},
    requests::{self, NewEvent},
};
use storewire_domain::{
    ChangeKind, LetterId, RequestId, RoleClass, Source, StoreId, UserId,
    request::{RequestEvent, RequestState},
};
use uuid::Uuid;

use super::super::{Hand, letters::Words};

/// A request as far as telling of it goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) id: RequestId,
    pub(crate) store: StoreId,
    /// Our id of the record that it is about.
    pub(crate) entity: Uuid,
    pub(crate) number: i64,
    pub(crate) about: &'a str,
}

impl<'a> From<&'a RequestRow> for Subject<'a> {
    fn from(row: &'a RequestRow) -> Self {
        Self { id: row.id, store: row.store_id, entity: row.entity_id, number: row.number, about: &row.about }
    }
}

/// A deed of a person: its entry in the timeline, with the same id, and in the audit.
pub(super) struct Told<'a> {
    pub(super) deed: Uuid,
    pub(super) by: &'a Hand,
    pub(super) event: RequestEvent,
    /// What they said.
    pub(super) text: &'a str,
    /// `request.verb`.
    pub(super) action: &'static str,
    pub(super) detail: Value,
}

/// Writes a person's deed down, in the transaction that does it.
pub(super) async fn note(tx: &TenantTx, of: &Subject<'_>, told: Told<'_>, now: Timestamp) -> Result<(), DbError> {
    let event = NewEvent {
        request: of.id,
        id: told.deed,
        by: Some((told.by.user, &told.by.name)),
        by_staff: told.by.class == RoleClass::Staff,
        kind: told.event,
        text: told.text,
        detail: told.detail,
    };
    let proof = audit::with_deed(event.detail.clone(), told.deed);
    enter(tx, of, &event, (told.action, &proof), now).await
}

/// Writes down what nobody decided, in the transaction that does it: the store's news, time or the end of a write brought it about. `id` is
/// that of its entry in the timeline.
pub(crate) async fn note_of_engine(
    tx: &TenantTx,
    of: &Subject<'_>,
    id: Uuid,
    (kind, action): (RequestEvent, &'static str),
    detail: Value,
    now: Timestamp,
) -> Result<(), DbError> {
    let event = NewEvent { request: of.id, id, by: None, by_staff: false, kind, text: "", detail };
    enter(tx, of, &event, (action, &event.detail), now).await
}

/// The entry of the timeline, and that of the audit.
async fn enter(
    tx: &TenantTx,
    of: &Subject<'_>,
    event: &NewEvent<'_>,
    (action, proof): (&'static str, &Value),
    now: Timestamp,
) -> Result<(), DbError> {
    let by = event.by.map(|(user, _)| user);
    let (entered, proved) = tokio::join!(
        biased;
        requests::event(tx, event, now),
        prove(tx, of, by, action, proof, now),
    );
    entered?;
    proved
}

/// The entry of the audit alone. `action` is `request.verb`; nobody is `by` if the engine did it.
pub(crate) async fn prove(
    tx: &TenantTx,
    of: &Subject<'_>,
    by: Option<UserId>,
    action: &'static str,
    detail: &Value,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut proof = json!({ "request": of.id, "number": of.number });
    if let (Some(proof), Value::Object(more)) = (proof.as_object_mut(), detail.clone()) {
        proof.extend(more);
    }
    audit::write(tx, by, action, Some(of.entity), &proof, now).await
}

/// An entry of the change log that tells a request's way.
pub(crate) fn changed(id: RequestId, from: Option<RequestState>, to: RequestState, source: Source) -> NewChange {
    let before = from.map_or(Value::Null, |state| state.as_str().into());
    NewChange {
        kind: ChangeKind::RequestChanged,
        entity_id: id.uuid(),
        source,
        store_time: None,
        received_at: None,
        detail: BTreeMap::from([("state", (before, to.as_str().into()))]),
    }
}

/// Tells one person, unless it was their own doing.
pub(super) async fn tell(
    tx: &TenantTx,
    of: &Subject<'_>,
    user: UserId,
    kind: &'static str,
    once: Uuid,
    now: Timestamp,
) -> Result<(), DbError> {
    notices::tell(tx, &[notice(of, user, false, kind, once)], now).await
}

/// Tells one person of how it ended, in the panel and by letter.
pub(super) async fn tell_end(
    tx: &TenantTx,
    of: &Subject<'_>,
    user: UserId,
    (kind, words): (&'static str, &Words),
    once: Uuid,
    now: Timestamp,
) -> Result<(), DbError> {
    let notice = notice(of, user, false, kind, once);
    let letter = NewLetter {
        id: LetterId::fresh(),
        store: Some(of.store),
        to: To::Person(user),
        subject: &words.subject,
        body: &words.body,
        about_kind: "request",
        about_id: of.id.uuid(),
        once: &notice.once,
    };
    letters::write(tx, &letter, now).await?;
    notices::tell(tx, &[notice], now).await
}

/// Tells the platform's people.
pub(super) async fn tell_staff(
    tx: &TenantTx,
    of: &Subject<'_>,
    staff: &[UserId],
    kind: &'static str,
    once: Uuid,
    now: Timestamp,
) -> Result<(), DbError> {
    let notices: Vec<NewNotice> = staff.iter().map(|user| notice(of, *user, true, kind, once)).collect();
    notices::tell(tx, &notices, now).await
}

fn notice(of: &Subject<'_>, user: UserId, for_staff: bool, kind: &'static str, once: Uuid) -> NewNotice {
    NewNotice {
        user,
        for_staff,
        kind,
        detail: json!({ "number": of.number, "about": of.about }),
        about_kind: "request",
        about_id: of.id.uuid(),
        once: format!("{kind}:{}:{once}", of.id),
    }
}
