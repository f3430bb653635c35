//! By what a command that is repeated finds that it was carried out: the audit, where each deed stands with its id.

use storewire_db::{DbError, TenantTx, audit};
use uuid::Uuid;

/// A deed of a person, and what it is done to.
#[derive(Clone, Copy)]
pub(super) struct Proof {
    pub(super) deed: Uuid,
    /// `noun.verb`, as the audit has it.
    pub(super) action: &'static str,
    /// Our id of the record with which the audit keeps it.
    pub(super) entity: Uuid,
}

impl Proof {
    /// Whether it was done before, whatever was done since. `last` is the record's newest deed where its row says so: that spares a look.
    pub(super) async fn is_there(self, tx: &TenantTx, last: Option<Uuid>) -> Result<bool, DbError> {
        Ok(last == Some(self.deed) || audit::was_done(tx, self.action, self.entity, self.deed).await?)
    }
}
