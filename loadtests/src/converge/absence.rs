//! A time in which the binary is down, and what it does when it is back.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::json;
use storesim::{Call, Faults};
use storewire_domain::Clock;
use storewire_testkit::wait_until;

use super::ConvergeRound;
use crate::rig::Rig;

pub(super) const WITHIN: Duration = Duration::from_secs(300);
const PAGE: usize = 100;
/// Changes come in so many portions, spread over the time: a shop's dates have whole seconds.
const PORTIONS: usize = 10;
const LISTING: &str = "/wp-json/wc/v3/orders?";

#[derive(Deserialize)]
struct Order {
    id: u64,
    status: String,
}

/// What was missed.
pub(super) struct Absence {
    /// In every order that changed.
    note: String,
    changes: u64,
    needed_requests: u64,
    /// The number of each shop's last call until then.
    called: Vec<u64>,
}

impl Absence {
    /// Stops the binary and has `each` orders of every shop change, spread over a time, with every delivery lost.
    pub(super) async fn spend(rig: &mut Rig, number: usize, each: usize, time: Duration) -> Result<Self> {
        rig.halt().await?;
        let shops = rig.fleet.stores().len();
        let note = format!("changed while nobody listened, {number}");
        let mut chosen = Vec::with_capacity(shops);
        for place in 0..shops {
            let shown = rig.fleet.truth(place + 1, "orders").context("no such shop")?;
            let orders: Vec<Order> = serde_json::from_str(&shown)?;
            let changeable = orders.iter().filter(|order| order.status == "completed" || order.status == "processing");
            let ids: Vec<u64> = changeable.map(|order| order.id).take(each).collect();
            anyhow::ensure!(ids.len() == each, "shop {} has only {} orders to change", place + 1, ids.len());
            rig.fleet.set_faults(place + 1, Faults { drop_webhooks: 1.0, ..Faults::default() });
            chosen.push(ids);
        }
        for portion in 0..PORTIONS {
            for (place, ids) in chosen.iter().enumerate() {
                let ids: Vec<u64> = ids.iter().copied().skip(portion).step_by(PORTIONS).collect();
                let edit = json!({ "kind": "orders", "ids": ids, "fields": { "customer_note": note } });
                rig.pull_lever(place, "POST", "edit", &edit).await?;
            }
            tokio::time::sleep(time / u32::try_from(PORTIONS)?).await;
        }
        // Whatever was to be told has been lost by now.
        rig.fleet.quiesce().await;
        for place in 0..shops {
            rig.fleet.set_faults(place + 1, Faults::default());
        }
        Ok(Self {
            note,
            changes: u64::try_from(shops * each)?,
            needed_requests: u64::try_from(shops * each.div_ceil(PAGE) + shops)?,
            called: (1..=shops).map(|index| last_call(rig, index)).collect(),
        })
    }

    /// Starts the binary and waits until every change is in our copy.
    pub(super) async fn end(self, rig: &mut Rig) -> Result<ConvergeRound> {
        let (started, started_ms) = (Instant::now(), Clock::system().now().as_millisecond());
        rig.launch()?;
        let (admin, wanted) = (rig.admin(), i64::try_from(self.changes)?);
        let sql = "SELECT count(*) FROM orders WHERE customer_note = $1";
        let has_all = || async {
            let row = admin.query_one(sql, &[&self.note]).await;
            row.is_ok_and(|row| row.try_get::<_, i64>(0).is_ok_and(|count| count >= wanted))
        };
        wait_until(WITHIN, "every change was caught up", has_all).await?;
        let equal_after = started.elapsed();
        let since = self.called.iter().enumerate().map(|(place, last)| (place + 1, *last));
        let new = |(index, last)| rig.fleet.calls(index).into_iter().filter(move |call| call.number > last);
        let calls: Vec<Call> = since.flat_map(new).collect();
        let of_orders: Vec<_> = calls.iter().filter(|call| call.path.starts_with(LISTING)).collect();
        let first_ms = of_orders.iter().map(|call| call.at_ms).min().context("no shop was asked for orders")?;
        let waited = Duration::from_millis(u64::try_from(first_ms - started_ms).unwrap_or_default());
        Ok(ConvergeRound {
            changes: self.changes,
            equal_after_us: u64::try_from(equal_after.as_micros())?,
            read_in_us: u64::try_from(equal_after.saturating_sub(waited).as_micros())?,
            order_requests: u64::try_from(of_orders.len())?,
            requests: u64::try_from(calls.len())?,
            needed_requests: self.needed_requests,
            bare_per_second: 0,
            differences: 0,
        })
    }
}

fn last_call(rig: &Rig, index: usize) -> u64 {
    rig.fleet.calls(index).last().map_or(0, |call| call.number)
}
