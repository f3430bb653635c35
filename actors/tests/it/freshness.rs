//! Freshness that people can trust: a store outside its goal is told of, whatever its actor does.

use std::time::Duration;

use anyhow::{Result, ensure};
use storesim::Faults;
use storewire_db::stores;
use storewire_domain::StoreId;

use crate::house::House;

const OPEN: &str = "SELECT count(*) FROM alert WHERE store_id = $1 AND kind = $2 AND ended_at IS NULL";

async fn goal(house: &House, store: StoreId, goal: Duration) -> Result<()> {
    let tx = house.db.db().tenant(house.tenant).await?;
    stores::set_freshness_goal(&tx, store, goal, storewire_domain::Clock::system().now()).await?;
    Ok(tx.commit().await?)
}

#[actix_web::test]
async fn a_frozen_store_goes_stale_within_its_goal_and_is_fresh_again_when_it_answers() -> Result<()> {
    let house = House::open(2).await?;
    let (frozen, sound) = (house.import(1).await?, house.import(2).await?);
    for store in [frozen, sound] {
        goal(&house, store, Duration::from_secs(3)).await?;
    }
    house.fleet.set_faults(1, Faults { freeze: true, ..Faults::default() });
    house.count_is(OPEN, &[&frozen.uuid(), &"stale"], 1).await?;
    let late =
        "SELECT extract(epoch FROM since - (detail ->> 'as_of')::timestamptz)::bigint FROM alert WHERE kind = 'stale'";
    // The goal, one look of the watch, and the whole second that checkpoints are cut to.
    ensure!((3..=6).contains(&house.count(late, &[]).await?), "told too early or too late");
    let told = "SELECT count(*) FROM change WHERE store_id = $1 AND kind = 'store.changed' AND saved_at >=
        (SELECT since FROM alert WHERE kind = 'stale')";
    ensure!(house.count(told, &[&frozen.uuid()]).await? > 0, "open pages are not told");
    ensure!(house.row(frozen).await?.is_stale(storewire_domain::Clock::system().now()));
    ensure!(house.diary(frozen, "stale").await?.len() == 1);

    // A request that was swallowed is waited for; another node would not.
    house.fleet.set_faults(1, Faults::default());
    house.stop().await;
    house.start();
    house.count_is(OPEN, &[&frozen.uuid(), &"stale"], 0).await?;
    ensure!(house.diary(frozen, "stale").await?.len() == 1, "told again after a restart");
    ensure!(house.diary(frozen, "fresh_again").await?.len() == 1);
    ensure!(house.diary(sound, "stale").await?.is_empty(), "the neighbour was called stale");
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_store_whose_actor_cannot_tell_is_told_of_all_the_same() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    // Parked by its row alone: no actor runs, and none says anything.
    house
        .admin
        .execute("UPDATE store SET state = 'parked', state_reason = 'restarts', updated_at = now()", &[])
        .await?;
    house.count_is(OPEN, &[&store.uuid(), &"parked"], 1).await?;
    goal(&house, store, Duration::from_secs(1)).await?;
    house.count_is(OPEN, &[&store.uuid(), &"stale"], 1).await?;
    // A paused store has no goal.
    house.admin.execute("UPDATE store SET state = 'paused', updated_at = now()", &[]).await?;
    house.count_is("SELECT count(*) FROM alert WHERE ended_at IS NULL", &[], 0).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn keys_that_a_person_must_mend_raise_an_alert_that_ends_with_them() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    house.fleet.set_faults(1, Faults { wrong_secret: true, ..Faults::default() });
    house.count_is(OPEN, &[&store.uuid(), &"needs_attention"], 1).await?;
    house.fleet.set_faults(1, Faults::default());
    house.count_is(OPEN, &[&store.uuid(), &"needs_attention"], 0).await?;
    let asked = house.diary(store, "needs_attention").await?;
    ensure!(asked.len() == 1 && asked[0]["reason"] == "auth_rejected", "{asked:?}");
    ensure!(house.diary(store, "live_again").await?.len() == 1);
    house.close().await;
    Ok(())
}
