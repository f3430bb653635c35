//! Typed ids: ours are UUID v7, a store's own ids are opaque text.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh id: time-ordered, so that rows written together lie together.
            #[must_use]
            pub fn fresh() -> Self {
                Self(Uuid::now_v7())
            }

            /// The UUID itself, for the database driver.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

typed_id!(
    /// A merchant company: the unit of isolation.
    TenantId,
    /// One connected WooCommerce site.
    StoreId,
    /// A person who logs in; belongs to no tenant by itself.
    UserId,
    /// A login that is alive until it expires or is revoked.
    SessionId,
    /// One received webhook as stored in the inbox.
    DeliveryId,
    /// Our copy of an order.
    OrderId,
    /// Our copy of a product or of one variation.
    ProductId,
    /// A merchant's wish that staff decide.
    RequestId,
    /// A conversation between a merchant and staff.
    TicketId,
    /// Goods that a buyer sends back.
    ReturnId,
    /// A stored file.
    AttachmentId,
    /// One e-mail on its way.
    LetterId,
);

/// Every id below this belongs to a rehearsal; those made by the clock, as all others are, lie far above.
const FIRST_REAL_TENANT: u128 = 1 << 96;

impl TenantId {
    /// A fresh id for the tenant of a rehearsal. It is told from a real one by itself, so that nothing must be looked up before a
    /// rehearsal is kept out of real numbers, and nothing can be forgotten: the database's policies draw the same line.
    #[must_use]
    pub fn for_rehearsal() -> Self {
        Self(Uuid::from_u128(Uuid::new_v4().as_u128() % FIRST_REAL_TENANT))
    }

    /// Whether this is the tenant of a rehearsal, whose stores are simulated twins.
    #[must_use]
    pub const fn is_rehearsal(self) -> bool {
        self.0.as_u128() < FIRST_REAL_TENANT
    }
}

impl StoreId {
    /// The store's shard (0–255), fixed for its life: the last byte of its id.
    #[must_use]
    pub const fn shard(self) -> u8 {
        self.0.as_bytes()[15]
    }
}

/// An id in a store's own numbering. Text, because another platform's ids are not numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RemoteId(pub String);

impl RemoteId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RemoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<u64> for RemoteId {
    fn from(id: u64) -> Self {
        Self(id.to_string())
    }
}

impl From<&str> for RemoteId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rehearsal_s_tenant_is_known_by_its_id_and_a_real_one_is_none() {
        for _ in 0..1_000 {
            assert!(TenantId::for_rehearsal().is_rehearsal());
            assert!(!TenantId::fresh().is_rehearsal());
        }
        assert_ne!(TenantId::for_rehearsal(), TenantId::for_rehearsal());
        // The line of `V0018`.
        let line: TenantId = "00000001-0000-0000-0000-000000000000".parse().unwrap();
        assert!(!line.is_rehearsal());
        assert!(TenantId(Uuid::from_u128(line.uuid().as_u128() - 1)).is_rehearsal());
    }
}
