//! The four roles.

use serde::{Deserialize, Serialize};

use crate::remote::text_enum;

text_enum! {
    /// A role over every tenant: the fulfilment company's own people.
    pub enum PlatformRole {
        Admin = "platform_admin",
        Staff = "platform_staff",
    }
}

text_enum! {
    /// A role inside one tenant.
    pub enum TenantRole {
        Admin = "merchant_admin",
        User = "merchant_user",
    }
}

text_enum! {
    /// What a rendered fragment may contain depends on this and nothing else about the reader.
    pub enum RoleClass {
        /// Platform people: store names, store health, every tenant they may see.
        Staff = "staff",
        /// Merchants: their own stores, no store errors.
        Merchant = "merchant",
    }
}

/// Whose rows a reader may see; the database enforces it by the scope of the transaction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ReadScope {
    /// One tenant's rows only.
    Tenant(crate::TenantId),
    /// Every tenant's rows, those of rehearsals too: the engine's own.
    Everything,
    /// Every real tenant's rows, narrowed to `stores` for staff who keep only some.
    Platform {
        /// `None`: all stores.
        stores: Option<Vec<crate::StoreId>>,
    },
}
