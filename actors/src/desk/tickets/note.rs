//! Staff note something that no merchant sees.

use serde_json::json;
use storewire_db::{TicketRow, attachments::Carrier, changes, tickets, tickets::NewNote};
use storewire_domain::{ChangeKind, Source, UserId};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand},
    Thread, Words, carry, check, find, staff_only,
    told::{self, News, Subject},
};
use crate::failpoint;

/// Adds a note, whose id is the deed's. The ticket's own row stays as it is: nothing that a merchant can read tells that there was one.
pub(in crate::desk) async fn note(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    of: Thread,
    words: &Words,
) -> Result<TicketRow, DeskError> {
    staff_only(by)?;
    check(shared, words)?;
    let row = find(shared, of.tenant, of.id).await?;
    let keepers = shared.keepers(row.store_id).await?;
    // Nobody who has nothing to do with it is told of a note.
    let answering: Vec<UserId> = row.assignee.filter(|assignee| keepers.contains(assignee)).into_iter().collect();
    let now = shared.clock.now();
    let tx = shared.db.desk(of.tenant).await?;
    let text = words.text.trim();
    let new = NewNote { ticket: row.id, id: deed, at: now, by: by.user, by_name: &by.name, text };
    if tickets::note(&tx, &new).await? {
        carry(&tx, &words.files, Carrier::Ticket { id: row.id, entry: deed, for_staff: true }, by).await?;
        told::prove(&tx, Subject::from(&row), by, (deed, "desk.note"), json!({}), now).await?;
        let news = News { kind: "ticket-noted", once: deed, now };
        told::tell_staff(&tx, &row, &answering, Some(by.user), news).await?;
        changes::append_one(&tx, row.store_id, told::entry(row.id, ChangeKind::DeskNoted, Source::User), now).await?;
    }
    failpoint!("ticket.before_commit");
    tx.commit().await?;
    failpoint!("ticket.after_commit");
    shared.feed.send();
    Ok(row)
}
