//! A commit whose answer is lost may have happened: doing it again by the same ids has one effect, and what was told as durable is.

use std::{collections::HashSet, time::Duration};

use anyhow::{Result, ensure};
use storewire_db::{Db, DbConfig, DbError, inbox};
use storewire_testkit::{
    FaultProxy, TestDb,
    fault_proxy::{CutRule, Faults, Place, Way},
};
use uuid::Uuid;

use crate::{
    mail,
    shop::{self, Shop},
};

const SEED: u64 = 7;
/// As many are made at the same time.
const HANDS: usize = 8;
const CUTS: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn d7_after_hundreds_of_commits_cut_before_or_after_they_happened_every_delivery_is_there_once() -> Result<()> {
    let test = TestDb::create().await?;
    let coffee = shop::open(test.db(), "coffee").await?;
    let wire = FaultProxy::seeded(test.socket()?, SEED).await?;
    let config = DbConfig {
        connections: HANDS,
        intake_connections: HANDS,
        acquire_timeout: Duration::from_secs(30),
        ..DbConfig::new(test.app_url_by(&wire))
    };
    let db = Db::connect(&config, test.drivers()).await?;
    wire.set(Faults {
        cut: CutRule {
            part: 0.7,
            holding: b"COMMIT\0".to_vec(),
            places: vec![Place::BeforeRequest, Place::AfterRequest],
            ways: vec![Way::Close, Way::Reset],
        },
        ..Faults::default()
    });
    let hands = (0..HANDS).map(|_| deliver(&db, &coffee, &wire));
    let kept: HashSet<Uuid> = futures_util::future::try_join_all(hands).await?.into_iter().flatten().collect();
    wire.set(Faults::default());

    let cuts = wire.cuts();
    let after = cuts.iter().filter(|cut| cut.place == Place::AfterRequest).count();
    println!(
        "seed {SEED}: {} commits cut, {after} of them after they had happened, {} deliveries",
        cuts.len(),
        kept.len()
    );
    ensure!(after > CUTS / 3 && cuts.len() - after > CUTS / 3, "one way only");
    let admin = test.admin().await?;
    let rows = admin.query("SELECT id FROM inbox", &[]).await?;
    ensure!(rows.len() == kept.len(), "{} rows of {} deliveries", rows.len(), kept.len());
    ensure!(rows.iter().all(|row| kept.contains(&row.get(0))), "a delivery that was told as durable is not there");
    db.close();
    Ok(())
}

/// Stores one delivery after the other, each until somebody says that it is durable.
async fn deliver(db: &Db, coffee: &Shop, wire: &FaultProxy) -> Result<Vec<Uuid>> {
    let mut kept = Vec::new();
    while wire.cuts().len() < CUTS {
        let delivery = mail::delivery(coffee, "order.updated");
        loop {
            match store(db, &delivery).await {
                Ok(()) => break,
                Err(error) if error.is_unavailable() => {}
                Err(error) => return Err(error.into()),
            }
        }
        kept.push(delivery.id.uuid());
    }
    Ok(kept)
}

async fn store(db: &Db, delivery: &inbox::NewDelivery) -> Result<(), DbError> {
    let tx = db.intake().await?;
    inbox::insert(&tx, std::slice::from_ref(delivery)).await?;
    tx.commit().await
}
