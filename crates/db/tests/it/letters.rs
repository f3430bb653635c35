//! Letters: written once for their cause, in one pair of hands at a time, and with every try in the log.

use anyhow::{Context as _, Result, ensure};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use storewire_db::{
    Db, DbError, identity,
    letters::{self, Claimed, LetterRow, NewLetter, To, Try},
};
use storewire_domain::{
    LetterId, ReadScope, TenantId, TenantRole,
    letter::{LetterFault, LetterState, Next, TryOutcome},
};
use storewire_testkit::TestDb;
use uuid::Uuid;

use crate::shop::{self, Shop, now};

const STAFF: ReadScope = ReadScope::Platform { stores: None };
const MARY: To<'static> = To::Address { address: "mary@example.com", name: "Mary" };

async fn write(db: &Db, shop: &Shop, to: To<'_>, once: &str) -> Result<Option<LetterId>> {
    let id = LetterId::fresh();
    let tx = db.desk(shop.tenant).await?;
    let new = NewLetter {
        id,
        store: Some(shop.store),
        to,
        subject: "About R-1",
        body: "It is done.",
        about_kind: "request",
        about_id: shop.store.uuid(),
        once,
    };
    let is_new = letters::write(&tx, &new, now()).await?;
    tx.commit().await?;
    Ok(is_new.then_some(id))
}

async fn claim(db: &Db, tenant: TenantId, id: LetterId, at: Timestamp) -> Result<Option<Claimed>> {
    let tx = db.tenant(tenant).await?;
    let claimed = letters::claim(&tx, id, at + 2.minutes(), at).await?;
    tx.commit().await?;
    Ok(claimed)
}

async fn mark(db: &Db, tenant: TenantId, of: &Claimed, tried: Option<TryOutcome>, next: Next) -> Result<bool> {
    let tx = db.tenant(tenant).await?;
    let tried = tried.map(|outcome| Try { outcome, said: "451 later" });
    let is_ours = letters::mark(&tx, of, tried.as_ref(), next, now()).await?;
    tx.commit().await?;
    Ok(is_ours)
}

async fn due(db: &Db, at: Timestamp) -> Result<Vec<LetterId>> {
    let tx = db.staff().await?;
    let due = letters::due(&tx, at, 10).await?;
    tx.commit().await?;
    Ok(due.into_iter().map(|one| one.id).collect())
}

async fn row(db: &Db, id: LetterId) -> Result<LetterRow> {
    let tx = db.read(&STAFF).await?;
    let row = letters::find(&tx, id).await?;
    tx.commit().await?;
    row.context("the letter is there")
}

fn outcomes(row: &LetterRow) -> Vec<(i16, &'static str)> {
    row.tries.iter().map(|tried| (tried.number, tried.outcome.as_str())).collect()
}

#[tokio::test]
async fn one_cause_writes_one_letter_to_who_is_still_there() -> Result<()> {
    let test = TestDb::create().await?;
    let coffee = shop::open(test.db(), "coffee").await?;
    let tx = test.db().auth().await?;
    let meral = identity::create_user(&tx, "meral@coffee.example", "Meral", "-", None).await?;
    let stranger = identity::create_user(&tx, "eve@tea.example", "Eve", "-", None).await?;
    let gone = identity::create_user(&tx, "gone@coffee.example", "Gone", "-", None).await?;
    tx.commit().await?;
    let tx = test.db().tenant(coffee.tenant).await?;
    identity::add_membership(&tx, meral, TenantRole::User).await?;
    identity::add_membership(&tx, gone, TenantRole::User).await?;
    tx.commit().await?;
    test.admin().await?.execute("UPDATE app_user SET disabled_at = now() WHERE id = $1", &[&gone.uuid()]).await?;

    let id = write(test.db(), &coffee, To::Person(meral), "a").await?.context("it is written")?;
    ensure!(write(test.db(), &coffee, To::Person(meral), "a").await?.is_none(), "written twice");
    ensure!(write(test.db(), &coffee, MARY, "a").await?.is_none(), "one cause, two letters");
    for nobody in [stranger, gone] {
        ensure!(write(test.db(), &coffee, To::Person(nobody), "b").await?.is_none(), "{nobody} is not of the tenant");
    }
    let letter = row(test.db(), id).await?;
    ensure!((letter.to_address.as_str(), letter.to_name.as_str()) == ("meral@coffee.example", "Meral"));
    let mary = write(test.db(), &coffee, MARY, "b").await?.context("it is written")?;
    let tx = test.db().read(&STAFF).await?;
    let all = letters::of(&tx, coffee.store.uuid(), 10).await?;
    tx.commit().await?;
    ensure!(all.iter().map(|letter| letter.id).collect::<Vec<_>>() == [mary, id], "the newest first");
    Ok(())
}

