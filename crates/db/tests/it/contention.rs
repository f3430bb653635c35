//! Writers that stand in each other's way: the server undoes some for the sake of others, and what was undone is done again.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, ensure};
use storewire_db::{
    Db, DbConfig, DbError,
    changes::{self, Counted},
};
use storewire_domain::{StoreId, TenantId};
use storewire_testkit::TestDb;

use crate::shop::{self, change, now};

const HANDS: usize = 6;
const WRITES: usize = 120;

#[tokio::test]
async fn d5_writers_that_deadlock_or_fail_to_be_serialized_do_it_again_and_no_write_is_lost_or_doubled() -> Result<()> {
    let test = TestDb::create().await?;
    let coffee = shop::open(test.db(), "coffee").await?;
    let tea = shop::add(test.db(), coffee.tenant, "tea").await?;
    let admin = test.admin().await?;
    // What the server finds by itself, and what it would say to others, each now and then.
    admin
        .batch_execute(
            "DO $$ BEGIN EXECUTE format('ALTER ROLE storewire_app IN DATABASE %I SET deadlock_timeout = 5',
                current_database()); END $$;
             CREATE SEQUENCE trouble;
             CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
             DECLARE turn bigint := nextval('trouble');
             BEGIN
                IF turn % 11 = 0 THEN RAISE 'made up' USING ERRCODE = 'serialization_failure'; END IF;
                IF turn % 13 = 0 THEN RAISE 'made up' USING ERRCODE = 'lock_not_available'; END IF;
                RETURN NULL;
             END $$;
             CREATE TRIGGER trouble AFTER INSERT ON change FOR EACH STATEMENT EXECUTE FUNCTION trouble();",
        )
        .await?;
    let config = DbConfig { connections: HANDS, intake_connections: 1, ..DbConfig::new(test.app_url()) };
    let db = Db::connect(&config, test.drivers()).await?;
    let undone = AtomicUsize::new(0);
    let hands = (0..HANDS).map(|hand| {
        // Half of them take the two stores' logs in the other order.
        let order = if hand % 2 == 0 { [coffee.store, tea.store] } else { [tea.store, coffee.store] };
        write(&db, coffee.tenant, order, &undone)
    });
    futures_util::future::try_join_all(hands).await?;
    db.close();

    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    storewire_testkit::wait_until(std::time::Duration::from_secs(20), "deadlocks were counted", || async {
        matches!(admin.query_one(deadlocks, &[]).await.map(|row| row.get::<_, i64>(0)), Ok(1..))
    })
    .await?;
    let undone = undone.load(Ordering::Relaxed);
    println!("{} writes, {undone} undone and done again", HANDS * WRITES);
    ensure!(undone > HANDS * WRITES / 10, "only {undone} were undone");
    for store in [coffee.store, tea.store] {
        let sql = "SELECT count(*), max(seq) FROM change WHERE store_id = $1";
        let row = admin.query_one(sql, &[&store.uuid()]).await?;
        let wanted = i64::try_from(HANDS * WRITES)?;
        ensure!((row.get::<_, i64>(0), row.get::<_, i64>(1)) == (wanted, wanted), "lost, doubled or left out: {row:?}");
    }
    Ok(())
}

async fn write(db: &Db, tenant: TenantId, order: [StoreId; 2], undone: &AtomicUsize) -> Result<()> {
    for _ in 0..WRITES {
        while let Err(error) = write_once(db, tenant, order).await {
            ensure!(error.is_momentary() && error.is_unavailable(), "{error:?}");
            undone.fetch_add(1, Ordering::Relaxed);
        }
    }
    Ok(())
}

async fn write_once(db: &Db, tenant: TenantId, order: [StoreId; 2]) -> Result<(), DbError> {
    let tx = db.tenant(tenant).await?;
    for store in order {
        changes::append(&tx, store, &[change()], Counted::default(), now()).await?;
    }
    tx.commit().await
}
