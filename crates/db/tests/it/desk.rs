//! What only the platform's people have: no merchant's statement reaches it, whatever it asks for.

use anyhow::{Result, ensure};
use serde_json::json;
use storewire_db::{
    audit::{self, AuditFilter},
    bootstrap, identity,
    notices::{self, NewNotice, Which},
};
use storewire_domain::{PlatformRole, ReadScope, StoreId, TenantRole, UserId};
use storewire_testkit::TestDb;
use uuid::Uuid;

use crate::shop::{self, now};

const STAFF: ReadScope = ReadScope::Platform { stores: None };

#[tokio::test]
async fn entries_about_the_desks_own_work_are_for_staff_alone() -> Result<()> {
    let test = TestDb::create().await?;
    let coffee = shop::open(test.db(), "coffee").await?;
    let entity = Uuid::now_v7();
    let tx = test.db().desk(coffee.tenant).await?;
    for action in ["desk.note", "request.approve", "desktop.move"] {
        audit::write(&tx, None, action, Some(entity), &json!({}), now()).await?;
    }
    tx.commit().await?;
    let seen = async |scope: ReadScope| {
        let tx = test.db().read(&scope).await?;
        let listed = audit::list(&tx, &AuditFilter { entity: Some(entity), before: None, limit: 10 }).await?;
        let told = audit::of_entity(&tx, coffee.tenant, entity, 10).await?;
        tx.commit().await?;
        let actions = |rows: Vec<audit::AuditRow>| rows.into_iter().map(|row| row.action).collect::<Vec<_>>();
        anyhow::Ok((actions(listed), actions(told)))
    };
    let of_merchant = vec!["desktop.move".to_owned(), "request.approve".to_owned()];
    ensure!(seen(ReadScope::Tenant(coffee.tenant)).await? == (of_merchant.clone(), of_merchant));
    ensure!(seen(STAFF).await?.1 == ["desktop.move", "request.approve", "desk.note"]);

    let client = bootstrap::connect(&test.app_url().parse()?, &test.drivers()).await?;
    let begin = |role: &str| format!("BEGIN; SET LOCAL ROLE {role}; SET LOCAL app.tenant = '{}'", coffee.tenant);
    client.batch_execute(&begin("sw_desk")).await?;
    let append = "INSERT INTO change (tenant_id, store_id, seq, kind, entity_id, source, saved_at, detail)
        VALUES ($1, $2, $3, $4, $5, 'user', now(), '{}') RETURNING seq";
    for (seq, kind) in [(1_i64, "desk.noted"), (2, "request.changed")] {
        client.query_one(append, &[&coffee.tenant.uuid(), &coffee.store.uuid(), &seq, &kind, &entity]).await?;
    }
    client.batch_execute("COMMIT").await?;
    for (role, wanted) in [("sw_tenant", vec![2_i64]), ("sw_desk", vec![1, 2]), ("sw_platform", vec![1, 2])] {
        client.batch_execute(&begin(role)).await?;
        for sql in [
            "SELECT seq FROM change WHERE entity_id = $1 ORDER BY seq",
            "SELECT change.seq FROM store LEFT JOIN change ON change.store_id = store.id WHERE entity_id = $1 ORDER BY seq",
        ] {
            let rows = client.query(sql, &[&entity]).await?;
            let seqs: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
            ensure!(seqs == wanted, "{role} sees {seqs:?} by {sql}");
        }
        client.batch_execute("ROLLBACK").await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_desks_scope_may_what_a_tenants_may_and_reaches_no_other_tenant() -> Result<()> {
    let test = TestDb::create().await?;
    let (coffee, outdoor) = (shop::open(test.db(), "coffee").await?, shop::open(test.db(), "outdoor").await?);
    let client = bootstrap::connect(&test.app_url().parse()?, &test.drivers()).await?;
    for (setting, wanted) in [
        (String::new(), 0),
        ("SET LOCAL app.tenant = '';".to_owned(), 0),
        (format!("SET LOCAL app.tenant = '{}';", coffee.tenant), 1),
    ] {
        client.batch_execute(&format!("BEGIN; SET LOCAL ROLE sw_desk; {setting}")).await?;
        let stores: i64 = client.query_one("SELECT count(*) FROM store", &[]).await?.get(0);
        ensure!(stores == wanted, "{stores} stores under {setting:?}");
        let foreign = client.execute("UPDATE store SET name = 'x' WHERE id = $1", &[&outdoor.store.uuid()]).await?;
        ensure!(foreign == 0);
        client.batch_execute("ROLLBACK").await?;
    }
    // A merchant's scope does not become the desk's by itself.
    let admin = test.admin().await?;
    let sql = "SELECT pg_has_role('sw_desk', 'sw_tenant', 'USAGE'), pg_has_role('sw_tenant', 'sw_desk', 'MEMBER')";
    let row = admin.query_one(sql, &[]).await?;
    ensure!((row.get::<_, bool>(0), row.get::<_, bool>(1)) == (true, false));
    Ok(())
}

#[tokio::test]
async fn a_notice_tells_one_person_once_and_merchants_see_none_of_staffs() -> Result<()> {
    let test = TestDb::create().await?;
    let coffee = shop::open(test.db(), "coffee").await?;
    let tx = test.db().auth().await?;
    let meral = identity::create_user(&tx, "meral@coffee.example", "Meral", "-", None).await?;
    let stan = identity::create_user(&tx, "stan@example.test", "Stan", "-", Some(PlatformRole::Staff)).await?;
    tx.commit().await?;
    let about = Uuid::now_v7();
    let notice = |user: UserId, for_staff: bool| NewNotice {
        user,
        for_staff,
        kind: "request-asked",
        detail: json!({ "number": 1 }),
        about_kind: "request",
        about_id: about,
        once: "request-asked:1".to_owned(),
    };
    let both = [notice(meral, false), notice(stan, true)];
    // The engine writes in a merchant's scope, people's commands in the desk's.
    let tx = test.db().tenant(coffee.tenant).await?;
    notices::tell(&tx, &both, now()).await?;
    tx.commit().await?;
    let tx = test.db().desk(coffee.tenant).await?;
    notices::tell(&tx, &both, now()).await?;
    tx.commit().await?;
    let seen = async |scope: ReadScope, user: UserId| {
        let tx = test.db().read(&scope).await?;
        let rows = notices::list(&tx, user, None, 10).await?;
        let unread = notices::unread(&tx, user).await?;
        let older = notices::list(&tx, user, rows.first().map(|row| row.id), 10).await?.len();
        tx.commit().await?;
        anyhow::Ok((rows.len(), unread, older))
    };
    let mine = ReadScope::Tenant(coffee.tenant);
    ensure!(seen(mine.clone(), meral).await? == (1, 1, 0));
    ensure!(seen(mine.clone(), stan).await? == (0, 0, 0), "a merchant sees what staff are told");
    ensure!(seen(STAFF, stan).await? == (1, 1, 0));
    let unread = async |scope: &ReadScope, user: UserId, which: Which<'_>| {
        let tx = test.db().read(scope).await?;
        let unread = notices::unread_of(&tx, user, which).await?;
        tx.commit().await?;
        anyhow::Ok(unread)
    };
    let all = Which::UpTo(Uuid::now_v7());
    let found = unread(&mine, meral, all).await?;
    let [(tenant, id)] = found[..] else { anyhow::bail!("one line: {found:?}") };
    ensure!(tenant == coffee.tenant && unread(&mine, meral, Which::These(&[id])).await? == found);
    ensure!(unread(&mine, meral, Which::UpTo(before(id))).await?.is_empty(), "told after what was seen");
    ensure!(unread(&mine, stan, all).await?.is_empty() && unread(&STAFF, stan, all).await?.len() == 1);
    let tx = test.db().desk(coffee.tenant).await?;
    notices::read(&tx, stan, &[id], now()).await?;
    notices::read(&tx, meral, &[id], now()).await?;
    tx.commit().await?;
    ensure!((seen(mine.clone(), meral).await?, seen(STAFF, stan).await?) == ((1, 0, 0), (1, 1, 0)));
    ensure!(unread(&mine, meral, all).await?.is_empty(), "read is read");
    Ok(())
}

/// The id that sorts right before this one.
fn before(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128() - 1)
}

