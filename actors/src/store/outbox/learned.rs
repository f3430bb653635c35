//! What writing to this store has taught so far; lost with its actor, which then learns again.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use jiff::{SignedDuration, Timestamp};
use storewire_db::stores;
use storewire_woo::WooError;

use crate::store::context::StoreContext;

/// Plugins that add statuses come and go rarely.
const STATUSES_HOLD: SignedDuration = SignedDuration::from_hours(1);

type Statuses = Arc<BTreeSet<String>>;

/// See the module.
#[derive(Debug)]
pub(crate) struct Learned {
    /// Changes that the store carries out in one request.
    batch: AtomicUsize,
    /// `None` inside where it was asked and does not tell.
    statuses: Mutex<Option<(Timestamp, Option<Statuses>)>>,
}

impl Default for Learned {
    fn default() -> Self {
        Self { batch: AtomicUsize::new(usize::MAX), statuses: Mutex::default() }
    }
}

impl Learned {
    /// How many changes to put into one request, at most `most`.
    pub(super) fn batch(&self, most: usize) -> usize {
        self.batch.load(Ordering::Relaxed).min(most)
    }

    /// One of so many went well: a little more may do too.
    pub(super) fn grow(&self, size: usize, most: usize) {
        if self.batch(most) == size {
            self.batch.store((size + size / 4 + 1).min(most), Ordering::Relaxed);
        }
    }

    /// One of so many did not.
    pub(super) fn shrink(&self, size: usize) {
        self.batch.store((size / 2).max(1), Ordering::Relaxed);
    }

    /// The store takes no batches at all; nothing that goes alone changes that.
    pub(super) fn refuse(&self) {
        self.batch.store(0, Ordering::Relaxed);
    }
}

/// The statuses that the store's orders may be given; `None` where it does not tell.
pub(super) async fn statuses(context: &StoreContext) -> Result<Option<Statuses>, WooError> {
    let now = context.now();
    let known = context.learned.statuses.lock().ok().and_then(|known| known.clone());
    if let Some((at, statuses)) = known
        && now.duration_since(at) < STATUSES_HOLD
    {
        return Ok(statuses);
    }
    let told = match context.call_now(context.client.order_statuses()).await {
        Ok(told) => {
            let told: BTreeSet<String> = told.into_iter().collect();
            keep(context, &told).await;
            Some(Arc::new(told))
        }
        Err(error) if error.is_about_pace() => return Err(error),
        // A firewall may stop the question, and each try would have the store left alone for a while.
        Err(_) => None,
    };
    if let Ok(mut known) = context.learned.statuses.lock() {
        *known = Some((now, told.clone()));
    }
    Ok(told)
}

/// Forms offer what the store takes; until this is written they offer what its orders have.
async fn keep(context: &StoreContext, told: &BTreeSet<String>) {
    let told: Vec<String> = told.iter().cloned().collect();
    let kept = async {
        let tx = context.write().await?;
        stores::keep_order_statuses(&tx, context.store, &told).await?;
        tx.commit().await
    };
    if let Err(error) = kept.await {
        tracing::warn!(store.id = %context.store, %error, "the statuses that a store takes were not kept");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_shrink_at_once_and_grow_step_by_step() {
        let learned = Learned::default();
        assert_eq!(learned.batch(25), 25);
        learned.shrink(25);
        assert_eq!(learned.batch(25), 12);
        learned.grow(5, 25);
        assert_eq!(learned.batch(25), 12);
        learned.grow(12, 25);
        assert_eq!(learned.batch(25), 16);
        learned.shrink(2);
        learned.grow(1, 25);
        assert_eq!(learned.batch(25), 2);
        learned.refuse();
        learned.grow(1, 25);
        assert_eq!(learned.batch(25), 0);
    }
}
