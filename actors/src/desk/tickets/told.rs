//! Who is told of what happens to a ticket, and how: the change log for open pages, notices for people, the audit for later.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use storewire_db::{
    DbError, TenantTx, TicketRow, audit,
    changes::NewChange,
    identity,
    letters::{self, NewLetter, To},
    notices::{self, NewNotice},
};
use storewire_domain::{
    ChangeKind, LetterId, Source, StoreId, TenantId, TenantRole, TicketId, UserId, ticket::TicketState,
};
use uuid::Uuid;

use super::super::{DeskShared, Hand, letters::Words};

/// A ticket as far as telling of it goes.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) id: TicketId,
    pub(super) number: i64,
    pub(super) subject: &'a str,
}

impl<'a> From<&'a TicketRow> for Subject<'a> {
    fn from(row: &'a TicketRow) -> Self {
        Self { id: row.id, number: row.number, subject: &row.subject }
    }
}

/// What people are told, and once for which deed.
#[derive(Clone, Copy)]
pub(super) struct News {
    /// A key of the panel's texts.
    pub(super) kind: &'static str,
    pub(super) once: Uuid,
    pub(super) now: Timestamp,
}

/// The people of a merchant who answer for it.
pub(super) async fn admins(shared: &DeskShared, tenant: TenantId) -> Result<Vec<UserId>, DbError> {
    let tx = shared.db.staff().await?;
    let (people, ended) = tokio::join!(biased; identity::members(&tx, tenant, Some(TenantRole::Admin)), tx.end());
    ended?;
    Ok(people?.into_iter().map(|person| person.id).collect())
}

/// Tells whoever answers a ticket, or all who might, unless it was their own doing. Who no longer keeps the store answers nothing of it.
pub(super) async fn tell_staff(
    tx: &TenantTx,
    row: &TicketRow,
    keepers: &[UserId],
    but: Option<UserId>,
    news: News,
) -> Result<(), DbError> {
    let assignee = row.assignee.filter(|assignee| keepers.contains(assignee));
    let to: Vec<UserId> = assignee.map_or_else(|| keepers.to_vec(), |assignee| vec![assignee]);
    tell(tx, Subject::from(row), &to, true, but, news).await
}

/// Tells these people, unless it was their own doing.
pub(super) async fn tell(
    tx: &TenantTx,
    of: Subject<'_>,
    to: &[UserId],
    for_staff: bool,
    but: Option<UserId>,
    news: News,
) -> Result<(), DbError> {
    let notice = |user: UserId| NewNotice {
        user,
        for_staff,
        kind: news.kind,
        detail: json!({ "number": of.number, "about": of.subject }),
        about_kind: "ticket",
        about_id: of.id.uuid(),
        once: format!("{}:{}:{}", news.kind, of.id, news.once),
    };
    let notices: Vec<NewNotice> = to.iter().filter(|user| Some(**user) != but).map(|user| notice(*user)).collect();
    notices::tell(tx, &notices, news.now).await
}

/// Writes to these of the merchant's people; who has left gets none.
pub(super) async fn write_to(
    tx: &TenantTx,
    of: Subject<'_>,
    store: StoreId,
    to: &[UserId],
    words: &Words,
    news: News,
) -> Result<(), DbError> {
    for user in to {
        let letter = NewLetter {
            id: LetterId::fresh(),
            store: Some(store),
            to: To::Person(*user),
            subject: &words.subject,
            body: &words.body,
            about_kind: "ticket",
            about_id: of.id.uuid(),
            once: &format!("{}:{}:{}:{user}", news.kind, of.id, news.once),
        };
        letters::write(tx, &letter, news.now).await?;
    }
    Ok(())
}

/// Writes down who did it: the deed, and its `ticket.verb`.
pub(super) async fn prove(
    tx: &TenantTx,
    of: Subject<'_>,
    by: &Hand,
    (deed, action): (Uuid, &'static str),
    detail: Value,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut proof = json!({ "number": of.number });
    if let (Some(proof), Value::Object(more)) = (proof.as_object_mut(), detail) {
        proof.extend(more);
    }
    audit::write(tx, Some(by.user), action, Some(of.id.uuid()), &audit::with_deed(proof, deed), now).await
}

/// An entry of the change log that tells a ticket's way.
pub(super) fn moved(id: TicketId, from: Option<TicketState>, to: TicketState) -> NewChange {
    let before = from.map_or(Value::Null, |state| state.as_str().into());
    changed(id, "state", before, to.as_str().into())
}

/// The same of another of its fields.
pub(super) fn changed(id: TicketId, field: &'static str, before: Value, after: Value) -> NewChange {
    NewChange {
        detail: BTreeMap::from([(field, (before, after))]),
        ..entry(id, ChangeKind::TicketChanged, Source::User)
    }
}

/// An entry without fields.
pub(super) const fn entry(id: TicketId, kind: ChangeKind, source: Source) -> NewChange {
    NewChange { kind, entity_id: id.uuid(), source, store_time: None, received_at: None, detail: BTreeMap::new() }
}
