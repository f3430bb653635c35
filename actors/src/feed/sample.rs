//! What the tests of this folder share: a change, a request, and a relay that remembers what it was handed.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use storewire_db::{ChangeRow, RequestRow};
use storewire_domain::{
    ChangeKind, Edit, RequestId, Source, StoreId, TenantId, UserId,
    intent::{FieldValue, Fields},
    request::{Meaning, RequestState},
};
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
        saved_at: Timestamp::UNIX_EPOCH,
        detail: serde_json::json!({}),
    }
}

/// A request that waits, as the row behind this change of it.
pub(super) fn request(change: &ChangeRow, asked_by: UserId) -> RequestRow {
    let held = Fields::of("stock_quantity", FieldValue::number(Some(12.into())));
    RequestRow {
        tenant_id: change.tenant_id,
        store_id: change.store_id,
        store_name: "coffee".to_owned(),
        currency: "TRY".to_owned(),
        decimals: 2,
        id: RequestId(change.entity_id),
        number: 7,
        kind: "product.stock".to_owned(),
        entity_id: Uuid::new_v4(),
        about: "Beans".to_owned(),
        edit: Edit::Stock { quantity: 20.into() },
        base: held.clone(),
        current: held,
        asked_meaning: Meaning::Absolute,
        note: String::new(),
        state: RequestState::Waiting,
        version: 1,
        stale_at: None,
        asked_by,
        asked_name: "Meral".to_owned(),
        asked_at: Timestamp::UNIX_EPOCH,
        decided_by: None,
        decided_name: None,
        decided_at: None,
        decided_meaning: None,
        decided_edit: None,
        intent_id: None,
        intent_state: None,
        reason: None,
        result: None,
        deed_id: change.entity_id,
        due_at: None,
        reminders: 0,
        expires_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
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
