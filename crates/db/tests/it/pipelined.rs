//! Transactions that end behind their own statements, and look-ups of sessions that are shared: fewer waits, and nothing else is different.

use std::{
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
    task::Context,
};

use anyhow::{Result, ensure};
use futures_util::{future::join_all, task::noop_waker};
use storewire_db::{
    Db, DbConfig, DbError, ReadTx, TenantTx,
    dead_letters::{self, NewDeadLetter},
    identity, stores,
};
use storewire_domain::{PlatformRole, ReadScope, SessionId, StoreId, UserId};
use storewire_testkit::TestDb;
use tokio::task::yield_now;
use uuid::Uuid;

use crate::shop;

/// Two statements and the end, as a page asks for them.
async fn sees(tx: &ReadTx) -> Result<usize> {
    let (glances, cursor, ended) = tokio::join!(biased; stores::glances(tx), tx.cursor(), tx.end());
    ended?;
    cursor?;
    Ok(glances?.len())
}

#[tokio::test]
async fn a_read_that_ends_behind_its_statements_sees_its_scope_and_leaves_its_connection_clean() -> Result<()> {
    let test = TestDb::create().await?;
    let shops = [shop::open(test.db(), "coffee").await?, shop::open(test.db(), "outdoor").await?];
    // One connection: whoever comes next has the one that was left.
    let config = DbConfig { connections: 1, ..DbConfig::new(test.app_url()) };
    let db = Db::connect(&config, test.drivers()).await?;
    for polls in 0..60 {
        for shop in &shops {
            let tx = db.read(&ReadScope::Tenant(shop.tenant)).await?;
            // The first rounds prepare the statements, and each is left at another of its waits.
            let mut left = pin!(sees(&tx));
            let waker = noop_waker();
            for _ in 0..polls % 8 {
                if left.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
                    break;
                }
                yield_now().await;
            }
        }
        for shop in &shops {
            let tx = db.read(&ReadScope::Tenant(shop.tenant)).await?;
            ensure!(sees(&tx).await? == 1, "a tenant sees its own store and no other");
            ensure!(tx.cursor().await.is_err(), "what comes after the end is refused");
        }
        let tx = db.read(&ReadScope::Everything).await?;
        ensure!(sees(&tx).await? == 2, "and no scope stays behind");
    }
    db.close();
    Ok(())
}

/// A dead letter of a store that may not exist.
async fn set_aside(tx: &TenantTx, store: StoreId) -> Result<(), DbError> {
    let letter = NewDeadLetter {
        id: Uuid::now_v7(),
        origin: "page",
        topic: "orders",
        remote_id: None,
        cause: "undecodable",
        reason: String::new(),
        body: b"{}".to_vec(),
        received_at: shop::now(),
    };
    dead_letters::insert(tx, store, &letter, shop::now()).await
}

#[tokio::test]
async fn what_is_written_together_with_its_end_is_there_whole_or_not_at_all() -> Result<()> {
    let test = TestDb::create().await?;
    let (db, admin) = (test.db(), test.admin().await?);
    let coffee = shop::open(db, "coffee").await?;
    let held = || async {
        let count = admin.query_one("SELECT count(*) FROM dead_letter", &[]).await?;
        Ok::<i64, anyhow::Error>(count.get(0))
    };

    let tx = db.tenant(coffee.tenant).await?;
    set_aside(&tx, coffee.store).await?;
    tx.commit_behind(set_aside(&tx, coffee.store)).await?;
    ensure!(held().await? == 2);
    ensure!(set_aside(&tx, coffee.store).await.is_err(), "what comes after the end is refused");

    let tx = db.tenant(coffee.tenant).await?;
    set_aside(&tx, coffee.store).await?;
    let refused = tx.commit_behind(set_aside(&tx, StoreId::fresh())).await;
    ensure!(matches!(refused, Err(DbError::Conflict { .. })) && held().await? == 2, "half of it was written");

    let tx = db.tenant(coffee.tenant).await?;
    set_aside(&tx, coffee.store).await?;
    ensure!(set_aside(&tx, StoreId::fresh()).await.is_err());
    ensure!(tx.commit().await.is_err() && held().await? == 2, "a refusal that nobody minded was called committed");
    Ok(())
}

async fn person(db: &Db, number: usize) -> Result<UserId> {
    let tx = db.auth().await?;
    let email = format!("person{number}@example.test");
    let user = identity::create_user(&tx, &email, "Stan", "hash", Some(PlatformRole::Staff)).await?;
    tx.commit().await?;
    Ok(user)
}

async fn log_in(db: &Db, user: UserId) -> Result<SessionId> {
    let (session, tx) = (SessionId::fresh(), db.auth().await?);
    let until = shop::now() + std::time::Duration::from_secs(60);
    identity::insert_session(&tx, session, user, shop::now(), until, "").await?;
    tx.commit().await?;
    Ok(session)
}

#[tokio::test]
async fn sessions_that_are_looked_up_together_are_each_told_their_own() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let mut sessions = Vec::new();
    for number in 0..5 {
        let user = person(db, number).await?;
        sessions.push((log_in(db, user).await?, Some(user)));
    }
    sessions.push((SessionId::fresh(), None));
    let asked: Vec<_> = sessions.iter().cycle().take(60).collect();
    let told = join_all(asked.iter().map(|(session, _)| db.find_viewer(*session, shop::now()))).await;
    for ((_, user), row) in asked.into_iter().zip(told) {
        ensure!(row?.map(|row| row.user_id) == *user);
    }
    let late = shop::now() + std::time::Duration::from_secs(60);
    ensure!(db.find_viewer(sessions[0].0, late).await?.is_none(), "one that ran out is told by who asks");
    Ok(())
}

#[tokio::test]
async fn h3_a_session_that_ended_is_never_found_by_who_asks_afterwards_however_many_ask() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let user = person(db, 0).await?;
    for _ in 0..20 {
        let session = log_in(db, user).await?;
        let is_over = AtomicBool::new(false);
        let crowd = join_all((0..8).map(|_| async {
            while !is_over.load(Ordering::Relaxed) {
                db.find_viewer(session, shop::now()).await?;
            }
            anyhow::Ok(())
        }));
        let ender = async {
            ensure!(db.find_viewer(session, shop::now()).await?.is_some());
            let tx = db.auth().await?;
            identity::revoke_session(&tx, session, shop::now()).await?;
            tx.commit().await?;
            let found = db.find_viewer(session, shop::now()).await?;
            is_over.store(true, Ordering::Relaxed);
            ensure!(found.is_none(), "it was told as alive after it had ended");
            Ok(())
        };
        let (asked, ended) = tokio::join!(crowd, ender);
        asked.into_iter().collect::<Result<()>>()?;
        ended?;
    }
    Ok(())
}