#[tokio::test]
async fn a_letter_is_in_one_pair_of_hands_and_a_lost_try_is_in_its_log() -> Result<()> {
    let test = TestDb::create().await?;
    let coffee = shop::open(test.db(), "coffee").await?;
    let (db, tenant) = (test.db(), coffee.tenant);
    let id = write(db, &coffee, MARY, "a").await?.context("it is written")?;
    ensure!(claim(db, tenant, id, now() - SignedDuration::from_secs(1)).await?.is_none(), "before its time");
    let first = claim(db, tenant, id, now()).await?.context("in hand")?;
    ensure!((first.tries, first.was_lost) == (1, false));
    ensure!(claim(db, tenant, id, now()).await?.is_none() && due(db, now()).await?.is_empty(), "in two hands");

    // Whoever had it never came back.
    let later = now() + 3.minutes();
    ensure!(due(db, later).await? == [id]);
    let second = claim(db, tenant, id, later).await?.context("in hand again")?;
    ensure!((second.tries, second.was_lost) == (2, true));
    ensure!(!mark(db, tenant, &first, Some(TryOutcome::Sent), Next::Sent).await?, "no longer theirs to mark");
    let again_at = later + 10.minutes();
    ensure!(mark(db, tenant, &second, Some(TryOutcome::Later), Next::At(again_at)).await?);
    ensure!(!mark(db, tenant, &second, Some(TryOutcome::Sent), Next::Sent).await?, "marked twice");
    let letter = row(db, id).await?;
    ensure!(outcomes(&letter) == [(1, "unknown"), (2, "later")], "{letter:?}");
    ensure!((letter.state, letter.due_at) == (LetterState::Waiting, again_at));
    ensure!(due(db, later).await?.is_empty() && due(db, again_at).await? == [id]);

    let third = claim(db, tenant, id, again_at).await?.context("in hand")?;
    ensure!((third.tries, third.was_lost) == (3, false));
    ensure!(mark(db, tenant, &third, Some(TryOutcome::Refused), Next::Failed(LetterFault::Refused)).await?);
    let letter = row(db, id).await?;
    ensure!((letter.state, letter.fault) == (LetterState::Failed, Some(LetterFault::Refused)), "{letter:?}");
    ensure!(letter.finished_at.is_some() && due(db, again_at).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_failed_is_sent_again_by_a_person_and_what_nobody_tried_is_no_try() -> Result<()> {
    let test = TestDb::create().await?;
    let coffee = shop::open(test.db(), "coffee").await?;
    let (db, tenant) = (test.db(), coffee.tenant);
    let id = write(db, &coffee, MARY, "a").await?.context("it is written")?;
    let again = async || {
        let tx = db.desk(tenant).await?;
        let is_waiting = letters::again(&tx, id, now()).await?;
        tx.commit().await?;
        anyhow::Ok(is_waiting)
    };
    ensure!(!again().await?, "it has not failed");
    let claimed = claim(db, tenant, id, now()).await?.context("in hand")?;
    ensure!(mark(db, tenant, &claimed, None, Next::Failed(LetterFault::NoSmtp)).await?);
    let letter = row(db, id).await?;
    ensure!(letter.fault == Some(LetterFault::NoSmtp) && letter.tries.is_empty(), "{letter:?}");
    ensure!(again().await?);
    let claimed = claim(db, tenant, id, now()).await?.context("in hand")?;
    ensure!(claimed.tries == 1, "as many tries as a new one");
    ensure!(mark(db, tenant, &claimed, Some(TryOutcome::Sent), Next::Sent).await? && !again().await?);
    let letter = row(db, id).await?;
    ensure!((letter.state, letter.fault, outcomes(&letter)) == (LetterState::Sent, None, vec![(1, "sent")]));
    Ok(())
}

#[tokio::test]
async fn letters_of_another_tenant_are_out_of_reach_and_those_of_a_rehearsal_stay_in_the_house() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let (coffee, tea) = (shop::open(db, "coffee").await?, shop::open(db, "tea").await?);
    let id = write(db, &coffee, MARY, "a").await?.context("it is written")?;
    ensure!(claim(db, tea.tenant, id, now()).await?.is_none(), "a foreign letter is taken");
    let tx = db.read(&ReadScope::Tenant(tea.tenant)).await?;
    ensure!(letters::find(&tx, id).await?.is_none(), "a foreign letter is seen");
    tx.commit().await?;
    let tx = db.read(&ReadScope::Platform { stores: Some(vec![tea.store]) }).await?;
    ensure!(letters::find(&tx, id).await?.is_none(), "a letter of a store that is kept by others");
    tx.commit().await?;
    let twin = shop::open_in(db, TenantId::for_rehearsal(), "twin").await?;
    write(db, &twin, MARY, "a").await?.context("it is written")?;
    ensure!(due(db, now()).await? == [id]);
    Ok(())
}

#[tokio::test]
async fn the_schema_refuses_what_no_letter_can_be() -> Result<()> {
    let test = TestDb::create().await?;
    let coffee = shop::open(test.db(), "coffee").await?;
    let id = write(test.db(), &coffee, MARY, "a").await?.context("it is written")?;
    write(test.db(), &coffee, MARY, "b").await?;
    let admin = test.admin().await?;
    let refusal = async |sql: &str| admin.execute(sql, &[]).await.err().map(DbError::from);
    for (change, constraint) in [
        ("state = 'lost', finished_at = now()", "letter_state_check"),
        ("state = 'sent'", "letter_check"),
        ("finished_at = now()", "letter_check"),
        ("to_address = ''", "letter_to_address_check"),
        ("about_kind = 'order'", "letter_about_kind_check"),
        ("once = 'b'", "letter_once_key"),
    ] {
        let refused = refusal(&format!("UPDATE letter SET {change} WHERE id = '{id}'")).await;
        ensure!(refused.as_ref().and_then(DbError::constraint) == Some(constraint), "{change}: {refused:?}");
    }
    let entry = "INSERT INTO letter_try (tenant_id, letter_id, number, at, outcome, said) VALUES";
    for (letter, outcome, constraint) in [
        (id.uuid(), "perhaps", "letter_try_outcome_check"),
        (Uuid::now_v7(), "sent", "letter_try_tenant_id_letter_id_fkey"),
    ] {
        let refused = refusal(&format!("{entry} ('{}', '{letter}', 1, now(), '{outcome}', '')", coffee.tenant)).await;
        ensure!(refused.as_ref().and_then(DbError::constraint) == Some(constraint), "{outcome}: {refused:?}");
    }
    Ok(())
}
