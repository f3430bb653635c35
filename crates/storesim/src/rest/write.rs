//! Carries out writes, and logs what each of them changed.

use serde_json::Value;

use crate::clock;
use crate::model::Change;
use crate::php_json::Object;
use crate::rest::Call;
use crate::rest::error::ApiError;
use crate::store::lock;
use crate::writes::{Verb, Write, difference};

/// The record's id, and the record as the answer shows it.
pub type Written = Result<(u64, Object), ApiError>;

/// A record to be written.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// As [`crate::view::View::record`] knows it.
    pub kind: &'static str,
    pub verb: Verb,
    /// 0 for one that is yet to be made.
    pub id: u64,
    /// The order of a note or refund, the product of a variation; otherwise 0.
    pub parent_id: u64,
}

impl Target {
    #[must_use]
    pub const fn new(kind: &'static str) -> Self {
        Self { kind, verb: Verb::Create, id: 0, parent_id: 0 }
    }

    #[must_use]
    pub const fn known(kind: &'static str, id: u64) -> Self {
        Self { kind, verb: Verb::Update, id, parent_id: 0 }
    }

    #[must_use]
    pub const fn doomed(kind: &'static str, id: u64) -> Self {
        Self { kind, verb: Verb::Delete, id, parent_id: 0 }
    }

    #[must_use]
    pub const fn of(self, parent_id: u64) -> Self {
        Self { parent_id, ..self }
    }
}

impl Call<'_> {
    /// Changes the shop and logs what that did to the record; a write that is refused leaves no trace.
    pub(super) fn write(&self, target: Target, sent: &Value, act: impl FnOnce(&mut Change<'_>) -> Written) -> Written {
        self.store.change(|change| {
            let Target { kind, verb, parent_id, .. } = target;
            let before = change.view().record(kind, target.id, parent_id);
            let (id, shown) = act(change)?;
            let after = change.view().record(kind, id, parent_id);
            let changed = match verb {
                Verb::Delete => serde_json::Map::new(),
                Verb::Create | Verb::Update => difference(before.as_ref(), after.as_ref(), sent),
            };
            let effective = verb != Verb::Update || !changed.is_empty();
            let at_ms = clock::machine_ms();
            let write = Write { call: self.ask.number, at_ms, kind, id, parent_id, verb, changed, effective };
            lock(&self.store.writes).add(write);
            Ok((id, shown))
        })
    }
}
