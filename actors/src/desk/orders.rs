//! What staff do around orders: change many at once, charge for one, let a buyer look at one. Each is a job in transactions of its own;
//! repeated under the same deed it finds what it did.

mod bulk;
mod charge;
mod share;

use rust_decimal::Decimal;
use storewire_db::{
    DeskTx,
    orders::{self, ChargeRow, HeldOrder, ShareRow},
};
use storewire_domain::{OrderId, RoleClass, StoreId, TenantId, request::RequestRefusal};
use uuid::Uuid;

use super::{Desk, DeskError, Hand};

/// An order.
#[derive(Clone, Copy, Debug)]
pub struct AtOrder {
    pub tenant: TenantId,
    pub order: OrderId,
}

/// One of many orders that are to be given a status.
#[derive(Clone, Debug)]
pub struct BulkOrder {
    pub tenant: TenantId,
    pub store: StoreId,
    pub order: OrderId,
    /// The status that was seen; `None` stands for whatever it has.
    pub seen: Option<String>,
}

/// What the platform charges for an order.
#[derive(Clone, Debug)]
pub struct Charge {
    pub label: String,
    /// Above zero, in `currency`.
    pub amount: Decimal,
    /// ISO 4217 code; `None` for the order's own.
    pub currency: Option<String>,
}

impl Desk {
    /// Staff give many orders one status: each becomes a write of its own, or says why it becomes none. The bulk's id is the deed's.
    ///
    /// # Errors
    /// See [`DeskError`]. Tenants come one after the other: said again with the same deed, it goes on with those that lack their part.
    pub async fn change_orders(
        &self,
        deed: Uuid,
        by: Hand,
        wishes: Vec<BulkOrder>,
        status: String,
    ) -> Result<(), DeskError> {
        self.work(|shared| {
            let (by, wishes, status) = (by.clone(), wishes.clone(), status.clone());
            async move { bulk::change(&shared, deed, &by, &wishes, &status).await }
        })
        .await
    }

    /// Staff charge a merchant for an order. The charge's id is the deed's.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn charge(&self, deed: Uuid, by: Hand, at: AtOrder, wish: Charge) -> Result<ChargeRow, DeskError> {
        self.work(|shared| {
            let (by, wish) = (by.clone(), wish.clone());
            async move { charge::add(&shared, deed, &by, at, &wish).await }
        })
        .await
    }

    /// Staff take a charge back. One that was taken back before stays so.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn end_charge(&self, by: Hand, at: AtOrder, id: Uuid) -> Result<ChargeRow, DeskError> {
        self.work(|shared| {
            let by = by.clone();
            async move { charge::end(&shared, &by, at, id).await }
        })
        .await
    }

    /// Staff let a buyer look at an order for some days; answers the link with its token, which is told this once. The link's id is the
    /// deed's; said again, it is given a new token.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn share(&self, deed: Uuid, by: Hand, at: AtOrder, days: u8) -> Result<(ShareRow, String), DeskError> {
        self.work(|shared| {
            let by = by.clone();
            async move { share::make(&shared, deed, &by, at, days).await }
        })
        .await
    }

    /// Staff end a link before its time. One that was revoked before stays so.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn revoke_share(&self, by: Hand, at: AtOrder, id: Uuid) -> Result<ShareRow, DeskError> {
        self.work(|shared| {
            let by = by.clone();
            async move { share::revoke(&shared, &by, at, id).await }
        })
        .await
    }
}

fn staff_only(by: &Hand) -> Result<(), DeskError> {
    if by.class == RoleClass::Staff { Ok(()) } else { Err(RequestRefusal::StaffOnly.into()) }
}

/// An order that the store still has.
async fn standing(tx: &DeskTx, order: OrderId) -> Result<HeldOrder, DeskError> {
    let held = orders::held(tx, order).await?.ok_or(DeskError::NotFound)?;
    if held.is_gone { Err(RequestRefusal::Gone.into()) } else { Ok(held) }
}
