//! No tenant sees another's rows, whatever a statement asks for; no scope, no rows.

use anyhow::{Result, ensure};
use storewire_db::{bootstrap, changes, stores};
use storewire_domain::ReadScope;
use storewire_testkit::TestDb;

use crate::{plans, shop};

/// A connection as the login role, in no scope.
async fn bare(test: &TestDb) -> Result<tokio_postgres::Client> {
    Ok(bootstrap::connect(&test.app_url().parse()?, &test.drivers()).await?)
}

#[tokio::test]
async fn every_table_and_partition_has_forced_row_security_with_a_policy() -> Result<()> {
    let test = TestDb::create().await?;
    let rows = test
        .admin()
        .await?
        .query(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS is_forced,
                EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) AS has_policy,
                pg_get_userbyid(c.relowner) = 'storewire_owner' AS is_owned
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'refinery_schema_history'",
            &[],
        )
        .await?;
    ensure!(rows.len() > 20, "only {} tables", rows.len());
    for row in rows {
        let table: String = row.get("relname");
        ensure!(row.get::<_, bool>("is_forced"), "{table} has no forced row security");
        ensure!(row.get::<_, bool>("has_policy"), "{table} has no policy");
        ensure!(row.get::<_, bool>("is_owned"), "{table} is not the owner's");
    }
    Ok(())
}

#[tokio::test]
async fn the_login_role_owns_nothing_and_cannot_bypass() -> Result<()> {
    let test = TestDb::create().await?;
    let row = test
        .admin()
        .await?
        .query_one(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolinherit AS is_too_strong,
                (SELECT count(*) FROM pg_class WHERE relowner = pg_roles.oid) AS owned
             FROM pg_roles WHERE rolname = 'storewire_app'",
            &[],
        )
        .await?;
    ensure!(!row.get::<_, bool>("is_too_strong") && row.get::<_, i64>("owned") == 0);
    let truncating = "SELECT count(*) FROM information_schema.role_table_grants
        WHERE privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER') AND grantee LIKE 'sw\\_%'";
    let grants: i64 = test.admin().await?.query_one(truncating, &[]).await?.get(0);
    ensure!(grants == 0, "a scope may do what policies do not filter");
    Ok(())
}

