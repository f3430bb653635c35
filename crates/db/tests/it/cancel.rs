//! A cancelled request leaves nothing behind on its connection, and no acknowledged write is lost by it.

use std::{
    pin::pin,
    task::{Context, Poll},
};

use anyhow::{Result, ensure};
use futures_util::task::noop_waker;
use storewire_testkit::TestDb;
use tokio::task::yield_now;

use crate::shop;

const ROUNDS: usize = 600;

#[tokio::test]
async fn transactions_dropped_at_any_await_lose_and_leak_nothing() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let coffee = shop::open(db, "coffee").await?;
    let mut acknowledged = 0_i64;
    let mut cancelled = 0;
    for round in 0..ROUNDS {
        // Poll the whole use case `round % 12` times with nobody to wake it, then drop it where it stands.
        {
            let mut work = pin!(shop::append(db, &coffee, 1));
            let waker = noop_waker();
            let mut context = Context::from_waker(&waker);
            let mut is_done = false;
            for _ in 0..round % 12 {
                if let Poll::Ready(outcome) = work.as_mut().poll(&mut context) {
                    outcome?;
                    acknowledged += 1;
                    is_done = true;
                    break;
                }
                yield_now().await;
            }
            cancelled += usize::from(!is_done);
        }
        // The next borrower of the connection: its write must be there.
        shop::append(db, &coffee, 1).await?;
        acknowledged += 1;
    }
    ensure!(cancelled > ROUNDS / 4, "only {cancelled} were cancelled");
    let admin = test.admin().await?;
    let held: i64 =
        admin.query_one("SELECT count(*) FROM change WHERE store_id = $1", &[&coffee.store.uuid()]).await?.get(0);
    // A commit whose answer nobody waited for may have happened: more is possible, less is a lost write.
    ensure!(held >= acknowledged, "{} acknowledged writes are missing", acknowledged - held);
    let gaps: i64 = admin.query_one("SELECT max(seq) - count(*) FROM change", &[]).await?.get(0);
    ensure!(gaps == 0, "the log's numbers have {gaps} gaps");
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
