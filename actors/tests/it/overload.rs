//! More hints than an actor can hear: they are worth nothing by themselves, and what they tell of is in the rows.

use anyhow::{Context as _, Result, ensure};
use storewire_actors::SaveDelivery;
use storewire_db::inbox::NewDelivery;
use storewire_domain::{Clock, DeliveryId, StoreId, UserId};
use storewire_guard::digest;
use tokio::sync::oneshot;

use crate::house::House;

const HINTS: u64 = 10_000;

fn delivery(house: &House, store: StoreId, number: u64) -> NewDelivery {
    let body = format!("{{\"number\":{number}}}").into_bytes();
    NewDelivery {
        id: DeliveryId::fresh(),
        tenant_id: house.tenant,
        store_id: store,
        received_at: Clock::system().now(),
        topic: "action.woocommerce_thankyou".to_owned(),
        webhook_id: "1".to_owned(),
        delivery_id: String::new(),
        source: house.shop(1).home_url,
        body_sha256: digest::sha256(&body),
        body,
    }
}

#[actix_web::test]
async fn c1_ten_thousand_hints_to_an_actor_that_stands_still_are_few_and_lose_nothing() -> Result<()> {
    let house = House::with(storesim::FleetConfig { stores: 1, ..storesim::FleetConfig::default() }, |config| {
        config.pull_interval = std::time::Duration::from_secs(600);
        config.hooks_interval = std::time::Duration::from_secs(600);
    })
    .await?;
    let store = house.import(1).await?;
    let (row, nobody) = (house.row(store).await?, UserId(uuid::Uuid::now_v7()));
    // Whatever it wants to say of a delivery waits for this transaction.
    let mut other = house.db.admin().await?;
    let held = other.transaction().await?;
    held.batch_execute("LOCK TABLE dead_letter, change IN ACCESS EXCLUSIVE MODE").await?;
    let asked = house.fleet.calls(1).len();

    let (mut heard, mut full) = (0_u64, 0_u64);
    let mut saved = Vec::new();
    for number in 0..HINTS {
        let (reply, answer) = oneshot::channel();
        let save = SaveDelivery { delivery: delivery(&house, store, number), reply };
        // Its mailbox carries data, so whoever finds it full waits.
        house.engine().inbox().send(save).await?;
        saved.push(answer);
        match house.engine().sync_now(&row, nobody).await? {
            true => heard += 1,
            false => full += 1,
        }
    }
    for answer in saved {
        answer.await?.map_err(|error| anyhow::anyhow!("{error}"))?;
    }
    let waiting = "SELECT count(*) FROM inbox WHERE store_id = $1 AND state = 'pending'";
    ensure!(house.count(waiting, &[&store.uuid()]).await? == i64::try_from(HINTS)?, "not all that was taken waits");
    let pulls = house.fleet.calls(1).len() - asked;
    held.rollback().await?;
    println!("{heard} wishes were heard, {full} found the mailbox full, {pulls} requests to the store");
    ensure!(pulls < 500, "{pulls} requests for {heard} wishes");
    house.count_is("SELECT count(*) FROM inbox WHERE state = 'pending'", &[], 0).await?;
    let ended = "SELECT count(*) FROM inbox WHERE store_id = $1 AND state = 'ignored' AND reason = 'unknown_topic'";
    ensure!(house.count(ended, &[&store.uuid()]).await? == i64::try_from(HINTS)?);
    house.fleet.buy(1, None, 1).context("something is for sale")?;
    house.converges().await?;
    house.close().await;
    Ok(())
}
