//! One order saved in a loop, as by the compatibility mode of HPOS: its date rises, its content stays, and each save is told.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::AbortHandle;

use crate::store::{Store, lock};

/// No order is saved more often, in times a second.
pub const MAX_RATE: u32 = 1000;

/// The loops that run, by order.
#[derive(Debug, Default)]
pub struct Storms(BTreeMap<u64, AbortHandle>);

impl Storms {
    fn end(&mut self, order_id: u64) {
        if let Some(running) = self.0.remove(&order_id) {
            running.abort();
        }
    }

    /// Ends all of them.
    pub fn end_all(&mut self) {
        while let Some((_, running)) = self.0.pop_first() {
            running.abort();
        }
    }
}

/// Saves an order so often a second from now on; 0 ends it.
pub fn set(store: &Arc<Store>, order_id: u64, per_second: u32) {
    let mut storms = lock(&store.storms);
    storms.end(order_id);
    if per_second == 0 {
        return;
    }
    let period = Duration::from_secs(1) / per_second.min(MAX_RATE);
    let (shaken, mut stopping) = (Arc::downgrade(store), store.common.stopping.clone());
    let task = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(period);
        loop {
            tokio::select! {
                _ = stopping.wait_for(|stop| *stop) => return,
                _ = ticks.tick() => {}
            }
            let Some(store) = shaken.upgrade() else { return };
            store.change(|change| change.save_order(order_id, true));
        }
    });
    storms.0.insert(order_id, task.abort_handle());
}
