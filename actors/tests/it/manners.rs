//! How gently stores are treated: quiet when they ask for it, fuses, small pages, few requests at once.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use jiff::SignedDuration;
use storesim::{Call, Faults, FleetConfig, Throttle};
use storewire_db::budgets::{self, Breaker, Budget};
use storewire_domain::{Clock, ReadScope, StoreId, UserId};

use crate::house::House;

async fn budget(house: &House, store: StoreId) -> Result<Budget> {
    let tx = house.db.db().read(&ReadScope::Tenant(house.tenant)).await?;
    let budget = budgets::of_store(&tx, house.tenant, store).await?;
    tx.commit().await?;
    budget.context("a budget was written")
}

/// The first call that was answered with this status, and what came after it.
fn since(calls: &[Call], status: u16) -> Option<(&Call, &[Call])> {
    let at = calls.iter().position(|call| call.status == status)?;
    Some((&calls[at], &calls[at + 1..]))
}

/// Has the shop throttle once, clicks all the while, and answers for how long nothing came.
async fn quiet_after(house: &House, store: StoreId, throttle: Throttle) -> Result<Duration> {
    house.fleet.set_faults(1, Faults { status_429: Some(throttle), ..Faults::default() });
    house.until("the shop was asked", || async { Ok(since(&house.fleet.calls(1), 429).is_some()) }).await?;
    house.fleet.set_faults(1, Faults::default());
    house
        .until("the shop is asked again", || async {
            let row = house.row(store).await?;
            house.engine().sync_now(&row, UserId::fresh()).await?;
            Ok(since(&house.fleet.calls(1), 429).is_some_and(|(_, later)| !later.is_empty()))
        })
        .await?;
    let calls = house.fleet.calls(1);
    let (refused, later) = since(&calls, 429).context("it throttled")?;
    let silent_ms = later[0].at_ms - (refused.at_ms + i64::try_from(refused.took_ms)?);
    Ok(Duration::from_millis(u64::try_from(silent_ms)?))
}

#[actix_web::test]
async fn b2_nothing_is_sent_before_a_retry_after_in_seconds_is_over_not_even_for_a_person() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    let throttle = Throttle { retry_after: Some(2), ..Throttle::default() };
    let silent = quiet_after(&house, store, throttle).await?;
    ensure!(silent >= Duration::from_secs(2), "asked again after {silent:?}");
    house.until("the pace is half", || async { Ok(budget(&house, store).await?.reason == "throttled") }).await?;
    let budget = budget(&house, store).await?;
    let half_the_pace = house.config.request_interval_min * 2;
    ensure!(budget.slower_until.is_some() && budget.request_interval >= half_the_pace, "{budget:?}");
    house.converges().await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn b2_nothing_is_sent_before_a_retry_after_as_a_date() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    let throttle = Throttle { retry_date_seconds: Some(3), ..Throttle::default() };
    // A date has whole seconds, so up to one of the three is cut off.
    let silent = quiet_after(&house, store, throttle).await?;
    ensure!(silent >= Duration::from_secs(2), "asked again after {silent:?}");
    house.converges().await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn b2_a_huge_retry_after_counts_as_an_hour_and_outlives_a_restart() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    let throttle = Throttle { retry_after: Some(9_999_999), ..Throttle::default() };
    house.fleet.set_faults(1, Faults { status_429: Some(throttle), ..Faults::default() });
    let hour = SignedDuration::from_secs(3_600);
    house
        .until("its quiet is written down", || async {
            let rests_until = budget(&house, store).await?.rests_until;
            let rest = rests_until.map(|until| until.duration_since(Clock::system().now()));
            Ok(rest.is_some_and(|rest| rest > hour - SignedDuration::from_mins(1) && rest <= hour))
        })
        .await?;
    house.fleet.set_faults(1, Faults::default());
    let asked = house.fleet.calls(1).len();
    house.stop().await;
    house.start();
    // The new actor has read its rows when it has applied what was delivered meanwhile.
    let before = house.row(store).await?.orders;
    house.fleet.buy(1, None, 1).context("something is for sale")?;
    house.until("a delivery is applied", || async { Ok(house.row(store).await?.orders == before + 1) }).await?;
    let row = house.row(store).await?;
    ensure!(house.engine().sync_now(&row, UserId::fresh()).await?, "its actor runs");
    // Longer than every interval of the laboratory.
    let settled = house.count("SELECT count(*) FROM change", &[]).await?;
    house.fleet.buy(1, None, 1).context("something is for sale")?;
    house.count_is("SELECT count(*) FROM inbox WHERE state = 'pending'", &[], 0).await?;
    ensure!(house.count("SELECT count(*) FROM change", &[]).await? >= settled);
    let calls = house.fleet.calls(1);
    ensure!(
        calls.len() == asked,
        "it was asked for {:?}",
        calls[asked..].iter().map(|call| &call.path).collect::<Vec<_>>()
    );
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn b1_a_store_that_is_down_is_left_alone_and_only_its_index_is_tried() -> Result<()> {
    for faults in [
        Faults { down: true, ..Faults::default() },
        Faults { refuse: true, ..Faults::default() },
        Faults { status_500_part: 1.0, ..Faults::default() },
    ] {
        let house = House::open(2).await?;
        let (store, other) = (house.import(1).await?, house.import(2).await?);
        house.fleet.set_faults(1, faults);
        house.until("its fuse blows", || async { Ok(budget(&house, store).await?.breaker == Breaker::Open) }).await?;
        house.until("people are told", || async { Ok(house.row(store).await?.state.as_str() == "degraded") }).await?;
        let asked = house.fleet.calls(1).len();
        house.until("probes are sent", || async { Ok(house.fleet.calls(1).len() > asked + 4) }).await?;
        for probe in &house.fleet.calls(1)[asked..] {
            ensure!(probe.path.starts_with("/wp-json/?"), "not only its index: {}", probe.path);
        }
        let before = house.row(other).await?.orders;
        house.fleet.buy(2, None, 1).context("something is for sale")?;
        house.until("the other is served", || async { Ok(house.row(other).await?.orders == before + 1) }).await?;
        ensure!(budget(&house, other).await?.breaker == Breaker::Closed, "one store closes no other");
        house.fleet.set_faults(1, Faults::default());
        house.until("it is live again", || async { Ok(house.row(store).await?.state.as_str() == "live") }).await?;
        house.converges().await?;
        house.close().await;
    }
    Ok(())
}

