//! Rehearsals: kept out of everybody's sight, measured, and deleted without a trace of anybody else's.

use anyhow::{Result, ensure};
use jiff::ToSpan as _;
use storewire_db::{
    Db,
    changes::{self, Counted, NewChange},
    identity,
    rehearsals::{self, Ending, NewRehearsal},
    stores,
};
use storewire_domain::{
    ChangeKind, PlatformRole, ReadScope, Source, TenantId, UserId,
    rehearsal::{Phase, Progress, Slice, Wish},
};
use storewire_testkit::TestDb;
use uuid::Uuid;

use crate::shop;

const STAFF: ReadScope = ReadScope::Platform { stores: None };

async fn person(db: &Db) -> Result<UserId> {
    let tx = db.auth().await?;
    let user = identity::create_user(&tx, "staff@example.test", "Stan", "hash", Some(PlatformRole::Staff)).await?;
    tx.commit().await?;
    Ok(user)
}

/// A rehearsal with one twin.
async fn rehearse(db: &Db, node: Uuid, by: UserId) -> Result<shop::Shop> {
    let twin = shop::open_in(db, TenantId::for_rehearsal(), "twin").await?;
    let wish = Wish { stores: 1, factor: 1, rate: 1, seconds: 5, goal_seconds: 5, troubles: Vec::new() };
    let new = NewRehearsal { name: "Rehearsal".to_owned(), node, wished_by: by, wish };
    let tx = db.tenant(twin.tenant).await?;
    rehearsals::insert(&tx, &new, shop::now()).await?;
    tx.commit().await?;
    Ok(twin)
}

#[tokio::test]
async fn staff_do_not_meet_a_rehearsal_and_the_engine_does() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let (coffee, by) = (shop::open(db, "coffee").await?, person(db).await?);
    let twin = rehearse(db, Uuid::now_v7(), by).await?;
    shop::append(db, &twin, 2).await?;
    shop::append(db, &coffee, 3).await?;
    let start = changes::Cursor::parse("0").expect("the first transaction of all");
    for (scope, stores_seen, changes_seen) in [
        (STAFF, vec![coffee.store], 3),
        (ReadScope::Tenant(coffee.tenant), vec![coffee.store], 3),
        (ReadScope::Tenant(twin.tenant), vec![twin.store], 2),
        (ReadScope::Everything, vec![coffee.store, twin.store], 5),
    ] {
        let tx = db.read(&scope).await?;
        let names: Vec<_> = stores::list(&tx).await?.iter().map(|row| row.id).collect();
        let seen = changes::since(&tx, &start, 100).await?.map_or(0, |changes| changes.len());
        let tenants = identity::list_tenants(&tx).await?.len();
        tx.commit().await?;
        ensure!(
            names.len() == stores_seen.len() && stores_seen.iter().all(|id| names.contains(id)),
            "{scope:?}: {names:?}"
        );
        ensure!((seen, tenants) == (changes_seen, stores_seen.len()), "{scope:?}: {seen} changes, {tenants} tenants");
    }
    let tx = db.read(&ReadScope::Tenant(coffee.tenant)).await?;
    ensure!(rehearsals::list(&tx, 10).await?.is_empty(), "a merchant sees a rehearsal");
    Ok(())
}

#[tokio::test]
async fn a_real_tenant_cannot_be_made_a_rehearsal() -> Result<()> {
    let test = TestDb::create().await?;
    let by = person(test.db()).await?;
    let coffee = shop::open(test.db(), "coffee").await?;
    let wish = Wish { stores: 1, factor: 1, rate: 1, seconds: 5, goal_seconds: 5, troubles: Vec::new() };
    let new = NewRehearsal { name: "Rehearsal".to_owned(), node: Uuid::now_v7(), wished_by: by, wish };
    let tx = test.db().tenant(coffee.tenant).await?;
    ensure!(rehearsals::insert(&tx, &new, shop::now()).await.is_err());
    Ok(())
}

