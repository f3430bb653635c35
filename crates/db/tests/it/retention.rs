//! Partitions are made ahead, and nothing that waits is dropped.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, ensure};
use jiff::ToSpan as _;
use serde_json::json;
use storewire_db::{
    audit,
    changes::{self, Counted},
    idempotency::{self, KEPT, Keyed, Turn},
    inbox::{self, NewDelivery, Verdict},
    retention,
};
use storewire_domain::{DeliveryId, UserId};
use storewire_testkit::TestDb;
use uuid::Uuid;

use crate::shop;

#[tokio::test]
async fn old_deliveries_go_with_their_day_unless_one_still_waits() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let coffee = shop::open(db, "coffee").await?;
    let start = shop::now();
    let round = async |days: i64| retention::keep(db, start + (24 * days).hours(), 7).await;
    ensure!(round(0).await?.made > 7, "no partitions were made ahead");
    ensure!(round(0).await?.made == 0, "a second round makes more");

    let delivery = NewDelivery {
        id: DeliveryId::fresh(),
        tenant_id: coffee.tenant,
        store_id: coffee.store,
        received_at: start,
        topic: "order.updated".to_owned(),
        webhook_id: "1".to_owned(),
        delivery_id: String::new(),
        source: String::new(),
        body: b"{}".to_vec(),
        body_sha256: [0; 32],
    };
    let tx = db.intake().await?;
    inbox::insert(&tx, std::slice::from_ref(&delivery)).await?;
    tx.commit().await?;

    let kept = round(30).await?;
    ensure!(kept.dropped == 0 && kept.strays == 0, "a waiting delivery was in danger: {kept:?}");
    let tx = db.tenant(coffee.tenant).await?;
    ensure!(inbox::pending(&tx, coffee.store, 10, None, (start, start)).await?.len() == 1);
    inbox::mark(&tx, &[(delivery.id, delivery.received_at, Verdict::Applied)], start).await?;
    tx.commit().await?;

    ensure!(round(30).await?.dropped > 0, "what was applied long ago is kept");
    let left: i64 = test.admin().await?.query_one("SELECT count(*) FROM inbox", &[]).await?.get(0);
    ensure!(left == 0);
    Ok(())
}

#[tokio::test]
async fn an_answer_is_kept_for_a_day_and_then_forgotten_with_its_key_though_nobody_comes_again() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let (coffee, start) = (shop::open(db, "coffee").await?, shop::now());
    let wish = Keyed { user: UserId::fresh(), key: "k-1".to_owned(), digest: [1; 32] };
    let tx = db.tenant(coffee.tenant).await?;
    ensure!(matches!(idempotency::claim(&tx, &wish, Uuid::now_v7(), start, start + 1.minute()).await?, Turn::Yours(_)));
    idempotency::answer(&tx, &wish, &json!({"status": 202})).await?;
    tx.commit().await?;

    ensure!(retention::keep(db, start + KEPT, 7).await?.keys == 0, "an answer was forgotten within a day");
    ensure!(retention::keep(db, start + KEPT + 1.second(), 7).await?.keys == 1);
    let left: i64 = test.admin().await?.query_one("SELECT count(*) FROM idempotency_key", &[]).await?.get(0);
    ensure!(left == 0);
    Ok(())
}

#[tokio::test]
async fn partitions_are_made_while_others_write_to_several_of_these_tables_and_nobody_is_turned_away() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let (coffee, start) = (shop::open(db, "coffee").await?, shop::now());
    retention::keep(db, start, 7).await?;
    let done = AtomicBool::new(false);
    let write = async |turn: usize| {
        let mut written = 0;
        while !done.load(Ordering::Relaxed) {
            let tx = db.tenant(coffee.tenant).await?;
            let change = shop::change();
            // A deed is audited and logged; a page of a store is only logged.
            if turn.is_multiple_of(2) {
                audit::write(&tx, None, "store.pause", None, &json!({}), start).await?;
            }
            changes::append(&tx, coffee.store, &[change], Counted::default(), start).await?;
            tx.commit().await?;
            written += 1;
        }
        anyhow::Ok(written)
    };
    let keep = async {
        // Months to make partitions for.
        for month in 1..=12 {
            retention::keep(db, start + (31 * 24 * month).hours(), 7).await?;
        }
        done.store(true, Ordering::Relaxed);
        anyhow::Ok(())
    };
    let writers = futures_util::future::try_join_all((0..4).map(write));
    let (written, ()) = futures_util::future::try_join(writers, keep).await?;
    ensure!(written.iter().all(|count| *count > 0), "{written:?}");
    Ok(())
}
