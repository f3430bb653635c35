//! Staff say who owns the fields of a store.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use storewire_db::{
    DbError, StoreRow,
    ownership::{self, Ownership},
};
use storewire_domain::{
    UserId,
    owner::{OwnedField, Owner, Owners},
};

use super::{Engine, deed::Deed};

/// Why no owner was set.
#[derive(Debug, thiserror::Error)]
pub enum OwnersError {
    /// Somebody set them since: how they stand.
    #[error("they are not as they were seen")]
    Changed(Ownership),
    #[error("the database did not do as asked: {0}")]
    Db(#[from] DbError),
}

impl Engine {
    /// Sets the owners of some of a store's fields, as seen at `version`; those not named keep theirs. What was promised before goes on its
    /// way all the same. Owners that are so already are set, whatever version was seen: a repetition finds its own work.
    ///
    /// # Errors
    /// See [`OwnersError`]; nothing was written then.
    pub async fn set_owners(
        &self,
        store: &StoreRow,
        wanted: &BTreeMap<OwnedField, Owner>,
        version: i64,
        by: UserId,
    ) -> Result<Ownership, OwnersError> {
        let tx = self.db.desk(store.tenant_id).await?;
        let held = ownership::held(&tx, store.id).await?;
        let owners = wanted.iter().fold(held.owners.clone(), |owners, (field, owner)| owners.with(*field, *owner));
        if owners == held.owners {
            tx.commit().await?;
            return Ok(held);
        }
        if held.version != version {
            return Err(OwnersError::Changed(held));
        }
        let set = ownership::set(&tx, store.id, &owners, version, by, self.clock.now()).await?;
        let Some(version) = set else { return Err(OwnersError::Changed(ownership::held(&tx, store.id).await?)) };
        let deed = Deed::new("owners_set", "store.set_owners").with(Value::Object(changed(&held.owners, &owners)));
        self.note(&tx, store.id, by, deed).await?;
        tx.commit().await?;
        self.feed_nudge.send();
        Ok(Ownership { owners, version })
    }
}

/// The fields whose owner is another now, each with both.
fn changed(before: &Owners, after: &Owners) -> Map<String, Value> {
    let others = OwnedField::ALL.iter().filter(|field| before.of(**field) != after.of(**field));
    others.map(|field| (field.to_string(), json!([before.of(*field), after.of(*field)]))).collect()
}
