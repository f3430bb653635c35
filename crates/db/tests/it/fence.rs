//! One owner per shard: who lost the lease writes nothing more.

use anyhow::{Result, ensure};
use jiff::SignedDuration;
use storewire_db::{Db, DbError, TenantTx, leases, orders};
use storewire_domain::OrderId;
use storewire_testkit::TestDb;
use uuid::Uuid;

use crate::shop::{self, Shop};

/// A write of the store that has asked its first question.
async fn write(db: &Db, shop: &Shop, epoch: i64) -> Result<TenantTx, DbError> {
    let tx = db.store_write(shop.tenant, shop.store, epoch).await?;
    orders::touch(&tx, &[(OrderId(Uuid::now_v7()), shop::now())], shop::now()).await?;
    Ok(tx)
}

#[tokio::test]
async fn after_a_takeover_the_former_owner_is_refused() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let coffee = shop::open(db, "coffee").await?;
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    let soon = shop::now() + SignedDuration::from_secs(10);
    let epoch = shop::lease(db, first, coffee.store, soon).await?.expect("free");
    write(db, &coffee, epoch).await?.commit().await?;

    ensure!(shop::lease(db, second, coffee.store, soon).await?.is_none(), "a live lease was taken");
    let again = shop::lease(db, first, coffee.store, soon).await?.expect("its own");
    ensure!(again == epoch + 1, "a restart does not raise the epoch");
    let stale = write(db, &coffee, epoch).await;
    ensure!(matches!(stale, Err(DbError::Fenced)), "the epoch before the restart still writes");

    let tx = db.auth().await?;
    let later = soon + SignedDuration::from_secs(1);
    let taken = leases::take(&tx, second, later, later + SignedDuration::from_secs(10)).await?;
    tx.commit().await?;
    ensure!(taken.get(&coffee.store.shard()) == Some(&(again + 1)), "an expired lease was not taken");
    ensure!(matches!(write(db, &coffee, again).await, Err(DbError::Fenced)));
    Ok(())
}

#[tokio::test]
async fn a_takeover_waits_for_the_write_under_way_and_a_renewal_does_not() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let coffee = shop::open(db, "coffee").await?;
    let owner = Uuid::now_v7();
    let soon = shop::now() + SignedDuration::from_secs(10);
    let epoch = shop::lease(db, owner, coffee.store, soon).await?.expect("free");
    let writing = write(db, &coffee, epoch).await?;

    let tx = db.auth().await?;
    ensure!(leases::renew(&tx, owner, soon + SignedDuration::from_secs(5)).await? == 256, "renewal waits for a writer");
    tx.commit().await?;

    let taker = db.clone();
    let late = soon + SignedDuration::from_secs(60);
    let takeover = tokio::spawn(async move {
        let tx = taker.auth().await?;
        let taken = leases::take(&tx, Uuid::now_v7(), late, late + SignedDuration::from_secs(10)).await?;
        tx.commit().await?;
        Ok::<_, DbError>(taken.len())
    });
    let admin = test.admin().await?;
    storewire_testkit::wait_until(std::time::Duration::from_secs(10), "the takeover waits", || async {
        let waiting =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        matches!(admin.query_one(waiting, &[]).await.map(|row| row.get::<_, i64>(0)), Ok(1..))
    })
    .await?;
    writing.commit().await?;
    ensure!(takeover.await?? == 256);
    Ok(())
}