#[tokio::test]
async fn a_store_is_kept_by_staff_who_were_given_it_and_by_those_who_were_given_none() -> Result<()> {
    let test = TestDb::create().await?;
    let coffee = shop::open(test.db(), "coffee").await?;
    let tea = shop::add(test.db(), coffee.tenant, "tea").await?;
    let tx = test.db().auth().await?;
    let meral = identity::create_user(&tx, "meral@coffee.example", "Meral", "-", None).await?;
    let anna = identity::create_user(&tx, "anna@example.test", "Anna", "-", Some(PlatformRole::Admin)).await?;
    let stan = identity::create_user(&tx, "stan@example.test", "Stan", "-", Some(PlatformRole::Staff)).await?;
    tx.commit().await?;
    let tx = test.db().tenant(coffee.tenant).await?;
    identity::add_membership(&tx, meral, TenantRole::User).await?;
    identity::assign_staff(&tx, stan, tea.store).await?;
    tx.commit().await?;
    let keepers = async |store: StoreId| {
        let tx = test.db().staff().await?;
        let people = identity::staff_of(&tx, store, 50).await?;
        tx.commit().await?;
        anyhow::Ok(people.into_iter().map(|person| person.id).collect::<Vec<_>>())
    };
    ensure!(keepers(coffee.store).await? == [anna]);
    ensure!(keepers(tea.store).await? == [anna, stan]);
    // Who tells them something in a tenant's scope learns who they are, and no more.
    for (store, kept_by) in [(coffee.store, vec![anna]), (tea.store, vec![anna, stan])] {
        let tx = test.db().tenant(coffee.tenant).await?;
        ensure!(identity::keepers(&tx, store, 50).await? == kept_by);
        ensure!(identity::keepers(&tx, store, 1).await? == [anna], "at most one");
        tx.commit().await?;
    }
    let tx = test.db().read(&ReadScope::Tenant(coffee.tenant)).await?;
    let members = identity::members(&tx, coffee.tenant, None).await?;
    ensure!(members.len() == 1 && members[0].id == meral && !members[0].is_staff);
    ensure!(identity::members(&tx, coffee.tenant, Some(TenantRole::Admin)).await?.is_empty());
    let named = identity::persons(&tx, &[meral, stan]).await?;
    ensure!(named == members, "a merchant looks staff up");
    Ok(())
}
