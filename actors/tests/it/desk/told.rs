//! Who is told of what: by a notice in the panel, and by letter, which leaves at once.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Result, ensure};
use storewire_actors::{
    Hand,
    desk::{NewTicket, Thread, Words},
};
use storewire_db::{TicketRow, notices, notices::Which};
use storewire_domain::{
    ReadScope,
    request::{Decision, RequestState},
    ticket::Priority,
};
use storewire_post::Letter;
use uuid::Uuid;

use super::{ABSOLUTE, Office};

/// The notifier's tick is far away: what leaves was nudged.
async fn open() -> Result<Office> {
    Office::with(|config| config.mail.interval = Duration::from_hours(1)).await
}

impl Office {
    async fn ticket_of(&self, by: &Hand) -> Result<TicketRow> {
        let wish = NewTicket {
            tenant: self.bench.house.tenant,
            store: self.bench.store,
            subject: "Two boxes are wet".to_owned(),
            words: said("they were left outside"),
            priority: Priority::High,
            about: None,
        };
        Ok(self.desk().open(Uuid::now_v7(), by.clone(), wish).await?)
    }

    /// Waits for so many letters to have left, and answers the last.
    async fn letters(&self, wanted: usize) -> Result<Letter> {
        let house = &self.bench.house;
        house.until("the letters left", || async { Ok(house.letters.letters().len() >= wanted) }).await?;
        let sent = house.letters.letters();
        let last = sent.last().cloned();
        ensure!(sent.len() == wanted, "{sent:?}");
        last.ok_or_else(|| anyhow::anyhow!("no letter"))
    }

    /// What one of them was told about something, in order.
    pub(super) async fn heard_of(&self, about: Uuid, who: &Hand) -> Result<Vec<String>> {
        let sql = "SELECT kind FROM notice WHERE about_id = $1 AND user_id = $2 ORDER BY created_at, id";
        let rows = self.bench.house.admin.query(sql, &[&about, &who.user.uuid()]).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }
}

fn said(text: &str) -> Words {
    Words { text: text.to_owned(), files: Vec::new() }
}

fn thread(row: &TicketRow) -> Thread {
    Thread { tenant: row.tenant_id, id: row.id }
}

#[actix_web::test]
async fn what_staff_write_in_a_ticket_reaches_the_merchant_by_letter_and_what_they_note_reaches_nobody() -> Result<()> {
    let office = open().await?;
    let (desk, [ada, _]) = (office.desk(), office.staff.clone());
    let ticket = office.ticket_of(&office.merchant).await?;
    desk.note(Uuid::now_v7(), ada.clone(), thread(&ticket), said("they always say that")).await?;
    let deed = Uuid::now_v7();
    for _ in 0..2 {
        desk.say(deed, ada.clone(), thread(&ticket), said("we send two others")).await?;
    }
    let letter = office.letters(1).await?;
    ensure!(letter.to == "meral@coffee.example" && letter.subject == "Re: T-1: Two boxes are wet", "{letter:?}");
    ensure!(letter.body.contains("we send two others") && letter.body.contains("Ada"), "{letter:?}");
    desk.say(Uuid::now_v7(), office.merchant.clone(), thread(&ticket), said("thank you")).await?;

    // One that staff open is written to those who answer for the merchant, until one of them takes it up.
    let theirs = office.ticket_of(&ada).await?;
    let letter = office.letters(2).await?;
    ensure!(letter.to == "meral@coffee.example" && letter.subject == "T-2: Two boxes are wet", "{letter:?}");
    desk.say(Uuid::now_v7(), ada.clone(), thread(&theirs), said("are you there?")).await?;
    ensure!(office.letters(3).await?.body.contains("are you there?"));
    ensure!(office.heard_of(theirs.id.uuid(), &office.merchant).await? == ["ticket-opened", "ticket-said"]);
    let sent = office.bench.house.letters.letters();
    ensure!(sent.iter().all(|letter| !letter.body.contains("they always say that")), "{sent:?}");
    ensure!(sent.iter().all(|letter| letter.to == "meral@coffee.example"), "staff are told in the panel: {sent:?}");
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn letters_about_requests_leave_without_waiting_for_a_tick() -> Result<()> {
    let office = open().await?;
    let rejected = office.ask(70).await?;
    office.decide(&rejected, Decision::Reject).await?;
    ensure!(office.letters(1).await?.subject.contains("was rejected"));
    let applied = office.ask(60).await?;
    office.decide(&applied, ABSOLUTE).await?;
    office.until(applied.id, "applied", |row| row.state == RequestState::Applied).await?;
    ensure!(office.letters(2).await?.subject.contains("is done"));
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn fault_26_people_are_told_of_what_others_do_and_never_of_their_own_doing() -> Result<()> {
    let office = open().await?;
    let (desk, [ada, bob]) = (office.desk(), office.staff.clone());
    let request = office.ask(60).await?;
    office.decide(&request, ABSOLUTE).await?;
    office.until(request.id, "applied", |row| row.state == RequestState::Applied).await?;
    for staff in [&ada, &bob] {
        ensure!(office.heard_of(request.id.uuid(), staff).await? == ["request-asked"]);
    }
    ensure!(office.heard_of(request.id.uuid(), &office.merchant).await? == ["request-approved", "request-applied"]);
    let ticket = office.ticket_of(&office.merchant).await?;
    ensure!(office.heard_of(ticket.id.uuid(), &office.merchant).await?.is_empty(), "told of their own ticket");

    // Read is read, and nobody reads for another.
    let (tenant, house) = (office.bench.house.tenant, &office.bench.house);
    let mine = ReadScope::Tenant(tenant);
    let unread = async |scope: &ReadScope, who: &Hand| {
        let tx = house.db.db().read(scope).await?;
        let unread = notices::unread(&tx, who.user).await?;
        tx.commit().await?;
        anyhow::Ok(unread)
    };
    let staff = ReadScope::Platform { stores: None };
    ensure!((unread(&mine, &office.merchant).await?, unread(&staff, &ada).await?) == (2, 2));
    desk.read_notices(office.merchant.user, &mine, Which::UpTo(Uuid::now_v7())).await?;
    ensure!((unread(&mine, &office.merchant).await?, unread(&staff, &ada).await?) == (0, 2));
    let ids: BTreeSet<Uuid> = house
        .admin
        .query("SELECT id FROM notice WHERE user_id IN ($1, $2)", &[&ada.user.uuid(), &bob.user.uuid()])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    desk.read_notices(ada.user, &staff, Which::These(&ids)).await?;
    ensure!((unread(&staff, &ada).await?, unread(&staff, &bob).await?) == (0, 2), "Bob has read nothing");
    office.bench.house.close().await;
    Ok(())
}
