//! What staff note is in no merchant's reach, whatever a statement asks for.

use anyhow::{Result, ensure};
use serde_json::json;
use storewire_db::{
    attachments::{self, Carrier},
    audit, bootstrap, changes,
    changes::{Counted, NewChange},
    tickets::{self, NewNote},
};
use storewire_domain::{ChangeKind, ReadScope, Source};
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use super::{Cast, STAFF};
use crate::shop::now;

#[tokio::test]
async fn the_merchants_scope_has_no_right_on_notes_and_sees_no_desk_entry_or_file() -> Result<()> {
    let cast = Cast::gather().await?;
    let id = cast.open().await?;
    let file = cast.upload(cast.anna).await?;
    let cursor = {
        let tx = cast.db().platform().await?;
        let cursor = tx.cursor().await?;
        tx.commit().await?;
        cursor
    };
    let deed = Uuid::now_v7();
    let note = NewNote { ticket: id, id: deed, at: now(), by: cast.anna, by_name: "Anna", text: "they always say so" };
    let tx = cast.db().desk(cast.shop.tenant).await?;
    ensure!(tickets::note(&tx, &note).await? && !tickets::note(&tx, &note).await?, "one deed, two notes");
    let to = Carrier::Ticket { id, entry: deed, for_staff: true };
    ensure!(attachments::carry(&tx, &[file], to, cast.anna).await? == 1);
    audit::write(&tx, Some(cast.anna), "desk.note", Some(id.uuid()), &json!({}), now()).await?;
    let noted = NewChange {
        kind: ChangeKind::DeskNoted,
        entity_id: id.uuid(),
        source: Source::User,
        store_time: None,
        received_at: None,
        detail: std::collections::BTreeMap::new(),
    };
    changes::append(&tx, cast.shop.store, &[noted], Counted::default(), now()).await?;
    tx.commit().await?;

    let mine = ReadScope::Tenant(cast.shop.tenant);
    for (scope, wanted) in [(STAFF, 1), (mine.clone(), 0)] {
        let tx = cast.db().read(&scope).await?;
        ensure!(attachments::of_ticket(&tx, cast.shop.tenant, id).await?.len() == wanted, "files in {scope:?}");
        ensure!(usize::from(attachments::find(&tx, file).await?.is_some()) == wanted, "the file in {scope:?}");
        ensure!(audit::of_entity(&tx, cast.shop.tenant, id.uuid(), 10).await?.len() == wanted, "audit in {scope:?}");
        ensure!(changes::of_entity(&tx, cast.shop.tenant, id.uuid()).await?.len() == wanted, "log in {scope:?}");
        let resumed = changes::since(&tx, &cursor, 100).await?.unwrap_or_default();
        ensure!(resumed.len() == wanted, "{} entries are resumed in {scope:?}", resumed.len());
        tx.commit().await?;
    }
    let tx = cast.db().read(&STAFF).await?;
    let notes = tickets::notes(&tx, cast.shop.tenant, id).await?;
    ensure!(notes.len() == 1 && notes[0].text == note.text && notes[0].user_id == cast.anna, "{notes:?}");
    tx.commit().await?;
    let tx = cast.db().read(&mine).await?;
    ensure!(tickets::notes(&tx, cast.shop.tenant, id).await.is_err(), "a merchant's scope reads notes");
    drop(tx);

    let client = bootstrap::connect(&cast.test.app_url().parse()?, &cast.test.drivers()).await?;
    for statement in [
        "SELECT 1 FROM ticket_note",
        "SELECT count(*) FROM ticket LEFT JOIN ticket_note ON ticket_note.ticket_id = ticket.id",
        "SELECT EXISTS (SELECT FROM ticket_note)",
        "INSERT INTO ticket_note SELECT tenant_id, ticket_id, gen_random_uuid(), at, user_id, by_name, text FROM ticket_message",
        "UPDATE ticket_note SET text = ''",
        "DELETE FROM ticket_note",
        "UPDATE ticket_message SET text = ''",
        "DELETE FROM ticket_message",
        "UPDATE attachment SET name = 'x'",
        "DELETE FROM attachment",
    ] {
        client
            .batch_execute(&format!("BEGIN; SET LOCAL ROLE sw_tenant; SET LOCAL app.tenant = '{}'", cast.shop.tenant))
            .await?;
        let refused = client.execute(statement, &[]).await.err().and_then(|error| error.code().cloned());
        client.batch_execute("ROLLBACK").await?;
        ensure!(refused == Some(SqlState::INSUFFICIENT_PRIVILEGE), "{statement}: {refused:?}");
    }
    // Nothing on the ticket's own row tells of a note.
    let row = cast.row(id).await?;
    ensure!((row.version, row.updated_at, row.last_message_at) == (1, now(), now()));
    Ok(())
}
