//! Letters leave the house once for their cause, and what became of each is on record.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context as _, Result, ensure};
use jiff::SignedDuration;
use storewire_db::letters::{self, LetterRow, NewLetter, To};
use storewire_domain::{
    Clock, LetterId, ReadScope, TenantId,
    letter::{LetterFault, LetterState},
    request::{Decision, RequestState},
};
use storewire_post::{Encryption, Post, SmtpConfig};
use storewire_testkit::mailbox::{Answer, Mailbox};
use uuid::Uuid;

use super::{ABSOLUTE, Office};
use crate::house::House;

/// A house whose letters go to a mail server, or nowhere.
struct Sender {
    house: House,
    mailbox: Mailbox,
}

impl Sender {
    async fn open() -> Result<Self> {
        let mailbox = Mailbox::start().await?;
        let post = smtp(mailbox.addr())?;
        Ok(Self { house: with(post).await?, mailbox })
    }

    async fn write(&self, to: &str) -> Result<LetterId> {
        write(&self.house, self.house.tenant, to).await
    }

    async fn until(&self, id: LetterId, what: &str, is_so: impl Fn(&LetterRow) -> bool) -> Result<LetterRow> {
        until(&self.house, id, what, is_so).await
    }

    /// Lets the letter's time come.
    async fn hurry(&self, id: LetterId) -> Result<()> {
        let sql = "UPDATE letter SET due_at = now() WHERE id = $1 AND claimed_until IS NULL AND state = 'waiting'";
        ensure!(self.house.admin.execute(sql, &[&id.uuid()]).await? == 1, "the letter does not wait");
        Ok(())
    }

    /// The `Message-ID` of each letter that the server has kept.
    fn names(&self) -> Vec<Option<String>> {
        self.mailbox.letters().iter().map(|letter| letter.header("Message-ID")).collect()
    }
}

pub(super) fn smtp(server: SocketAddr) -> Result<Post> {
    Ok(Post::smtp(SmtpConfig {
        host: server.ip().to_string(),
        port: server.port(),
        tls: Encryption::None,
        user: None,
        password: None,
        from: "Storewire Desk <desk@storewire.example>".to_owned(),
        timeout: Duration::from_secs(30),
        ca_pem: None,
    })?)
}

/// A house with this post.
async fn with(post: Post) -> Result<House> {
    let mut house = House::open(1).await?;
    house.stop().await;
    house.post = post;
    house.start();
    Ok(house)
}

async fn write(house: &House, tenant: TenantId, to: &str) -> Result<LetterId> {
    let id = LetterId::fresh();
    let tx = house.db.db().desk(tenant).await?;
    let new = NewLetter {
        id,
        store: None,
        to: To::Address { address: to, name: "Mary" },
        subject: "About RT-3",
        body: "We have it.",
        about_kind: "return",
        about_id: Uuid::now_v7(),
        once: &id.to_string(),
    };
    ensure!(letters::write(&tx, &new, Clock::system().now()).await?);
    tx.commit().await?;
    Ok(id)
}

async fn row(house: &House, id: LetterId) -> Result<LetterRow> {
    let tx = house.db.db().read(&ReadScope::Everything).await?;
    let row = letters::find(&tx, id).await?;
    tx.commit().await?;
    row.context("the letter is there")
}

async fn until(house: &House, id: LetterId, what: &str, is_so: impl Fn(&LetterRow) -> bool) -> Result<LetterRow> {
    house.until(what, || async { Ok(is_so(&row(house, id).await?)) }).await?;
    row(house, id).await
}

fn outcomes(row: &LetterRow) -> Vec<&'static str> {
    row.tries.iter().map(|tried| tried.outcome.as_str()).collect()
}

fn is_sent(row: &LetterRow) -> bool {
    row.state == LetterState::Sent
}

fn minutes_until(row: &LetterRow) -> i64 {
    row.due_at.duration_since(Clock::system().now()).as_mins()
}

