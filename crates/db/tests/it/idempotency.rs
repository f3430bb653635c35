//! A key belongs to one person and one request; whoever repeats the request is told what the first was answered.

use anyhow::{Result, ensure};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use storewire_db::{
    Db,
    idempotency::{self, KEPT, Keyed, Turn},
};
use storewire_domain::{TenantId, UserId};
use storewire_testkit::TestDb;
use uuid::Uuid;

use crate::shop::{self, now};

const LEASE: SignedDuration = SignedDuration::from_secs(30);

fn keyed(user: UserId, digest: u8) -> Keyed {
    Keyed { user, key: "k-1".to_owned(), digest: [digest; 32] }
}

async fn claim(db: &Db, tenant: TenantId, wish: &Keyed, at: Timestamp) -> Result<Turn> {
    claim_for(db, tenant, wish, Uuid::now_v7(), at).await
}

async fn claim_for(db: &Db, tenant: TenantId, wish: &Keyed, deed: Uuid, at: Timestamp) -> Result<Turn> {
    let tx = db.tenant(tenant).await?;
    let turn = idempotency::claim(&tx, wish, deed, at, at + LEASE).await?;
    tx.commit().await?;
    Ok(turn)
}

#[tokio::test]
async fn a_key_is_carried_out_once_then_answered_and_never_lent_to_another_request() -> Result<()> {
    let test = TestDb::create().await?;
    let tenant = shop::open(test.db(), "coffee").await?.tenant;
    let wish = keyed(UserId::fresh(), 1);
    let first = claim(test.db(), tenant, &wish, now()).await?;
    ensure!(matches!(first, Turn::Yours(_)), "{first:?}");
    ensure!(claim(test.db(), tenant, &wish, now()).await? == Turn::Taken);
    ensure!(claim(test.db(), tenant, &keyed(wish.user, 2), now()).await? == Turn::Reused);

    let tx = test.db().tenant(tenant).await?;
    idempotency::answer(&tx, &wish, &json!({"status": 202})).await?;
    tx.commit().await?;
    ensure!(claim(test.db(), tenant, &wish, now()).await? == Turn::Answered(json!({"status": 202})));
    ensure!(claim(test.db(), tenant, &keyed(wish.user, 2), now()).await? == Turn::Reused);
    let neighbour = claim(test.db(), tenant, &keyed(UserId::fresh(), 2), now()).await?;
    ensure!(matches!(neighbour, Turn::Yours(_)), "another person's key is another key: {neighbour:?}");

    let after = claim(test.db(), tenant, &keyed(wish.user, 2), now() + KEPT + LEASE).await?;
    ensure!(matches!(after, Turn::Yours(_)), "a day later the key is free: {after:?}");
    Ok(())
}

#[tokio::test]
async fn a_request_that_was_cut_off_is_carried_out_again_with_the_same_id() -> Result<()> {
    let test = TestDb::create().await?;
    let tenant = shop::open(test.db(), "coffee").await?.tenant;
    let wish = keyed(UserId::fresh(), 1);
    let Turn::Yours(deed) = claim(test.db(), tenant, &wish, now()).await? else { anyhow::bail!("not ours") };
    ensure!(claim(test.db(), tenant, &wish, now() + LEASE).await? == Turn::Yours(deed), "after its time");

    let tx = test.db().tenant(tenant).await?;
    idempotency::release(&tx, &wish, now()).await?;
    tx.commit().await?;
    ensure!(claim(test.db(), tenant, &wish, now()).await? == Turn::Yours(deed), "after it failed");
    Ok(())
}

#[tokio::test]
async fn who_does_not_know_what_became_of_its_claim_asks_again_and_is_told_that_it_is_its_own() -> Result<()> {
    let test = TestDb::create().await?;
    let tenant = shop::open(test.db(), "coffee").await?.tenant;
    let (wish, deed) = (keyed(UserId::fresh(), 1), Uuid::now_v7());
    for _ in 0..2 {
        ensure!(claim_for(test.db(), tenant, &wish, deed, now()).await? == Turn::Yours(deed));
    }
    ensure!(claim(test.db(), tenant, &wish, now()).await? == Turn::Taken, "another one's");

    // The same for a key that was let go: what is made keeps the first one's id, and the hold is the second one's.
    let (later, second) = (now() + LEASE, Uuid::now_v7());
    for _ in 0..2 {
        ensure!(claim_for(test.db(), tenant, &wish, second, later).await? == Turn::Yours(deed));
    }
    ensure!(claim_for(test.db(), tenant, &wish, deed, later).await? == Turn::Taken, "the first one's no more");
    Ok(())
}

#[tokio::test]
async fn of_twenty_that_come_at_once_one_carries_it_out() -> Result<()> {
    let test = TestDb::create().await?;
    let tenant = shop::open(test.db(), "coffee").await?.tenant;
    let wish = keyed(UserId::fresh(), 1);
    let turns = futures_util::future::try_join_all((0..20).map(|_| claim(test.db(), tenant, &wish, now()))).await?;
    let carried_out = turns.iter().filter(|turn| matches!(turn, Turn::Yours(_))).count();
    ensure!(carried_out == 1, "{turns:?}");
    ensure!(turns.iter().filter(|turn| **turn == Turn::Taken).count() == 19, "{turns:?}");
    Ok(())
}
