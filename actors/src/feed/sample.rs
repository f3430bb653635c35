//! What the tests of this folder share: a change, and a relay that remembers what it was handed.

use std::sync::{Arc, Mutex};

use storewire_db::ChangeRow;
use storewire_domain::{ChangeKind, Source, StoreId, TenantId};
use uuid::Uuid;

use super::{Frame, Relay, Texts};

/// A change of some order, known by its number.
pub(super) fn change(tenant_id: TenantId, store_id: StoreId, seq: i64) -> ChangeRow {
    ChangeRow {
        tenant_id,
        store_id,
        seq,
        kind: ChangeKind::OrderUpdated,
        entity_id: Uuid::new_v4(),
        source: Source::Webhook,
        store_time: None,
        received_at: None,
        saved_at: jiff::Timestamp::UNIX_EPOCH,
        detail: serde_json::json!({}),
    }
}

/// What was handed over, and for whom. A peer reads when the test says so.
#[derive(Default)]
pub(super) struct Ears(Mutex<Vec<(Texts, Vec<Uuid>)>>);

impl Relay for Ears {
    fn tell(&self, frames: Arc<[Frame]>, to: Vec<Uuid>) {
        for frame in frames.iter() {
            if let Frame::Texts(texts) = frame {
                self.0.lock().unwrap().push((texts.clone(), to.clone()));
            }
        }
    }
}

impl Ears {
    pub(super) fn heard(&self, id: Uuid) -> Vec<Texts> {
        let told = self.0.lock().unwrap();
        told.iter().filter(|(_, to)| to.contains(&id)).map(|(texts, _)| texts.clone()).collect()
    }

    /// Bundles that were handed over, each for one listener or for many.
    pub(super) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}
