//! Staff send a letter on its way again that failed.

use serde_json::json;
use storewire_db::{audit, letters};
use storewire_domain::{LetterId, RoleClass, TenantId};
use uuid::Uuid;

use super::super::{Desk, DeskError, DeskShared, Hand, proof::Proof};

impl Desk {
    /// Staff send a letter again that failed, with as many tries as a new one. False if it had not failed: it waits, or was sent.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn send_again(
        &self,
        deed: Uuid,
        by: Hand,
        tenant: TenantId,
        letter: LetterId,
    ) -> Result<bool, DeskError> {
        self.work(|shared| {
            let by = by.clone();
            async move { send_again(&shared, deed, &by, (tenant, letter)).await }
        })
        .await
    }
}

async fn send_again(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    (tenant, letter): (TenantId, LetterId),
) -> Result<bool, DeskError> {
    if by.class != RoleClass::Staff {
        return Err(DeskError::NotFound);
    }
    let now = shared.clock.now();
    let tx = shared.db.desk(tenant).await?;
    // Of two who say the same at once, the second finds what the first has done.
    letters::lock(&tx, letter).await?;
    let proof = Proof { deed, action: "letter.send", entity: letter.uuid() };
    let is_done = proof.is_there(&tx, None).await?;
    let is_begun = !is_done && letters::again(&tx, letter, now).await?;
    if is_begun {
        let detail = audit::with_deed(json!({}), deed);
        audit::write(&tx, Some(by.user), proof.action, Some(proof.entity), &detail, now).await?;
    }
    tx.commit().await?;
    shared.letters.send();
    Ok(is_done || is_begun)
}