#[actix_web::test]
async fn a_host_whose_stores_all_fail_is_tried_by_one_of_them_at_a_time() -> Result<()> {
    let house = House::open(4).await?;
    let mut stores = Vec::new();
    for number in 1..=4 {
        stores.push(house.import(number).await?);
    }
    for number in 1..=4 {
        house.fleet.set_faults(number, Faults { down: true, ..Faults::default() });
    }
    house
        .until("the host is left alone", || async {
            let down = "SELECT count(*) FROM store WHERE state = 'degraded' AND state_reason = 'host_down'";
            Ok(house.count(down, &[]).await? >= 2)
        })
        .await?;
    for number in 1..=4 {
        house.fleet.set_faults(number, Faults::default());
    }
    for store in stores {
        house.until("it is live again", || async { Ok(house.row(store).await?.state.as_str() == "live") }).await?;
    }
    house.converges().await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn pages_shrink_until_the_store_can_show_them() -> Result<()> {
    let fleet = FleetConfig { stores: 1, orders_per_store: 30, products_per_store: 12, ..FleetConfig::default() };
    // The refunds of an order are one page of any size; those are asked for until it is shown.
    let house = House::with(fleet, |config| config.recheck_attempts = 1_000).await?;
    house.fleet.set_faults(1, Faults { max_page: Some(3), ..Faults::default() });
    let store = house.import(1).await?;
    let row = house.row(store).await?;
    ensure!(row.orders == 30 && row.products >= 12, "{} orders, {} products", row.orders, row.products);
    ensure!(budget(&house, store).await?.page_size <= 4, "{:?}", budget(&house, store).await?);
    house.fleet.set_faults(1, Faults::default());
    house.converges().await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn c7_stores_that_start_together_ask_their_host_for_little_at_once() -> Result<()> {
    const STORES: usize = 16;
    let fleet = FleetConfig { stores: STORES, orders_per_store: 4, products_per_store: 3, ..FleetConfig::default() };
    let house = House::with(fleet, |_| ()).await?;
    for number in 1..=STORES {
        house.connect(number).await?;
    }
    house.count_is("SELECT count(*) FROM store WHERE state = 'live'", &[], i64::try_from(STORES)?).await?;
    house.stop().await;
    for number in 1..=STORES {
        house.fleet.set_faults(number, Faults { slow_ms: 40, ..Faults::default() });
    }
    let before: Vec<usize> = (1..=STORES).map(|number| house.fleet.calls(number).len()).collect();
    house.start();
    house
        .until("every store was asked", || async {
            Ok((1..=STORES).all(|number| house.fleet.calls(number).len() > before[number - 1] + 2))
        })
        .await?;
    let spans = (1..=STORES).flat_map(|number| house.fleet.calls(number).split_off(before[number - 1]));
    let mut steps: Vec<(i64, i32)> = Vec::new();
    for call in spans {
        let took_ms = i64::try_from(call.took_ms)?;
        // A millisecond is as fine as the journal is: one that begins as another ends was not beside it.
        steps.extend([(call.at_ms, 1), (call.at_ms + took_ms.max(1) - 1, -1)]);
    }
    steps.sort_unstable();
    let most = steps.iter().scan(0, |at_once, (_, step)| {
        *at_once += step;
        Some(*at_once)
    });
    let most = most.max().unwrap_or_default();
    let allowed = i32::try_from(house.config.requests_per_host)?;
    ensure!((1..=allowed).contains(&most), "{most} requests at once, {allowed} allowed");
    house.close().await;
    Ok(())
}
