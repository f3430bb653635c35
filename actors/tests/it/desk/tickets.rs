//! A merchant and staff talk about something: each message once, each to whom it concerns, and what staff note to staff alone.

mod acts;
mod files;
mod repeats;
mod seen;

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use storewire_actors::{
    DeskError, Hand,
    desk::{NewTicket, RefusalKind, Seen, Thread, TicketAct, Words},
};
use storewire_db::{
    TicketRow, attachments, audit, changes,
    tickets::{self, MessageRow},
};
use storewire_domain::{
    ChangeKind, ReadScope, Source, TicketId, UserId,
    ticket::{AboutKind, MessageKind, Priority, TicketState},
};
use uuid::Uuid;

use super::{Office, refused};

/// The smallest picture there is: one pixel, with a comment that says where it was taken.
const PHOTO: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xfe\x04home\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

fn words(text: &str) -> Words {
    Words { text: text.to_owned(), files: Vec::new() }
}

fn thread(row: &TicketRow) -> Thread {
    Thread { tenant: row.tenant_id, id: row.id }
}

fn seen(row: &TicketRow) -> Seen {
    Seen { tenant: row.tenant_id, id: row.id, version: row.version }
}

impl Office {
    fn about(&self, about: Option<(AboutKind, Uuid)>) -> NewTicket {
        NewTicket {
            tenant: self.bench.house.tenant,
            store: self.bench.store,
            subject: "Two boxes are wet".to_owned(),
            words: words("they were left outside"),
            priority: Priority::Urgent,
            about,
        }
    }

    /// The merchant opens a ticket about the product.
    async fn open_ticket(&self) -> Result<TicketRow> {
        let about = self.about(Some((AboutKind::Product, self.entity)));
        Ok(self.desk().open(Uuid::now_v7(), self.merchant.clone(), about).await?)
    }

    async fn say(&self, row: &TicketRow, by: &Hand, text: &str) -> Result<TicketRow> {
        Ok(self.desk().say(Uuid::now_v7(), by.clone(), thread(row), words(text)).await?)
    }

    async fn ticket(&self, id: TicketId) -> Result<TicketRow> {
        let tx = self.bench.house.db.db().platform().await?;
        let row = tickets::find(&tx, id).await?;
        tx.commit().await?;
        row.context("the ticket is there")
    }

    /// The thread as the merchant reads it.
    async fn thread(&self, row: &TicketRow) -> Result<Vec<MessageRow>> {
        let tx = self.bench.house.db.db().read(&ReadScope::Tenant(row.tenant_id)).await?;
        let entries = tickets::messages(&tx, row.tenant_id, row.id).await?;
        tx.commit().await?;
        Ok(entries)
    }

    async fn has_unread(&self, row: &TicketRow, user: UserId) -> Result<bool> {
        let tx = self.bench.house.db.db().platform().await?;
        let unread = tickets::unread(&tx, user, &[row.id]).await?;
        tx.commit().await?;
        Ok(!unread.is_empty())
    }

    /// What one person was told about a ticket, in order.
    async fn told_of(&self, row: &TicketRow, who: &Hand) -> Result<Vec<String>> {
        let sql = "SELECT kind FROM notice WHERE about_id = $1 AND user_id = $2 ORDER BY created_at, id";
        let rows = self.bench.house.admin.query(sql, &[&row.id.uuid(), &who.user.uuid()]).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }
}

