//! Tickets: a thread that both sides read, notes that only staff do, and files that go where what carries them goes.

mod hidden;
mod schema;

use anyhow::{Context as _, Result, ensure};
use jiff::ToSpan as _;
use serde_json::json;
use storewire_db::{
    Db, TicketRow,
    attachments::{self, NewAttachment},
    desk, desk_numbers, identity,
    tickets::{self, About, Moved, NewMessage, NewTicket, Said, TicketFilter},
};
use storewire_domain::{
    AttachmentId, PlatformRole, ReadScope, TenantId, TenantRole, TicketId, UserId,
    attachment::MediaType,
    ticket::{AboutKind, MessageKind, Priority, TicketState},
};
use storewire_testkit::TestDb;
use uuid::Uuid;

use crate::shop::{self, Shop, now};

const STAFF: ReadScope = ReadScope::Platform { stores: None };

/// A merchant who asks and one of the platform's people who answers.
struct Cast {
    test: TestDb,
    shop: Shop,
    meral: UserId,
    anna: UserId,
}

impl Cast {
    async fn gather() -> Result<Self> {
        let test = TestDb::create().await?;
        let shop = shop::open(test.db(), "coffee").await?;
        let tx = test.db().auth().await?;
        let meral = identity::create_user(&tx, "meral@coffee.example", "Meral", "-", None).await?;
        let anna = identity::create_user(&tx, "anna@example.test", "Anna", "-", Some(PlatformRole::Admin)).await?;
        tx.commit().await?;
        let tx = test.db().tenant(shop.tenant).await?;
        identity::add_membership(&tx, meral, TenantRole::User).await?;
        tx.commit().await?;
        Ok(Self { test, shop, meral, anna })
    }

    fn db(&self) -> &Db {
        self.test.db()
    }

    async fn open(&self) -> Result<TicketId> {
        open(self.db(), &self.shop, self.meral).await
    }

    async fn row(&self, id: TicketId) -> Result<TicketRow> {
        let tx = self.db().read(&STAFF).await?;
        let row = tickets::find(&tx, id).await?;
        tx.commit().await?;
        row.context("the ticket is there")
    }

