//! Somebody writes in a ticket.

use serde_json::json;
use storewire_db::{
    DeskTx, TicketRow,
    attachments::Carrier,
    changes, tickets,
    tickets::{NewMessage, Said},
};
use storewire_domain::{
    UserId,
    ticket::{MessageKind, Side, TicketState},
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand, letters},
    Thread, Words, carry, check, find, lock, moment,
    told::{self, News, Subject},
};
use crate::failpoint;

/// Adds a message, whose id is the deed's; the ticket then waits for the other side. A closed one is open again, and the message says so.
pub(in crate::desk) async fn say(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    of: Thread,
    words: &Words,
) -> Result<TicketRow, DeskError> {
    check(shared, words)?;
    let seen = find(shared, of.tenant, of.id).await?;
    // Who is told if nobody of the other side has spoken yet.
    let others = match Side::from(by.class) {
        Side::Merchant => shared.keepers(seen.store_id).await?,
        Side::Staff => told::admins(shared, of.tenant).await?,
    };
    let tx = shared.db.desk(of.tenant).await?;
    write(&tx, shared, deed, by, of, words, &others).await?;
    failpoint!("ticket.before_commit");
    tx.commit().await?;
    failpoint!("ticket.after_commit");
    shared.feed.send();
    shared.letters.send();
    find(shared, of.tenant, of.id).await
}

async fn write(
    tx: &DeskTx,
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    of: Thread,
    words: &Words,
    others: &[UserId],
) -> Result<(), DeskError> {
    let row = lock(tx, of.id).await?;
    let (now, side) = (moment(shared, &row), Side::from(by.class));
    let state = TicketState::after_message(side);
    let message = NewMessage {
        ticket: row.id,
        id: deed,
        at: now,
        by: by.user,
        by_name: &by.name,
        by_staff: side.is_staff(),
        kind: MessageKind::Message,
        text: words.text.trim(),
        detail: if row.state == TicketState::Closed { json!({ "state": [row.state, state] }) } else { json!({}) },
    };
    if !tickets::message(tx, &message).await? {
        return Ok(());
    }
    carry(tx, &words.files, Carrier::Ticket { id: row.id, entry: deed, for_staff: false }, by).await?;
    tickets::said(tx, row.id, Said { state, by_staff: side.is_staff(), at: now, deed }).await?;
    tickets::read_up_to(tx, row.id, by.user, now).await?;
    let subject = Subject::from(&row);
    told::prove(tx, subject, by, (deed, "ticket.say"), json!({}), now).await?;
    let news = News { kind: "ticket-said", once: deed, now };
    match side {
        Side::Merchant => told::tell_staff(tx, &row, others, Some(by.user), news).await?,
        Side::Staff => {
            let spoken = tickets::merchants_of(tx, row.id).await?;
            let merchants = if spoken.is_empty() { others.to_vec() } else { spoken };
            told::tell(tx, subject, &merchants, false, Some(by.user), news).await?;
            // Who opened it is written to; of a ticket that staff opened, who was told.
            let to = if row.opened_by_staff { merchants } else { vec![row.opened_by] };
            let letter = letters::tickets::said(row.number, &row.subject, &by.name, message.text, words.files.len());
            told::write_to(tx, subject, row.store_id, &to, &letter, news).await?;
        }
    }
    Ok(changes::append_one(tx, row.store_id, told::moved(row.id, Some(row.state), state), now).await?)
}