#[actix_web::test]
async fn a_ticket_waits_for_whoever_did_not_speak_last_and_each_word_is_kept_once() -> Result<()> {
    let office = Office::open().await?;
    let (desk, merchant, [ada, bob]) = (office.desk(), office.merchant.clone(), office.staff.clone());
    let deed = Uuid::now_v7();
    let about = office.about(Some((AboutKind::Product, office.entity)));
    let opened = desk.open(deed, merchant.clone(), about.clone()).await?;
    let again = desk.open(deed, merchant.clone(), about).await?;
    ensure!(opened.id.uuid() == deed && (opened.number, again.number, again.version) == (1, 1, 1), "{again:?}");
    ensure!((opened.state, opened.priority) == (TicketState::Open, Priority::Normal), "merchants set no priority");
    ensure!(opened.about.as_ref().is_some_and(|about| about.id == office.entity && !about.title.is_empty()));
    ensure!(opened.answer_due_at.is_some_and(|due| due > opened.opened_at));
    ensure!(office.told_of(&opened, &ada).await? == ["ticket-opened"]);
    ensure!(office.told_of(&opened, &bob).await? == ["ticket-opened"]);

    let deed = Uuid::now_v7();
    for _ in 0..2 {
        let answered = desk.say(deed, ada.clone(), thread(&opened), words("we send two others")).await?;
        ensure!((answered.state, answered.version) == (TicketState::Answered, 2), "{answered:?}");
        ensure!(answered.first_answer_at.is_some() && answered.last_by_staff);
    }
    ensure!(office.told_of(&opened, &merchant).await? == ["ticket-said"]);
    let given =
        desk.assign(Uuid::now_v7(), ada.clone(), seen(&office.ticket(opened.id).await?), Some(bob.user)).await?;
    ensure!(given.assignee_name.as_deref() == Some("Bob") && given.version == 3, "{given:?}");
    let open = office.say(&opened, &merchant, "thank you").await?;
    ensure!((open.state, open.version) == (TicketState::Open, 4));
    ensure!(office.told_of(&opened, &bob).await? == ["ticket-opened", "ticket-assigned", "ticket-said"]);
    ensure!(office.told_of(&opened, &ada).await? == ["ticket-opened"], "one answers, one is told");
    let texts: Vec<String> = office.thread(&opened).await?.into_iter().map(|entry| entry.text).collect();
    ensure!(texts == ["they were left outside", "we send two others", "thank you"], "{texts:?}");
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn what_cannot_be_said_or_given_is_refused_each_with_its_word() -> Result<()> {
    let office = Office::open().await?;
    let (desk, merchant, [ada, _]) = (office.desk(), office.merchant.clone(), office.staff.clone());
    let row = office.open_ticket().await?;
    let open = async |wish| desk.open(Uuid::now_v7(), merchant.clone(), wish).await;
    let empty = NewTicket { words: words(" "), ..office.about(None) };
    refused(open(empty).await, "empty", RefusalKind::Unprocessable)?;
    for about in [(AboutKind::Order, office.entity), (AboutKind::Product, Uuid::now_v7())] {
        let stranger = open(office.about(Some(about))).await;
        ensure!(matches!(stranger, Err(DeskError::NotFound)), "{stranger:?}");
    }
    let by_merchant = desk.note(Uuid::now_v7(), merchant.clone(), thread(&row), words("mine")).await;
    refused(by_merchant, "staff_only", RefusalKind::Forbidden)?;
    let to_merchant = desk.assign(Uuid::now_v7(), ada.clone(), seen(&row), Some(merchant.user)).await;
    refused(to_merchant, "not_staff", RefusalKind::Unprocessable)?;
    office.say(&row, &merchant, "one thing more").await?;
    let late = desk.close(Uuid::now_v7(), ada.clone(), seen(&row)).await;
    let now = refused(late, "changed", RefusalKind::Outdated)?;
    ensure!(now["version"] == 2, "{now}");
    let foreign = Thread { id: TicketId::fresh(), ..thread(&row) };
    let nowhere = desk.say(Uuid::now_v7(), merchant.clone(), foreign, words("hello")).await;
    ensure!(matches!(nowhere, Err(DeskError::NotFound)), "{nowhere:?}");
    let related = TicketAct::Resync;
    refused(desk.act(Uuid::now_v7(), merchant, thread(&row), related).await, "staff_only", RefusalKind::Forbidden)?;
    ensure!(office.bench.house.count("SELECT count(*) FROM ticket", &[]).await? == 1);
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_closed_ticket_takes_words_and_is_open_again_and_says_so() -> Result<()> {
    let office = Office::open().await?;
    let (desk, merchant, [ada, _]) = (office.desk(), office.merchant.clone(), office.staff.clone());
    let row = office.open_ticket().await?;
    let deed = Uuid::now_v7();
    for _ in 0..2 {
        let closed = desk.close(deed, ada.clone(), seen(&row)).await?;
        ensure!((closed.state, closed.version) == (TicketState::Closed, 2) && closed.closed_at.is_some());
    }
    let closed = office.ticket(row.id).await?;
    let twice = desk.close(Uuid::now_v7(), ada.clone(), seen(&closed)).await;
    refused(twice, "nothing_to_change", RefusalKind::Conflict)?;
    let open = office.say(&row, &merchant, "one is wet again").await?;
    ensure!((open.state, open.closed_at) == (TicketState::Open, None), "{open:?}");
    let closed = desk.close(Uuid::now_v7(), merchant.clone(), seen(&open)).await?;
    let open = desk.reopen_ticket(Uuid::now_v7(), merchant.clone(), seen(&closed)).await?;
    ensure!(open.state == TicketState::Open && open.version == 5);
    let thread = office.thread(&row).await?;
    let told: Vec<_> = thread.iter().map(|entry| (entry.kind, entry.detail["state"][1].as_str())).collect();
    let wanted = [
        (MessageKind::Message, None),
        (MessageKind::State, Some("closed")),
        (MessageKind::Message, Some("open")),
        (MessageKind::State, Some("closed")),
        (MessageKind::State, Some("open")),
    ];
    ensure!(told == wanted, "{told:?}");
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn fault_20_a_note_is_unseen_by_the_merchants_scope_and_leaves_no_trace_that_it_reads() -> Result<()> {
    let office = Office::open().await?;
    let (desk, merchant, [ada, bob]) = (office.desk(), office.merchant.clone(), office.staff.clone());
    let opened = office.open_ticket().await?;
    let row = desk.assign(Uuid::now_v7(), ada.clone(), seen(&opened), Some(bob.user)).await?;
    let db = office.bench.house.db.db();
    let tx = db.platform().await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;
    let file = desk.upload(row.tenant_id, ada.clone(), "shelf.gif".to_owned(), Bytes::from_static(PHOTO)).await?;
    let deed = Uuid::now_v7();
    let noted = Words { text: "they always say so".to_owned(), files: vec![file.id] };
    for _ in 0..2 {
        desk.note(deed, ada.clone(), thread(&row), noted.clone()).await?;
    }
    for (scope, wanted) in [(ReadScope::Platform { stores: None }, 1), (ReadScope::Tenant(row.tenant_id), 0)] {
        let tx = db.read(&scope).await?;
        let resumed = changes::since(&tx, &cursor, 100).await?.context("few")?;
        let of_note = resumed.iter().filter(|change| change.kind == ChangeKind::DeskNoted).count();
        ensure!(of_note == wanted, "{of_note} entries in {scope:?}: {resumed:?}");
        ensure!(attachments::of_ticket(&tx, row.tenant_id, row.id).await?.len() == wanted);
        let deeds = audit::of_entity(&tx, row.tenant_id, row.id.uuid(), 10).await?;
        ensure!(deeds.iter().filter(|deed| deed.action == "desk.note").count() == wanted, "{deeds:?}");
        tx.commit().await?;
    }
    let tx = db.read(&ReadScope::Tenant(row.tenant_id)).await?;
    ensure!(tickets::notes(&tx, row.tenant_id, row.id).await.is_err(), "a merchant's scope reads notes");
    drop(tx);
    ensure!(office.thread(&row).await?.len() == 1);
    ensure!(office.told_of(&row, &merchant).await?.is_empty());
    ensure!(office.told_of(&row, &bob).await?.last().is_some_and(|kind| kind == "ticket-noted"));
    let after = office.ticket(row.id).await?;
    ensure!((after.version, after.updated_at, after.state) == (row.version, row.updated_at, row.state), "{after:?}");
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn an_answer_goal_is_missed_once_by_the_row_whoever_was_awake() -> Result<()> {
    let office = Office::with(|config| {
        config.desk.interval = Duration::from_millis(50);
        config.desk.idle = Duration::from_millis(100);
        // Always at work, or the test would pass on weekdays only.
        config.desk.hours = storewire_domain::business_hours::BusinessHours::parse(
            "mon-sun 00:00-24:00",
            jiff::tz::TimeZone::UTC,
            std::collections::BTreeSet::new(),
        )
        .unwrap();
        config.desk.answer.normal = Duration::from_secs(2);
    })
    .await?;
    let (late, answered) = (office.open_ticket().await?, office.open_ticket().await?);
    office.say(&answered, &office.staff[0], "at once").await?;
    office.bench.house.stop().await;
    office.bench.house.start();
    office
        .bench
        .house
        .until("the goal is missed", || async { Ok(office.ticket(late.id).await?.answer_late_at.is_some()) })
        .await?;
    // Another one's goal is missed later: by then the first was looked at again.
    let next = office.open_ticket().await?;
    let house = &office.bench.house;
    house.until("the next is", || async { Ok(office.ticket(next.id).await?.answer_late_at.is_some()) }).await?;
    for staff in &office.staff {
        ensure!(office.told_of(&late, staff).await? == ["ticket-opened", "ticket-late"]);
        ensure!(office.told_of(&answered, staff).await? == ["ticket-opened"]);
    }
    let of_engine = "SELECT count(*) FROM change WHERE entity_id = $1 AND source = $2";
    let engine = Source::Engine.as_str();
    ensure!(office.bench.house.count(of_engine, &[&late.id.uuid(), &engine]).await? == 1);
    let row = office.ticket(late.id).await?;
    ensure!((row.state, row.version) == (TicketState::Open, 1), "{row:?}");
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_merchant_hears_of_the_end_of_a_ticket_that_nobody_of_theirs_answered() -> Result<()> {
    let office = Office::open().await?;
    let (desk, ada) = (office.desk(), office.staff[0].clone());
    let row = desk.open(Uuid::now_v7(), ada.clone(), office.about(None)).await?;
    let before = office.told_of(&row, &office.merchant).await?;
    desk.close(Uuid::now_v7(), ada, seen(&row)).await?;
    let told = office.told_of(&row, &office.merchant).await?;
    ensure!(told.len() == before.len() + 1 && told.last().is_some_and(|kind| kind == "ticket-closed"), "{told:?}");
    office.bench.house.close().await;
    Ok(())
}
