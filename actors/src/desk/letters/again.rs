//! Staff send a letter on its way again that failed.

use serde_json::json;
use storewire_db::{audit, letters};
use storewire_domain::{LetterId, RoleClass, TenantId};

use super::super::{Desk, DeskError, DeskShared, Hand};

impl Desk {
    /// Staff send a letter again that failed, with as many tries as a new one. False if it had not failed: it waits, or was sent.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn send_again(&self, by: Hand, tenant: TenantId, letter: LetterId) -> Result<bool, DeskError> {
        self.work(|shared| {
            let by = by.clone();
            async move { send_again(&shared, &by, tenant, letter).await }
        })
        .await
    }
}

async fn send_again(shared: &DeskShared, by: &Hand, tenant: TenantId, letter: LetterId) -> Result<bool, DeskError> {
    if by.class != RoleClass::Staff {
        return Err(DeskError::NotFound);
    }
    let now = shared.clock.now();
    let tx = shared.db.desk(tenant).await?;
    let is_waiting = letters::again(&tx, letter, now).await?;
    if is_waiting {
        audit::write(&tx, Some(by.user), "letter.send", Some(letter.uuid()), &json!({}), now).await?;
    }
    tx.commit().await?;
    shared.letters.send();
    Ok(is_waiting)
}