#[tokio::test]
async fn without_a_scope_there_is_no_row_of_any_table() -> Result<()> {
    let test = TestDb::create().await?;
    shop::open(test.db(), "coffee").await?;
    let client = bare(&test).await?;
    for table in ["tenant", "app_user", "session", "store", "store_secret", "inbox", "orders", "product", "change"] {
        let refused = client.query(&format!("SELECT 1 FROM {table}"), &[]).await;
        let code = refused.err().and_then(|error| error.code().cloned());
        ensure!(
            code == Some(tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE),
            "{table} answers without a scope"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_tenants_scope_without_a_tenant_or_with_garbage_shows_nothing() -> Result<()> {
    let test = TestDb::create().await?;
    shop::open(test.db(), "coffee").await?;
    let client = bare(&test).await?;
    for setting in ["", "SET LOCAL app.tenant = '';"] {
        client.batch_execute(&format!("BEGIN; SET LOCAL ROLE sw_tenant; {setting}")).await?;
        let rows = client.query("SELECT 1 FROM store", &[]).await?;
        ensure!(rows.is_empty(), "a store is shown under {setting:?}");
        client.batch_execute("ROLLBACK").await?;
    }
    client.batch_execute("BEGIN; SET LOCAL ROLE sw_tenant; SET LOCAL app.tenant = 'everybody'").await?;
    ensure!(client.query("SELECT 1 FROM store", &[]).await.is_err(), "garbage is no tenant");
    Ok(())
}

#[tokio::test]
async fn one_tenant_reads_and_writes_its_own_rows_only() -> Result<()> {
    let test = TestDb::create().await?;
    let (coffee, outdoor) = (shop::open(test.db(), "coffee").await?, shop::open(test.db(), "outdoor").await?);
    shop::append(test.db(), &coffee, 3).await?;

    let tx = test.db().read(&ReadScope::Tenant(outdoor.tenant)).await?;
    ensure!(stores::find(&tx, coffee.store).await?.is_none());
    ensure!(stores::list(&tx).await?.len() == 1);
    let start = changes::Cursor::parse("0").expect("the first transaction of all");
    let seen = changes::since(&tx, &start, 100).await?.expect("few changes");
    ensure!(seen.is_empty(), "a foreign change is seen");
    tx.commit().await?;

    let tx = test.db().tenant(outdoor.tenant).await?;
    let refused = changes::append(&tx, coffee.store, &[shop::change()], Default::default(), shop::now()).await;
    let rows = test.admin().await?.query("SELECT 1 FROM change WHERE store_id = $1", &[&coffee.store.uuid()]).await?;
    ensure!(rows.len() == 3, "a foreign store's log grew: {refused:?}");
    drop(tx);

    let tx = test.db().platform().await?;
    ensure!(stores::list(&tx).await?.len() == 2, "the platform sees all");
    tx.commit().await?;
    Ok(())
}

#[tokio::test]
async fn intake_inserts_deliveries_and_reads_nothing() -> Result<()> {
    let test = TestDb::create().await?;
    shop::open(test.db(), "coffee").await?;
    let client = bare(&test).await?;
    for forbidden in
        ["SELECT 1 FROM inbox", "SELECT 1 FROM store", "UPDATE inbox SET state = 'dead'", "DELETE FROM inbox"]
    {
        client.batch_execute("BEGIN; SET LOCAL ROLE sw_intake").await?;
        ensure!(client.execute(forbidden, &[]).await.is_err(), "intake may: {forbidden}");
        client.batch_execute("ROLLBACK").await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_hot_queries_of_a_tenant_use_their_indexes_under_row_security() -> Result<()> {
    let test = TestDb::create().await?;
    let coffee = shop::open(test.db(), "coffee").await?;
    let client = bare(&test).await?;
    let tenant = coffee.tenant;
    for (query, index) in [
        ("SELECT id FROM orders ORDER BY created_at DESC, id DESC LIMIT 50", "orders_newest"),
        (
            "SELECT id FROM orders WHERE (created_at, id) < (now(), '01900000-0000-7000-8000-000000000001') ORDER BY created_at DESC, id DESC LIMIT 50",
            "orders_newest",
        ),
        (
            "SELECT id FROM orders WHERE store_id = '01900000-0000-7000-8000-000000000001' ORDER BY created_at DESC, id DESC LIMIT 50",
            "orders_store_newest",
        ),
        (
            "SELECT seq FROM change WHERE entity_id = '01900000-0000-7000-8000-000000000001' ORDER BY seq DESC LIMIT 200",
            "entity_id",
        ),
        (
            "SELECT id FROM inbox WHERE store_id = '01900000-0000-7000-8000-000000000001' AND state = 'pending' ORDER BY id LIMIT 200",
            "id_idx",
        ),
        ("SELECT id FROM request ORDER BY id DESC LIMIT 50", "request_newest"),
        (
            "SELECT id FROM request WHERE intent_id = '01900000-0000-7000-8000-000000000001' AND state = 'approved'",
            "request_of_intent",
        ),
        (
            "SELECT id FROM audit WHERE entity_id = '01900000-0000-7000-8000-000000000001' ORDER BY id DESC LIMIT 50",
            "entity_id_id_idx",
        ),
        (
            "SELECT 1 FROM audit WHERE entity_id = '01900000-0000-7000-8000-000000000001' AND action = 'ticket.close'
             AND detail ->> 'deed' = '01900000-0000-7000-8000-000000000002'",
            "entity_id_id_idx",
        ),
        (
            "SELECT id FROM notice WHERE user_id = '01900000-0000-7000-8000-000000000001' ORDER BY id DESC LIMIT 50",
            "notice_of_user",
        ),
        ("SELECT id FROM return_case ORDER BY id DESC LIMIT 50", "return_case_newest"),
        (
            "SELECT id FROM stock_move WHERE product_id = '01900000-0000-7000-8000-000000000001' ORDER BY id DESC LIMIT 50",
            "stock_move_of_product",
        ),
        ("SELECT id FROM stock_import ORDER BY id DESC LIMIT 50", "stock_import_pkey"),
        (
            "SELECT id FROM order_share WHERE order_id = '01900000-0000-7000-8000-000000000001' ORDER BY id DESC",
            "order_share_of_order",
        ),
    ] {
        uses(&client, &format!("SET LOCAL ROLE sw_tenant; SET LOCAL app.tenant = '{tenant}'"), query, index).await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_staff_ask_across_tenants_uses_its_indexes() -> Result<()> {
    let test = TestDb::create().await?;
    let client = bare(&test).await?;
    for (query, index) in [
        ("SELECT id FROM request ORDER BY id DESC LIMIT 50", "request_platform_newest"),
        ("SELECT number FROM request WHERE id = '01900000-0000-7000-8000-000000000001'", "request_platform_newest"),
        (
            "SELECT id FROM notice WHERE user_id = '01900000-0000-7000-8000-000000000001' ORDER BY id DESC LIMIT 50",
            "notice_platform_of_user",
        ),
        ("SELECT id FROM return_case ORDER BY id DESC LIMIT 50", "return_case_platform_newest"),
        (
            "SELECT number FROM return_case WHERE id = '01900000-0000-7000-8000-000000000001'",
            "return_case_platform_newest",
        ),
        ("SELECT number FROM ticket WHERE id = '01900000-0000-7000-8000-000000000001'", "ticket_platform_id"),
        ("SELECT id FROM letter WHERE state = 'waiting' AND due_at <= now() ORDER BY due_at LIMIT 50", "letter_due"),
        (
            "SELECT id FROM letter WHERE about_id = '01900000-0000-7000-8000-000000000001' ORDER BY id DESC LIMIT 50",
            "letter_platform_of_subject",
        ),
        ("SELECT id FROM letter WHERE id = '01900000-0000-7000-8000-000000000001'", "letter_platform_id"),
        ("SELECT id FROM stock_import ORDER BY id DESC LIMIT 50", "stock_import_platform_newest"),
        (
            "SELECT tenant_id, id FROM stock_import WHERE state = 'writing' AND expires_at > now() ORDER BY id LIMIT 20",
            "stock_import_writing",
        ),
        (
            "SELECT entity_id FROM bulk_row WHERE bulk_id = '01900000-0000-7000-8000-000000000001' ORDER BY position",
            "bulk_row_platform",
        ),
    ] {
        uses(&client, "SET LOCAL ROLE sw_platform", query, index).await?;
    }
    Ok(())
}

/// Whether a statement is answered by an index in a scope, where reading and sorting whole tables is out of the question.
async fn uses(client: &tokio_postgres::Client, scope: &str, query: &str, index: &str) -> Result<()> {
    let settings = format!("{scope}; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off");
    let plan = plans::of(client, &settings, query).await?;
    ensure!(plan.contains(index), "{query}\ndoes not use {index}:\n{plan}");
    Ok(())
}