    /// Somebody uploads a file.
    async fn upload(&self, by: UserId) -> Result<AttachmentId> {
        let id = AttachmentId::fresh();
        let tx = self.db().desk(self.shop.tenant).await?;
        let new = NewAttachment { id, name: "photo.png", kind: MediaType::Png, bytes: 70, by };
        attachments::insert(&tx, &new, now()).await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// Opens a ticket whose answer is due in eight hours.
async fn open(db: &Db, shop: &Shop, by: UserId) -> Result<TicketId> {
    let deed = Uuid::now_v7();
    let tx = db.desk(shop.tenant).await?;
    let number = desk_numbers::next(&tx, desk_numbers::Numbered::Ticket).await?;
    let new = NewTicket {
        id: TicketId(deed),
        number,
        store: shop.store,
        subject: "Two boxes are wet",
        state: TicketState::Open,
        priority: Priority::Normal,
        about: Some(&About { kind: AboutKind::Store, id: shop.store.uuid(), title: "coffee".to_owned() }),
        by,
        by_name: "Meral",
        by_staff: false,
        answer_due_at: Some(now() + 8.hours()),
        deed,
    };
    tickets::insert(&tx, &new, now()).await?;
    ensure!(tickets::message(&tx, &words(new.id, deed, by, "they were left outside")).await?);
    tx.commit().await?;
    Ok(new.id)
}

fn words(ticket: TicketId, id: Uuid, by: UserId, text: &str) -> NewMessage<'_> {
    NewMessage {
        ticket,
        id,
        at: now(),
        by,
        by_name: "Meral",
        by_staff: false,
        kind: MessageKind::Message,
        text,
        detail: json!({}),
    }
}

#[tokio::test]
async fn a_ticket_is_read_back_as_it_was_opened_by_those_who_may_see_it() -> Result<()> {
    let cast = Cast::gather().await?;
    let (tea, outdoor) =
        (shop::add(cast.db(), cast.shop.tenant, "tea").await?, shop::open(cast.db(), "outdoor").await?);
    let ids = [cast.open().await?, open(cast.db(), &tea, cast.anna).await?];
    let row = cast.row(ids[0]).await?;
    ensure!((row.number, row.subject.as_str(), row.store_name.as_str()) == (1, "Two boxes are wet", "coffee"));
    ensure!((row.state, row.priority, row.version) == (TicketState::Open, Priority::Normal, 1));
    ensure!(row.about.is_some_and(|about| about.kind == AboutKind::Store && about.id == cast.shop.store.uuid()));
    ensure!(row.answer_due_at == Some(now() + 8.hours()) && row.first_answer_at.is_none());

    let list = async |scope: ReadScope, filter: TicketFilter| {
        let tx = cast.db().read(&scope).await?;
        let rows = tickets::list(&tx, &filter).await?;
        tx.commit().await?;
        anyhow::Ok(rows.into_iter().map(|row| row.id).collect::<Vec<_>>())
    };
    let all = TicketFilter::default;
    let mine = ReadScope::Tenant(cast.shop.tenant);
    ensure!(list(STAFF, all()).await? == [ids[1], ids[0]]);
    ensure!(list(ReadScope::Platform { stores: Some(vec![tea.store]) }, all()).await? == [ids[1]]);
    ensure!(list(ReadScope::Tenant(outdoor.tenant), all()).await?.is_empty(), "another merchant sees a ticket");
    for (filter, wanted) in [
        (TicketFilter { own: Some(cast.meral), ..all() }, vec![ids[0]]),
        (TicketFilter { store: Some(tea.store), ..all() }, vec![ids[1]]),
        (TicketFilter { about: Some(cast.shop.store.uuid()), ..all() }, vec![ids[0]]),
        (TicketFilter { state: Some(TicketState::Closed), ..all() }, vec![]),
        (TicketFilter { priority: Some(Priority::Normal), limit: 1, ..all() }, vec![ids[1]]),
        (TicketFilter { assignee: Some(cast.anna), ..all() }, vec![]),
        (TicketFilter { before: Some((now(), ids[1])), ..all() }, vec![ids[0]]),
    ] {
        let found = list(mine.clone(), filter.clone()).await?;
        ensure!(found == wanted, "{filter:?}: {found:?}");
    }
    Ok(())
}

#[tokio::test]
async fn words_move_a_ticket_and_are_kept_once_and_only_the_first_answer_counts() -> Result<()> {
    let cast = Cast::gather().await?;
    let id = cast.open().await?;
    let step = async |by_staff: bool, hours: i64| {
        let state = if by_staff { TicketState::Answered } else { TicketState::Open };
        let tx = cast.db().desk(cast.shop.tenant).await?;
        let said = Said { state, by_staff, at: now() + hours.hours(), deed: Uuid::now_v7() };
        let version = tickets::said(&tx, id, said).await?;
        tx.commit().await?;
        version.context("the ticket is there")
    };
    ensure!((step(true, 1).await?, step(false, 2).await?, step(true, 3).await?) == (2, 3, 4));
    let row = cast.row(id).await?;
    ensure!(
        (row.state, row.last_by_staff, row.first_answer_at) == (TicketState::Answered, true, Some(now() + 1.hour()))
    );
    ensure!(row.last_message_at == now() + 3.hours());
    let tx = cast.db().desk(cast.shop.tenant).await?;
    ensure!(!tickets::message(&tx, &words(id, id.uuid(), cast.meral, "again")).await?, "one deed, two entries");
    ensure!(tickets::merchants_of(&tx, id).await? == [cast.meral]);
    tx.commit().await?;
    let tx = cast.db().read(&ReadScope::Tenant(cast.shop.tenant)).await?;
    let thread = tickets::messages(&tx, cast.shop.tenant, id).await?;
    tx.commit().await?;
    ensure!(thread.len() == 1 && thread[0].text == "they were left outside" && thread[0].user_id == cast.meral);
    Ok(())
}

#[tokio::test]
async fn who_is_slower_moves_nothing() -> Result<()> {
    let cast = Cast::gather().await?;
    let id = cast.open().await?;
    let of = |version| Moved { id, version, deed: Uuid::now_v7() };
    let tx = cast.db().desk(cast.shop.tenant).await?;
    ensure!(tickets::lock(&tx, id).await?.is_some_and(|row| row.version == 1));
    ensure!(tickets::assign(&tx, of(1), Some((cast.anna, "Anna")), now()).await? == Some(2));
    ensure!(tickets::assign(&tx, of(1), None, now()).await?.is_none());
    ensure!(tickets::prioritise(&tx, of(1), Priority::Low, Some(now()), now()).await?.is_none());
    ensure!(tickets::prioritise(&tx, of(2), Priority::Urgent, Some(now() + 1.hour()), now()).await? == Some(3));
    ensure!(tickets::move_to(&tx, of(2), TicketState::Closed, now()).await?.is_none());
    ensure!(tickets::move_to(&tx, of(3), TicketState::Closed, now()).await? == Some(4));
    tx.commit().await?;
    let row = cast.row(id).await?;
    ensure!((row.state, row.closed_at, row.priority) == (TicketState::Closed, Some(now()), Priority::Urgent));
    ensure!((row.assignee, row.assignee_name.as_deref()) == (Some(cast.anna), Some("Anna")));
    ensure!(row.answer_due_at == Some(now() + 1.hour()));
    Ok(())
}

#[tokio::test]
async fn a_goal_is_missed_once_and_rehearsals_are_not_waited_for() -> Result<()> {
    let cast = Cast::gather().await?;
    let id = cast.open().await?;
    let twin = shop::open_in(cast.db(), TenantId::for_rehearsal(), "twin").await?;
    open(cast.db(), &twin, cast.meral).await?;
    let late_at = now() + 8.hours();
    let tenants = async |at| {
        let tx = cast.db().staff().await?;
        let tenants = desk::tenants_late(&tx, at, 10).await?;
        tx.commit().await?;
        anyhow::Ok(tenants)
    };
    ensure!(tenants(now() + 7.hours()).await?.is_empty());
    ensure!(tenants(late_at).await? == [cast.shop.tenant]);
    let tx = cast.db().desk(cast.shop.tenant).await?;
    ensure!(tickets::due(&tx, late_at, 10).await? == [id]);
    ensure!(!tickets::late(&tx, id, now() + 7.hours()).await?, "late before its time");
    ensure!(tickets::late(&tx, id, late_at).await? && !tickets::late(&tx, id, late_at).await?);
    // What was missed stays missed, by that goal.
    let of = Moved { id, version: 1, deed: Uuid::now_v7() };
    ensure!(tickets::prioritise(&tx, of, Priority::Low, Some(now() + 90.hours()), late_at).await? == Some(2));
    ensure!(tickets::due(&tx, now() + 99.hours(), 10).await?.is_empty());
    tx.commit().await?;
    let row = cast.row(id).await?;
    ensure!((row.answer_due_at, row.answer_late_at) == (Some(late_at), Some(late_at)));
    Ok(())
}

#[tokio::test]
async fn what_a_person_has_read_they_have_read_up_to_then() -> Result<()> {
    let cast = Cast::gather().await?;
    let id = cast.open().await?;
    let unread = async |scope: ReadScope, user: UserId| {
        let tx = cast.db().read(&scope).await?;
        let (ids, count) = (tickets::unread(&tx, user, &[id]).await?, tickets::unread_count(&tx, user, None).await?);
        tx.commit().await?;
        ensure!(ids.len() == usize::try_from(count)?, "{ids:?}, {count}");
        Ok(count)
    };
    let mine = ReadScope::Tenant(cast.shop.tenant);
    ensure!(unread(STAFF, cast.anna).await? == 1);
    for (at, left) in [(now() - 1.hour(), 1), (now(), 0), (now() - 2.hours(), 0)] {
        let tx = cast.db().desk(cast.shop.tenant).await?;
        tickets::read_up_to(&tx, id, cast.anna, at).await?;
        tx.commit().await?;
        ensure!(unread(STAFF, cast.anna).await? == left, "read up to {at}");
    }
    ensure!(unread(mine, cast.meral).await? == 1, "what one has read, another has not");
    Ok(())
}

#[tokio::test]
async fn a_file_is_attached_once_by_who_uploaded_it_and_forgotten_if_nothing_carries_it() -> Result<()> {
    let cast = Cast::gather().await?;
    let id = cast.open().await?;
    let (taken, loose) = (cast.upload(cast.meral).await?, cast.upload(cast.meral).await?);
    let to = attachments::Carrier::Ticket { id, entry: id.uuid(), for_staff: false };
    let carry = async |by: UserId| {
        let tx = cast.db().desk(cast.shop.tenant).await?;
        let carried = attachments::carry(&tx, &[taken], to, by).await?;
        ensure!(attachments::sum(&tx).await? == 140);
        tx.commit().await?;
        anyhow::Ok(carried)
    };
    ensure!(carry(cast.anna).await? == 0, "somebody else's file is attached");
    ensure!((carry(cast.meral).await?, carry(cast.meral).await?) == (1, 0));
    let tx = cast.db().read(&ReadScope::Tenant(cast.shop.tenant)).await?;
    let files = attachments::of_ticket(&tx, cast.shop.tenant, id).await?;
    ensure!(files.len() == 1 && files[0].id == taken && files[0].kind == MediaType::Png, "{files:?}");
    tx.commit().await?;
    let forget = async |before| {
        let tx = cast.db().janitor().await?;
        let forgotten = attachments::forget_loose(&tx, before, 10).await?;
        tx.commit().await?;
        anyhow::Ok(forgotten)
    };
    ensure!(forget(now()).await?.is_empty());
    ensure!(forget(now() + 1.hour()).await? == [(cast.shop.tenant, loose)]);
    let tx = cast.db().platform().await?;
    ensure!(attachments::known_of(&tx, &[taken, loose]).await? == [taken]);
    tx.commit().await?;
    Ok(())
}
