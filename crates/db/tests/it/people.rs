//! People's way to the database while the engine uses all of its own, and a health check's while people do.

use std::time::Duration;

use anyhow::{Result, ensure};
use storewire_db::{Db, DbConfig, DbError};
use storewire_domain::ReadScope;
use storewire_testkit::TestDb;
use tokio::runtime::Handle;

#[tokio::test]
async fn people_are_served_while_the_engine_holds_every_connection_of_its_own() -> Result<()> {
    let test = TestDb::create().await?;
    let acquire_timeout = Duration::from_secs(2);
    let config = DbConfig { connections: 2, intake_connections: 1, acquire_timeout, ..DbConfig::new(test.app_url()) };
    let db = Db::connect(&config, Handle::current()).await?;
    let people = db.for_people();
    let held = [db.auth().await?, db.auth().await?];
    ensure!(matches!(db.auth().await, Err(DbError::Unavailable(_))), "there was a third connection");
    people.ping().await?;
    people.read(&ReadScope::Platform { stores: None }).await?.commit().await?;
    drop(held);
    db.close();
    ensure!(people.ping().await.is_err(), "people's connections outlive the others");
    Ok(())
}

#[tokio::test]
async fn a_health_check_is_answered_while_people_hold_every_connection_of_theirs() -> Result<()> {
    let test = TestDb::create().await?;
    let acquire_timeout = Duration::from_millis(200);
    let config = DbConfig { connections: 2, intake_connections: 1, acquire_timeout, ..DbConfig::new(test.app_url()) };
    let db = Db::connect(&config, Handle::current()).await?;
    let people = db.for_people();
    let held = people.auth().await?;
    ensure!(matches!(people.auth().await, Err(DbError::Unavailable(_))), "people had a second connection");
    let probes = people.for_probes();
    ensure!(probes.takes_writes().await?, "the check was not answered");
    drop(held);
    db.close();
    ensure!(probes.ping().await.is_err(), "the checks' connections outlive the others");
    Ok(())
}
