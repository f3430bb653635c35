//! A cancelled request leaves nothing behind on its connection: no write of the next borrower is lost by it, and nobody sees another's rows.

use std::{
    pin::pin,
    task::{Context, Poll},
};

use anyhow::{Result, ensure};
use futures_util::task::noop_waker;
use storewire_db::{Db, DbConfig, inbox, stores};
use storewire_domain::ReadScope;
use storewire_testkit::TestDb;
use tokio::task::yield_now;

use crate::{
    mail,
    shop::{self, Shop},
};

const CANCELLATIONS: usize = 5_000;
/// Each has two connections, so that the next to borrow one soon gets the one that was left.
const HANDS: usize = 4;
/// Waits that any of the requests has.
const WAITS: usize = 14;

/// What one hand was told and saw.
#[derive(Default)]
struct Seen {
    cancelled: usize,
    /// Of each tenant: entries of the change log, and deliveries, that were told as durable.
    entries: [i64; 2],
    deliveries: [i64; 2],
}

#[tokio::test]
async fn d9_five_thousand_requests_cancelled_at_any_await_lose_leak_and_show_nothing() -> Result<()> {
    let test = TestDb::create().await?;
    let shops = [shop::open(test.db(), "coffee").await?, shop::open(test.db(), "outdoor").await?];
    let hands = futures_util::future::try_join_all((0..HANDS).map(|_| cancel(&test, &shops))).await?;
    ensure!(hands.iter().map(|seen| seen.cancelled).sum::<usize>() >= CANCELLATIONS);

    let admin = test.admin().await?;
    for (number, shop) in shops.iter().enumerate() {
        let told_of = |of: fn(&Seen) -> &[i64; 2]| hands.iter().map(|seen| of(seen)[number]).sum::<i64>();
        for (table, told) in [("change", told_of(|seen| &seen.entries)), ("inbox", told_of(|seen| &seen.deliveries))] {
            let sql = format!("SELECT count(*) FROM {table} WHERE store_id = $1");
            let held: i64 = admin.query_one(&sql, &[&shop.store.uuid()]).await?.get(0);
            println!("{table}: {told} told as durable, {held} held");
            // A commit whose answer nobody waited for may have happened: more is possible, less is a lost write.
            ensure!(held >= told && told > 0, "{} rows of {table} are lost", told - held);
        }
    }
    let gaps = "SELECT count(*) FROM (SELECT FROM change GROUP BY store_id HAVING max(seq) <> count(*)) gaps";
    ensure!(admin.query_one(gaps, &[]).await?.get::<_, i64>(0) == 0, "the log's numbers have gaps");
    storewire_testkit::wait_until(
        std::time::Duration::from_secs(10),
        "no connection stays in a transaction",
        || async {
            let stuck = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = 'storewire_app' AND state LIKE 'idle in transaction%'";
            matches!(admin.query_one(stuck, &[]).await.map(|row| row.get::<_, i64>(0)), Ok(0))
        },
    )
    .await
}

/// Begins requests of both tenants in turn, leaves each at another of its waits, and has the other tenant come next.
async fn cancel(test: &TestDb, shops: &[Shop; 2]) -> Result<Seen> {
    let config = DbConfig { connections: 2, intake_connections: 1, ..DbConfig::new(test.app_url()) };
    let db = Db::connect(&config, test.drivers()).await?;
    let mut seen = Seen::default();
    for round in 0.. {
        if seen.cancelled >= CANCELLATIONS / HANDS {
            break;
        }
        let (first, next) = (round % 2, (round + 1) % 2);
        let (kind, polls) = (round / 2 % 3, round / 6 % WAITS);
        let outcome = match kind {
            0 => leave(polls, shop::append(&db, &shops[first], 1)).await,
            1 => leave(polls, deliver(&db, &shops[first])).await,
            _ => leave(polls, sees_its_own(&db, &shops[first])).await,
        };
        let done = i64::from(outcome.transpose()?.is_some());
        seen.cancelled += usize::from(done == 0);
        match kind {
            0 => seen.entries[first] += done,
            1 => seen.deliveries[first] += done,
            _ => {}
        }
        // Whoever borrows the connection next sees its own rows, and what it writes is there.
        match kind {
            0 => shop::append(&db, &shops[next], 1).await.map(|()| seen.entries[next] += 1)?,
            1 => deliver(&db, &shops[next]).await.map(|()| seen.deliveries[next] += 1)?,
            _ => sees_its_own(&db, &shops[next]).await?,
        }
    }
    db.close();
    Ok(seen)
}

/// Polls `work` so many times, and drops it where it stands; what it answered, if it came to an end.
async fn leave<T>(polls: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let waker = noop_waker();
    let mut context = Context::from_waker(&waker);
    for _ in 0..polls {
        if let Poll::Ready(outcome) = work.as_mut().poll(&mut context) {
            return Some(outcome);
        }
        yield_now().await;
    }
    None
}

async fn deliver(db: &Db, shop: &Shop) -> Result<()> {
    let tx = db.intake().await?;
    inbox::insert(&tx, &[mail::delivery(shop, "order.updated")]).await?;
    Ok(tx.commit().await?)
}

async fn sees_its_own(db: &Db, shop: &Shop) -> Result<()> {
    let tx = db.read(&ReadScope::Tenant(shop.tenant)).await?;
    let stores = stores::list(&tx).await?;
    tx.commit().await?;
    let only_its_own = stores.len() == 1 && stores.iter().all(|row| row.id == shop.store);
    ensure!(only_its_own, "a tenant sees {} stores", stores.len());
    Ok(())
}
