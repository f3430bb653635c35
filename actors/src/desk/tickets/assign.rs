//! Who answers a ticket, and how soon.

use serde_json::{Value, json};
use storewire_db::{DbError, TicketRow, changes, identity, tickets, tickets::Moved};
use storewire_domain::{
    StoreId, UserId,
    ticket::{Priority, TicketRefusal},
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand, proof::Proof},
    Seen, changed, find, lock, staff_only,
    told::{self, News, Subject},
};

/// As many of the platform's people as are looked through for one.
const MOST_STAFF: u32 = 10_000;

/// Gives a ticket to one of those who keep its store, or to nobody.
pub(in crate::desk) async fn assign(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    of: Seen,
    to: Option<UserId>,
) -> Result<TicketRow, DeskError> {
    staff_only(by)?;
    let now = shared.clock.now();
    let seen = find(shared, of.tenant, of.id).await?;
    let name = match to {
        Some(user) => Some(keeper(shared, seen.store_id, user).await?.ok_or(TicketRefusal::NotStaff)?),
        None => None,
    };
    let tx = shared.db.desk(of.tenant).await?;
    let row = lock(&tx, of.id).await?;
    let proof = Proof { deed, action: "ticket.assign", entity: row.id.uuid() };
    if !proof.is_there(&tx, Some(row.deed_id)).await? {
        let step = Moved { id: row.id, version: of.version, deed };
        if tickets::assign(&tx, step, to.zip(name.as_deref()), now).await?.is_none() {
            return Err(changed(&row));
        }
        let subject = Subject::from(&row);
        let detail = json!({ "assignee": [row.assignee, to] });
        told::prove(&tx, subject, by, (deed, proof.action), detail, now).await?;
        let news = News { kind: "ticket-assigned", once: deed, now };
        told::tell(&tx, subject, to.as_slice(), true, Some(by.user), news).await?;
        let change = told::changed(row.id, "assignee", json!(row.assignee_name), json!(name));
        changes::append_one(&tx, row.store_id, change, now).await?;
    }
    tx.commit().await?;
    shared.feed.send();
    find(shared, of.tenant, of.id).await
}

/// Sets how soon a ticket has to be answered. The goal counts from its opening, and moves as long as it was neither reached nor missed.
pub(in crate::desk) async fn prioritise(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    of: Seen,
    priority: Priority,
) -> Result<TicketRow, DeskError> {
    staff_only(by)?;
    let now = shared.clock.now();
    let tx = shared.db.desk(of.tenant).await?;
    let row = lock(&tx, of.id).await?;
    let proof = Proof { deed, action: "ticket.prioritise", entity: row.id.uuid() };
    if !proof.is_there(&tx, Some(row.deed_id)).await? {
        let due_at = (!row.opened_by_staff).then(|| shared.config.answer_due(row.opened_at, priority));
        let step = Moved { id: row.id, version: of.version, deed };
        if tickets::prioritise(&tx, step, priority, due_at, now).await?.is_none() {
            return Err(changed(&row));
        }
        let values: [Value; 2] = [row.priority.as_str().into(), priority.as_str().into()];
        let detail = json!({ "priority": values });
        told::prove(&tx, Subject::from(&row), by, (deed, proof.action), detail, now).await?;
        let [before, after] = values;
        changes::append_one(&tx, row.store_id, told::changed(row.id, "priority", before, after), now).await?;
    }
    tx.commit().await?;
    shared.feed.send();
    find(shared, of.tenant, of.id).await
}

/// The name of one of the platform's people who keeps a store; `None` if they do not.
async fn keeper(shared: &DeskShared, store: StoreId, user: UserId) -> Result<Option<String>, DbError> {
    let tx = shared.db.staff().await?;
    let (people, ended) = tokio::join!(biased; identity::staff_of(&tx, store, MOST_STAFF), tx.end());
    ended?;
    Ok(people?.into_iter().find(|person| person.id == user).map(|person| person.name))
}