#[tokio::test]
async fn clearing_deletes_every_row_of_a_rehearsal_and_none_of_anybody_else() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let (coffee, by) = (shop::open(db, "coffee").await?, person(db).await?);
    let twin = rehearse(db, Uuid::now_v7(), by).await?;
    for shop in [&coffee, &twin] {
        shop::append(db, shop, 3).await?;
    }
    // Asked for a real tenant it finds nothing to delete.
    ensure!(rehearsals::clear(db, coffee.tenant, shop::now()).await? == 0);
    ensure!(rehearsals::clear(db, twin.tenant, shop::now()).await? >= 6);

    let admin = test.admin().await?;
    let tables = admin
        .query(
            "SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                AND a.attname = 'tenant_id' AND NOT a.attisdropped",
            &[],
        )
        .await?;
    ensure!(tables.len() > 20);
    for row in tables {
        let table: String = row.get(0);
        let is_kept = ["rehearsal", "audit"].contains(&table.as_str());
        ensure!(is_kept || rehearsals::TABLES.contains(&table.as_str()), "{table} would outlive a rehearsal");
        let sql = format!("SELECT count(*) FROM {table} WHERE tenant_id = $1");
        let left: i64 = admin.query_one(&sql, &[&twin.tenant.uuid()]).await?.get(0);
        ensure!(left == i64::from(table == "rehearsal"), "{left} rows of {table} are left");
    }
    let tx = db.read(&ReadScope::Tenant(coffee.tenant)).await?;
    ensure!(stores::list(&tx).await?.len() == 1);
    tx.commit().await?;
    let tx = db.read(&STAFF).await?;
    let report = rehearsals::find(&tx, twin.tenant).await?.expect("its row stays");
    ensure!(report.cleared_at == Some(shop::now()));
    Ok(())
}

#[tokio::test]
async fn a_node_that_starts_ends_what_it_had_begun_and_nothing_of_another() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let (by, node) = (person(db).await?, Uuid::now_v7());
    let (mine, others) = (rehearse(db, node, by).await?, rehearse(db, Uuid::now_v7(), by).await?);
    rehearsals::interrupt(db, node, shop::now()).await?;
    let kept: Vec<_> = rehearsals::kept(db, node).await?.iter().map(|row| row.tenant_id).collect();
    ensure!(kept == [mine.tenant]);
    let tx = db.read(&STAFF).await?;
    ensure!(rehearsals::find(&tx, mine.tenant).await?.map(|row| row.phase) == Some(Phase::Interrupted));
    ensure!(rehearsals::find(&tx, others.tenant).await?.map(|row| row.phase) == Some(Phase::Opening));
    tx.commit().await?;
    let tx = db.read(&ReadScope::Tenant(mine.tenant)).await?;
    ensure!(stores::list(&tx).await?.iter().all(|row| row.state == storewire_domain::StoreState::Paused));
    tx.commit().await?;
    // Its end is not taken back by who still believes in it.
    let tx = db.tenant(mine.tenant).await?;
    rehearsals::save(&tx, Phase::Running, &Progress::default()).await?;
    ensure!(!rehearsals::finish(&tx, &Ending { phase: Phase::Done, reason: None, report: None }, shop::now()).await?);
    tx.commit().await?;
    Ok(())
}

#[tokio::test]
async fn lag_is_read_from_the_change_log_slice_by_slice() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let by = person(db).await?;
    let twin = rehearse(db, Uuid::now_v7(), by).await?;
    let began = shop::now();
    // Seconds after the beginning, and lag in milliseconds.
    for (second, lag) in [(1, 10), (2, 30), (9, 50), (25, 4_000)] {
        let saved_at = began + second.seconds();
        let change = NewChange {
            kind: ChangeKind::OrderCreated,
            entity_id: Uuid::now_v7(),
            source: Source::Webhook,
            store_time: None,
            received_at: Some(saved_at - lag.milliseconds()),
            detail: Default::default(),
        };
        let pulled = NewChange { source: Source::Pull, ..change.clone() };
        let tx = db.tenant(twin.tenant).await?;
        changes::append(&tx, twin.store, &[change, pulled], Counted::default(), saved_at).await?;
        tx.commit().await?;
    }
    let tx = db.read(&ReadScope::Tenant(twin.tenant)).await?;
    let slices = rehearsals::measured(&tx, twin.tenant, began).await?;
    let slice =
        |at, changes, p50, p99| Slice { at, changes, lag_p50: Some(p50), lag_p99: Some(p99), ..Slice::default() };
    ensure!(slices == [slice(0, 3, 30, 50), slice(20, 1, 4_000, 4_000)], "{slices:?}");
    let lag = rehearsals::lag(&tx, twin.tenant, began).await?.expect("webhooks came");
    ensure!((lag.count, lag.p50, lag.p99, lag.max) == (4, 30, 4_000, 4_000), "{lag:?}");
    ensure!(rehearsals::left(&tx, twin.tenant).await?.changes == 8);
    let backlog = rehearsals::backlog(&tx, twin.tenant, began).await?;
    ensure!((backlog.not_live, backlog.deliveries, backlog.is_empty()) == (1, 0, false), "{backlog:?}");
    Ok(())
}