#[actix_web::test]
async fn a_letter_is_sent_once_and_its_log_says_so() -> Result<()> {
    let sender = Sender::open().await?;
    let id = sender.write("mary@example.com").await?;
    let row = sender.until(id, "sent", is_sent).await?;
    ensure!(outcomes(&row) == ["sent"] && row.tries[0].said.starts_with("250"), "{row:?}");
    let kept = sender.mailbox.letters();
    ensure!(kept.len() == 1 && kept[0].to == ["mary@example.com"], "{kept:?}");
    ensure!(sender.names() == [Some(format!("<{id}@storewire.example>"))]);
    sender.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_letter_that_is_told_to_come_later_waits_and_is_sent_again() -> Result<()> {
    let sender = Sender::open().await?;
    sender.mailbox.answer(Answer::Later);
    let id = sender.write("mary@example.com").await?;
    let row = sender.until(id, "told to come later", |row| row.tries.len() == 1).await?;
    ensure!((row.state, outcomes(&row)) == (LetterState::Waiting, vec!["later"]), "{row:?}");
    ensure!(minutes_until(&row) == 0 && row.due_at > Clock::system().now(), "a minute is left: {row:?}");
    sender.mailbox.answer(Answer::Ok);
    sender.hurry(id).await?;
    let row = sender.until(id, "sent", is_sent).await?;
    ensure!(outcomes(&row) == ["later", "sent"] && sender.mailbox.letters().len() == 1, "{row:?}");
    sender.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_letter_whose_end_nobody_saw_is_sent_again_under_the_same_name() -> Result<()> {
    let sender = Sender::open().await?;
    sender.mailbox.answer(Answer::CutAfterData);
    let id = sender.write("mary@example.com").await?;
    let row = sender.until(id, "cut", |row| row.tries.len() == 1).await?;
    ensure!((row.state, outcomes(&row)) == (LetterState::Waiting, vec!["unknown"]), "{row:?}");
    ensure!((13..15).contains(&minutes_until(&row)), "without haste: {row:?}");
    sender.mailbox.answer(Answer::Ok);
    sender.hurry(id).await?;
    sender.until(id, "sent", is_sent).await?;
    let name = Some(format!("<{id}@storewire.example>"));
    ensure!(sender.names() == [name.clone(), name], "the server has it twice and can tell");
    let kept = sender.mailbox.letters();
    ensure!(kept[0].text == kept[1].text, "byte by byte the same");
    sender.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_letter_whose_sender_was_killed_is_sent_by_the_next_and_the_log_shows_both() -> Result<()> {
    let sender = Sender::open().await?;
    sender.house.stop().await;
    let id = sender.write("mary@example.com").await?;
    // What is left by one that dies between taking it in hand and saying what came of it.
    let now = Clock::system().now();
    let tx = sender.house.db.db().tenant(sender.house.tenant).await?;
    let until = now + SignedDuration::from_secs(1);
    ensure!(letters::claim(&tx, id, until, now).await?.is_some(), "another has it");
    tx.commit().await?;
    sender.house.start();
    let row = sender.until(id, "sent", is_sent).await?;
    ensure!(outcomes(&row) == ["unknown", "sent"], "{row:?}");
    ensure!(row.finished_at.is_some_and(|at| at >= until), "taken while it was in hand");
    ensure!(sender.mailbox.letters().len() == 1);
    sender.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_letter_that_kills_its_senders_is_given_up() -> Result<()> {
    let sender = Sender::open().await?;
    sender.house.stop().await;
    let id = sender.write("mary@example.com").await?;
    let sql = "UPDATE letter SET tries = 8, claimed_until = now() - interval '1 second' WHERE id = $1";
    sender.house.admin.execute(sql, &[&id.uuid()]).await?;
    sender.house.start();
    let row = sender.until(id, "given up", |row| row.state == LetterState::Failed).await?;
    ensure!(row.fault == Some(LetterFault::GaveUp) && outcomes(&row) == ["unknown"], "{row:?}");
    ensure!(sender.mailbox.letters().is_empty());
    sender.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_refused_letter_is_given_up_at_once_and_one_that_follows_it_is_sent() -> Result<()> {
    let sender = Sender::open().await?;
    sender.mailbox.answer(Answer::Refuse);
    let id = sender.write("mary@example.com").await?;
    let row = sender.until(id, "failed", |row| row.state == LetterState::Failed).await?;
    ensure!((row.fault, outcomes(&row)) == (Some(LetterFault::Refused), vec!["refused"]), "{row:?}");
    ensure!(!row.tries[0].said.contains("mary"), "the log tells of an address: {row:?}");
    sender.mailbox.answer(Answer::Ok);
    let nobody = sender.write("no address").await?;
    let good = sender.write("joe@example.com").await?;
    sender.until(good, "sent", is_sent).await?;
    let row = sender.until(nobody, "failed", |row| row.state == LetterState::Failed).await?;
    ensure!(row.fault == Some(LetterFault::BadAddress) && row.tries.is_empty(), "{row:?}");
    ensure!(sender.mailbox.letters().len() == 1, "who was refused is not written to again");
    sender.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn without_a_mail_server_letters_fail_and_say_so_and_none_waits_for_one() -> Result<()> {
    let mut house = with(Post::none()).await?;
    let id = write(&house, house.tenant, "mary@example.com").await?;
    let row = until(&house, id, "failed", |row| row.state == LetterState::Failed).await?;
    ensure!(row.fault == Some(LetterFault::NoSmtp) && row.tries.is_empty(), "{row:?}");
    // A server that is set later is not flooded with them; a person sends again what still matters.
    let mailbox = Mailbox::start().await?;
    house.stop().await;
    house.post = smtp(mailbox.addr())?;
    house.start();
    let late = write(&house, house.tenant, "joe@example.com").await?;
    until(&house, late, "sent", is_sent).await?;
    ensure!(mailbox.letters().len() == 1, "a letter waited");
    let tx = house.db.db().desk(house.tenant).await?;
    ensure!(letters::again(&tx, id, Clock::system().now()).await?);
    tx.commit().await?;
    until(&house, id, "sent", is_sent).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn who_asked_is_told_by_letter_of_every_end_but_their_own() -> Result<()> {
    let office = Office::open().await?;
    let house = &office.bench.house;
    let applied = office.ask(60).await?;
    office.decide(&applied, ABSOLUTE).await?;
    office.until(applied.id, "applied", |row| row.state == RequestState::Applied).await?;
    let rejected = office.ask(70).await?;
    office.decide(&rejected, Decision::Reject).await?;
    let withdrawn = office.ask(71).await?;
    office.desk().withdraw(Uuid::now_v7(), office.merchant.clone(), office.at(&withdrawn)).await?;
    house.count_is("SELECT count(*) FROM letter WHERE state = 'sent'", &[], 2).await?;
    ensure!(house.count("SELECT count(*) FROM letter", &[]).await? == 2, "of an approval or a withdrawal too");
    let sent = house.letters.letters();
    ensure!(sent.iter().all(|letter| letter.to == "meral@coffee.example"), "{sent:?}");
    let of = |row: &storewire_db::RequestRow| {
        let number = format!("R-{} ", row.number);
        sent.iter().find(|letter| letter.subject.starts_with(&number)).context("a letter")
    };
    ensure!(of(&applied)?.subject.contains("is done"));
    ensure!(of(&rejected)?.body.contains("there is no pallet") && of(&rejected)?.body.contains("Ada"));
    office.bench.house.close().await;
    Ok(())
}
