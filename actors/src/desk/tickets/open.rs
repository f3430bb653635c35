//! Somebody opens a ticket.

use serde_json::json;
use storewire_db::{
    DeskTx, TicketRow,
    attachments::Carrier,
    changes, desk_numbers, tickets,
    tickets::{About, NewMessage},
};
use storewire_domain::{
    TicketId, UserId,
    ticket::{MessageKind, Priority, Side, TicketState, check_subject},
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand, letters},
    NewTicket, carry, check, find, perhaps,
    told::{self, News, Subject},
};
use crate::failpoint;

/// Opens it; its id and that of its first message are the deed's.
pub(in crate::desk) async fn open(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    wish: NewTicket,
) -> Result<TicketRow, DeskError> {
    let (tenant, id) = (wish.tenant, TicketId(deed));
    check_subject(&wish.subject)?;
    check(shared, &wish.words)?;
    // Opened before, it is answered whatever has become of it.
    if let Some(row) = perhaps(shared, tenant, id).await? {
        return if row.opened_by == by.user { Ok(row) } else { Err(DeskError::NotFound) };
    }
    // Who is on the other side.
    let others = match Side::from(by.class) {
        Side::Merchant => shared.keepers(wish.store).await?,
        Side::Staff => told::admins(shared, tenant).await?,
    };
    let tx = shared.db.desk(tenant).await?;
    match write(&tx, shared, deed, by, &wish, &others).await {
        Ok(()) => {
            failpoint!("ticket.before_commit");
            tx.commit().await?;
            failpoint!("ticket.after_commit");
        }
        Err(DeskError::Db(error)) if error.constraint() == Some("ticket_pkey") => drop(tx),
        Err(DeskError::Db(error)) if error.constraint() == Some("ticket_tenant_id_store_id_fkey") => {
            return Err(DeskError::NotFound);
        }
        Err(error) => return Err(error),
    }
    shared.feed.send();
    shared.letters.send();
    find(shared, tenant, id).await
}

async fn write(
    tx: &DeskTx,
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    wish: &NewTicket,
    others: &[UserId],
) -> Result<(), DeskError> {
    let (now, side) = (shared.clock.now(), Side::from(by.class));
    let about = match wish.about {
        Some((kind, id)) => {
            let named = tickets::about(tx, wish.store, kind, id).await?.ok_or(DeskError::NotFound)?;
            Some(About { kind, id, title: named.title })
        }
        None => None,
    };
    let (state, priority) = match side {
        Side::Merchant => (TicketState::Open, Priority::Normal),
        Side::Staff => (TicketState::Answered, wish.priority),
    };
    let number = desk_numbers::next(tx, desk_numbers::Numbered::Ticket).await?;
    let (id, subject) = (TicketId(deed), wish.subject.trim());
    let new = tickets::NewTicket {
        id,
        number,
        store: wish.store,
        subject,
        state,
        priority,
        about: about.as_ref(),
        by: by.user,
        by_name: &by.name,
        by_staff: side.is_staff(),
        answer_due_at: (side == Side::Merchant).then(|| shared.config.answer_due(now, priority)),
        deed,
    };
    tickets::insert(tx, &new, now).await?;
    let message = NewMessage {
        ticket: id,
        id: deed,
        at: now,
        by: by.user,
        by_name: &by.name,
        by_staff: side.is_staff(),
        kind: MessageKind::Message,
        text: wish.words.text.trim(),
        detail: json!({}),
    };
    tickets::message(tx, &message).await?;
    carry(tx, &wish.words.files, Carrier::Ticket { id, entry: deed, for_staff: false }, by).await?;
    tickets::read_up_to(tx, id, by.user, now).await?;
    let of = Subject { id, number, subject };
    let proof = json!({ "store": wish.store, "about": about.map(|about| about.id) });
    told::prove(tx, of, by, (deed, "ticket.open"), proof, now).await?;
    let news = News { kind: "ticket-opened", once: deed, now };
    told::tell(tx, of, others, side == Side::Merchant, Some(by.user), news).await?;
    if side == Side::Staff {
        let letter = letters::tickets::opened(number, subject, &by.name, message.text, wish.words.files.len());
        told::write_to(tx, of, wish.store, others, &letter, news).await?;
    }
    Ok(changes::append_one(tx, wish.store, told::moved(id, None, state), now).await?)
}
