//! A session that the server ended is nobody's trouble but that transaction's.

use std::time::Duration;

use anyhow::{Result, ensure};
use storewire_db::{
    Db, DbConfig, DbError,
    changes::{self, Counted},
};
use storewire_testkit::{TestDb, wait_until};

use crate::shop;

const ROUNDS: i64 = 5;

#[tokio::test]
async fn d6_after_a_session_that_idled_in_a_transaction_was_ended_the_next_use_is_clean() -> Result<()> {
    let test = TestDb::create().await?;
    let coffee = shop::open(test.db(), "coffee").await?;
    let admin = test.admin().await?;
    for _ in 0..ROUNDS {
        // It holds for sessions that begin now.
        alter(&admin, "SET idle_in_transaction_session_timeout = 50").await?;
        let config = DbConfig { connections: 1, intake_connections: 1, ..DbConfig::new(test.app_url()) };
        let db = Db::connect(&config, test.drivers()).await?;
        let idle = db.tenant(coffee.tenant).await?;
        // On a busy machine it may idle too long before this is done.
        let _ = changes::append(&idle, coffee.store, &[shop::change()], Counted::default(), shop::now()).await;
        let sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
            AND usename = 'storewire_app' AND state LIKE 'idle in transaction%'";
        wait_until(Duration::from_secs(20), "the server ends the session", || async {
            matches!(admin.query_one(sessions, &[]).await.map(|row| row.get::<_, i64>(0)), Ok(0))
        })
        .await?;
        alter(&admin, "RESET idle_in_transaction_session_timeout").await?;
        let ended = idle.commit().await;
        ensure!(ended.as_ref().is_err_and(DbError::is_unavailable), "{ended:?}");
        // The pool has one connection only.
        shop::append(&db, &coffee, 1).await?;
        db.close();
    }
    let held: i64 = admin.query_one("SELECT count(*) FROM change", &[]).await?.get(0);
    ensure!(held == ROUNDS, "{held} writes are there, {ROUNDS} were committed and as many were not");
    Ok(())
}

/// Changes what sessions of the application in this database begin with.
async fn alter(admin: &tokio_postgres::Client, what: &str) -> Result<()> {
    let command = format!("ALTER ROLE storewire_app IN DATABASE %I {what}");
    Ok(admin.batch_execute(&format!("DO $$ BEGIN EXECUTE format('{command}', current_database()); END $$")).await?)
}
