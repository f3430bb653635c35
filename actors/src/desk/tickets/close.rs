//! A ticket is closed, and opened again without a word.

use serde_json::json;
use storewire_db::{
    TicketRow, changes, tickets,
    tickets::{Moved, NewMessage},
};
use storewire_domain::ticket::{MessageKind, Side, TicketRefusal, TicketState};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand, proof::Proof},
    Seen, changed, find, lock, moment,
    told::{self, News, Subject},
};

/// Closes a ticket that is as it was seen.
pub(in crate::desk) async fn close(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    of: Seen,
) -> Result<TicketRow, DeskError> {
    step(shared, deed, by, of, TicketState::close, ("ticket.close", "ticket-closed")).await
}

/// Reopens a ticket that is as it was seen.
pub(in crate::desk) async fn reopen(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    of: Seen,
) -> Result<TicketRow, DeskError> {
    step(shared, deed, by, of, TicketState::reopen, ("ticket.reopen", "ticket-reopened")).await
}

async fn step(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    of: Seen,
    next: impl FnOnce(TicketState) -> Result<TicketState, TicketRefusal> + Send,
    (action, kind): (&'static str, &'static str),
) -> Result<TicketRow, DeskError> {
    let side = Side::from(by.class);
    let seen = find(shared, of.tenant, of.id).await?;
    // Who is told if nobody of the other side has spoken yet.
    let others = match side {
        Side::Merchant => shared.keepers(seen.store_id).await?,
        Side::Staff => told::admins(shared, of.tenant).await?,
    };
    let tx = shared.db.desk(of.tenant).await?;
    let row = lock(&tx, of.id).await?;
    let proof = Proof { deed, action, entity: row.id.uuid() };
    if !proof.is_there(&tx, Some(row.deed_id)).await? {
        let now = moment(shared, &row);
        let state = next(row.state)?;
        let step = Moved { id: row.id, version: of.version, deed };
        if tickets::move_to(&tx, step, state, now).await?.is_none() {
            return Err(changed(&row));
        }
        let message = NewMessage {
            ticket: row.id,
            id: deed,
            at: now,
            by: by.user,
            by_name: &by.name,
            by_staff: side.is_staff(),
            kind: MessageKind::State,
            text: "",
            detail: json!({ "state": [row.state, state] }),
        };
        tickets::message(&tx, &message).await?;
        let subject = Subject::from(&row);
        told::prove(&tx, subject, by, (deed, action), json!({ "version": of.version }), now).await?;
        let news = News { kind, once: deed, now };
        match side {
            Side::Merchant => told::tell_staff(&tx, &row, &others, Some(by.user), news).await?,
            Side::Staff => {
                let spoken = tickets::merchants_of(&tx, row.id).await?;
                let merchants = if spoken.is_empty() { others } else { spoken };
                told::tell(&tx, subject, &merchants, false, Some(by.user), news).await?;
            }
        }
        changes::append_one(&tx, row.store_id, told::moved(row.id, Some(row.state), state), now).await?;
    }
    tx.commit().await?;
    shared.feed.send();
    find(shared, of.tenant, of.id).await
}
