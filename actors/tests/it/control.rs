//! What people do with a store as a whole, and what becomes of its work.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use storesim::{Faults, FleetConfig};
use storewire_actors::Settings;
use storewire_db::identity;
use storewire_db::rechecks::RecheckKind;
use storewire_domain::{RemoteId, StoreId, UserId};

use crate::{house::House, shop};

async fn person(house: &House) -> Result<UserId> {
    let tx = house.db.db().auth().await?;
    let id = identity::create_user(&tx, "ada@example.com", "Ada", "no password", None).await?;
    tx.commit().await?;
    Ok(id)
}

/// Everything a pull knows of how far it came.
async fn checkpoints(house: &House, store: StoreId) -> Result<Vec<String>> {
    let sql = "SELECT checkpoint::text FROM checkpoint WHERE store_id = $1 ORDER BY resource, listing";
    let rows = house.admin.query(sql, &[&store.uuid()]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

#[actix_web::test]
async fn a_paused_store_keeps_its_deliveries_and_its_checkpoints_and_loses_nothing() -> Result<()> {
    let house = House::open(1).await?;
    let (store, ada) = (house.import(1).await?, person(&house).await?);
    house.engine().pause(&house.row(store).await?, ada).await?;
    let paused_at = Instant::now();
    house
        .until("its actor is gone", || async { Ok(!house.engine().sync_now(&house.row(store).await?, ada).await?) })
        .await?;
    ensure!(paused_at.elapsed().as_secs() < 5, "it took {:?}", paused_at.elapsed());
    let (asked, known) = (house.fleet.calls(1).len(), checkpoints(&house, store).await?);
    let before = house.row(store).await?.orders;
    for _ in 0..5 {
        house.fleet.buy(1, None, 1).context("something is for sale")?;
    }
    house.fleet.quiesce().await;
    house
        .until("deliveries are stored", || async {
            Ok(house.count("SELECT count(*) FROM inbox WHERE state = 'pending'", &[]).await? >= 5)
        })
        .await?;
    let row = house.row(store).await?;
    ensure!((row.state.as_str(), row.orders) == ("paused", before), "{:?} with {} orders", row.state, row.orders);
    ensure!(checkpoints(&house, store).await? == known, "a checkpoint moved");
    ensure!(house.fleet.calls(1).len() == asked, "a paused store was asked");

    house.engine().resume(&row, ada).await?;
    house
        .until("it is live with everything", || async {
            let row = house.row(store).await?;
            Ok(row.state.as_str() == "live" && row.orders == before + 5)
        })
        .await?;
    house.converges().await?;
    ensure!(house.diary(store, "paused").await?.len() == 1 && house.diary(store, "resumed").await?.len() == 1);
    let audited = "SELECT count(*) FROM audit WHERE action IN ('store.pause', 'store.resume') AND user_id = $1";
    ensure!(house.count(audited, &[&ada.uuid()]).await? == 2);
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn c9_a_store_paused_in_the_middle_of_a_request_is_not_woken_by_its_end() -> Result<()> {
    let house = House::open(1).await?;
    let (store, ada) = (house.import(1).await?, person(&house).await?);
    house.fleet.set_faults(1, Faults { slow_ms: 700, ..Faults::default() });
    let asked = house.fleet.calls(1).len();
    for _ in 0..5 {
        house.until("it is asked", || async { Ok(house.fleet.calls(1).len() > asked) }).await?;
        let row = house.row(store).await?;
        house.engine().pause(&row, ada).await?;
        house.engine().resume(&row, ada).await?;
        house.engine().pause(&row, ada).await?;
        house.until("its actor is gone", || async { Ok(!house.engine().sync_now(&row, ada).await?) }).await?;
        let before = house.fleet.calls(1).len();
        // What was under way when it was paused has been answered once a request of ours, made later, has.
        let again = house.connect(1).await;
        ensure!(again.is_err_and(|error| error.to_string().contains("connected already")), "connected twice");
        ensure!(house.fleet.calls(1).len() > before);
        ensure!(house.row(store).await?.state.as_str() == "paused", "it was woken");
        house.engine().resume(&row, ada).await?;
    }
    house.fleet.set_faults(1, Faults::default());
    house.fleet.buy(1, None, 1).context("something is for sale")?;
    house.until("it is live", || async { Ok(house.row(store).await?.state.as_str() == "live") }).await?;
    house.converges().await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_sync_asked_for_in_the_middle_of_a_round_finds_what_that_round_had_passed() -> Result<()> {
    let shops = FleetConfig { stores: 1, orders_per_store: 8, products_per_store: 6, ..FleetConfig::default() };
    let house = House::with(shops, |config| config.pull_interval = Duration::from_secs(3_600)).await?;
    let (store, ada) = (house.import(1).await?, person(&house).await?);
    let sql = "SELECT remote_id FROM orders WHERE store_id = $1 ORDER BY remote_number LIMIT 1";
    let order: String = house.admin.query_one(sql, &[&store.uuid()]).await?.try_get(0)?;
    house.fleet.set_faults(1, Faults { slow_ms: 500, drop_webhooks: 1.0, ..Faults::default() });
    let asked = house.fleet.calls(1).len();
    let row = house.row(store).await?;
    ensure!(house.engine().sync_now(&row, ada).await?, "its actor runs");
    house
        .until("the round has come to the products", || async {
            let calls = house.fleet.calls(1);
            Ok(calls[asked..]
                .iter()
                .any(|call| call.path.contains("/products?") && call.path.contains("modified_after")))
        })
        .await?;
    let number: u64 = order.parse()?;
    let edit = json!({ "kind": "orders", "ids": [number], "fields": { "customer_note": "ring twice" } });
    shop::pull(&house, 1, "POST", "edit", edit).await?;
    ensure!(house.engine().sync_now(&row, ada).await?, "its actor runs");
    let found = "SELECT count(*) FROM change WHERE kind = 'order.updated' AND source = 'pull'";
    house.count_is(found, &[], 1).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn what_a_person_sets_for_a_store_is_in_its_diary_and_in_the_audit() -> Result<()> {
    let house = House::open(1).await?;
    let (store, ada) = (house.import(1).await?, person(&house).await?);
    let row = house.row(store).await?;
    let goal = Duration::from_secs(1_200);
    let wanted = Settings { name: Some("Kavaklı".to_owned()), freshness_goal: Some(goal) };
    house.engine().set(&row, &wanted, ada).await?;
    let row = house.row(store).await?;
    ensure!((row.name.as_str(), row.freshness_goal) == ("Kavaklı", goal), "{row:?}");
    // What is set already is no deed.
    house.engine().set(&row, &wanted, ada).await?;
    let told = house.diary(store, "settings_changed").await?;
    ensure!(told.len() == 1 && told[0]["name"][1] == "Kavaklı", "{told:?}");
    let audited = "SELECT count(*) FROM audit WHERE action = 'store.change' AND user_id = $1";
    ensure!(house.count(audited, &[&ada.uuid()]).await? == 1);
    let shown = "SELECT count(*) FROM change WHERE kind = 'store.changed' AND source = 'user'";
    ensure!(house.count(shown, &[]).await? == 1, "open pages were not told");
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_person_has_one_record_read_at_once_though_nothing_told_of_its_change() -> Result<()> {
    let house = House::open(1).await?;
    let (store, _) = (house.import(1).await?, person(&house).await?);
    house.fleet.set_faults(1, Faults { drop_webhooks: 1.0, ..Faults::default() });
    let sql = "SELECT remote_id FROM orders WHERE store_id = $1 ORDER BY remote_number DESC LIMIT 1";
    let id: String = house.admin.query_one(sql, &[&store.uuid()]).await?.try_get(0)?;
    let asked = house.fleet.calls(1).len();
    let row = house.row(store).await?;
    ensure!(house.engine().sync_record(&row, RecheckKind::Order, &RemoteId(id.clone())).await?, "its actor runs");
    let path = format!("/wp-json/wc/v3/orders/{id}");
    house
        .until("the record is read", || async {
            Ok(house.fleet.calls(1)[asked..].iter().any(|call| call.path.starts_with(&path)))
        })
        .await?;
    house.count_is("SELECT count(*) FROM recheck", &[], 0).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_reconcile_that_a_person_asks_for_begins_at_once() -> Result<()> {
    let house = House::open(1).await?;
    let (store, ada) = (house.import(1).await?, person(&house).await?);
    house.engine().reconcile(&house.row(store).await?, ada).await?;
    house
        .until("every walk of it has ended", || async {
            let open = "SELECT count(*) FROM sweep WHERE purpose = 'reconcile' AND finished_at IS NULL";
            let done = "SELECT count(*) FROM sweep WHERE purpose = 'reconcile' AND finished_at IS NOT NULL";
            Ok(house.count(open, &[]).await? == 0 && house.count(done, &[]).await? > 0)
        })
        .await?;
    ensure!(house.diary(store, "reconcile_wanted").await?.len() == 1);
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn an_engine_whose_database_goes_away_waits_and_goes_on_by_itself() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    let database: String = house.admin.query_one("SELECT current_database()::text", &[]).await?.try_get(0)?;
    let before = house.row(store).await?.orders;
    house.admin.batch_execute(&format!("ALTER DATABASE {database} CONNECTION LIMIT 0")).await?;
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()";
    house.admin.execute(cut, &[&database]).await?;
    house.fleet.buy(1, None, 1).context("something is for sale")?;
    // Word of it is refused, after as long as a delivery waits for a lost database.
    house.fleet.quiesce().await;
    house.admin.batch_execute(&format!("ALTER DATABASE {database} CONNECTION LIMIT -1")).await?;
    house
        .until("the sale is there", || async { Ok(house.row(store).await.is_ok_and(|row| row.orders == before + 1)) })
        .await?;
    house.until("it is live", || async { Ok(house.row(store).await?.state.as_str() == "live") }).await?;
    house.close().await;
    Ok(())
}
