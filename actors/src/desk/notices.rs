//! What people were told in the panel, and that they have read it.

use std::collections::BTreeMap;

use storewire_db::notices::{self, Which};
use storewire_domain::{ReadScope, TenantId, UserId};
use uuid::Uuid;

use super::{Desk, DeskError};

impl Desk {
    /// Notes that somebody has read what they were told, as far as it is in their sight. What they had read before stays as it was.
    ///
    /// # Errors
    /// As every statement. Of a person of the platform, who is told of many tenants, part may be noted then.
    pub async fn read_notices(&self, by: UserId, scope: &ReadScope, which: Which<'_>) -> Result<(), DeskError> {
        let tx = self.shared.db.read(scope).await?;
        let unread = notices::unread_of(&tx, by, which).await?;
        tx.commit().await?;
        let mut of_tenant: BTreeMap<TenantId, Vec<Uuid>> = BTreeMap::new();
        for (tenant, id) in unread {
            of_tenant.entry(tenant).or_default().push(id);
        }
        for (tenant, ids) in of_tenant {
            let tx = self.shared.db.desk(tenant).await?;
            notices::read(&tx, by, &ids, self.shared.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
