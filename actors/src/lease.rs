//! Which shards this node may write, and at which epoch.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use storewire_domain::StoreId;

const SHARDS: usize = 256;
/// No epoch is negative.
const NOT_HELD: i64 = -1;

/// The epochs that this node believes in; the database has the last word, inside every write.
#[derive(Clone)]
pub(crate) struct Epochs(Arc<[AtomicI64; SHARDS]>);

impl Epochs {
    pub(crate) fn none() -> Self {
        Self(Arc::new([const { AtomicI64::new(NOT_HELD) }; SHARDS]))
    }

    pub(crate) fn set(&self, shard: u8, epoch: i64) {
        self.0[usize::from(shard)].store(epoch, Ordering::Release);
    }

    /// The epoch of the store's shard, if this node holds it.
    pub(crate) fn of(&self, store: StoreId) -> Option<i64> {
        let epoch = self.0[usize::from(store.shard())].load(Ordering::Acquire);
        (epoch != NOT_HELD).then_some(epoch)
    }
}
