//! The desk: what a merchant and the platform's people decide together, tenant by tenant.
//!
//! A command is carried out by its tenant's actor, one after the other on this node; that gives order, not correctness. What decides is the
//! row, so that two nodes, two actors or a killed one change nothing. Every command has a deed: repeated with the same one, it finds that it
//! was carried out and answers as it did before.

mod approval;
mod end;
mod keeper;
pub(crate) mod requests;
mod shared;
mod tenants;

pub use requests::{Asked, At};
pub use shared::{DeskError, Hand, Refusal, RefusalKind};

use actix::{Actor, Addr, Arbiter};
use storewire_db::RequestRow;
use storewire_domain::{RequestId, TenantId, request::Decision};
use uuid::Uuid;

pub(crate) use self::shared::DeskShared;
use self::{
    approval::{ApprovalActor, Command, Deed},
    keeper::{Keeper, Stop},
    tenants::Tenants,
};

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    approvals: Tenants<ApprovalActor>,
    keeper: Addr<Keeper>,
}

impl Desk {
    /// Starts it on a thread of its own. Must be called on an actix system.
    pub(crate) fn start(shared: DeskShared) -> Self {
        let arbiter = Arbiter::new();
        let approvals = Tenants::new(arbiter.handle());
        let keeper = Keeper::new(shared.clone(), approvals.clone(), arbiter).start();
        approvals.begin_with({
            let keeper = keeper.clone();
            move |tenant| ApprovalActor::new(shared.clone(), tenant, keeper.clone().recipient())
        });
        Self { approvals, keeper }
    }

    /// A merchant asks that a store be changed. The request's id is the deed's.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn ask(&self, deed: Uuid, by: Hand, wish: Asked) -> Result<RequestRow, DeskError> {
        self.carry_out(wish.tenant, deed, by, Deed::Ask(wish)).await
    }

    /// Staff approve or reject a request as they saw it. An approval is on its way to the store when this returns.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn decide(
        &self,
        deed: Uuid,
        by: Hand,
        of: At,
        decision: Decision,
        reason: String,
    ) -> Result<RequestRow, DeskError> {
        self.carry_out(of.tenant, deed, by, Deed::Decide { of, decision, reason }).await
    }

    /// A merchant takes a request back.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn withdraw(&self, deed: Uuid, by: Hand, of: At) -> Result<RequestRow, DeskError> {
        self.carry_out(of.tenant, deed, by, Deed::Withdraw(of)).await
    }

    /// Staff bring a request that failed back to be decided, with what the store holds by now.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn reopen(&self, deed: Uuid, by: Hand, of: At) -> Result<RequestRow, DeskError> {
        self.carry_out(of.tenant, deed, by, Deed::Reopen(of)).await
    }

    /// Somebody says something about a request.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn comment(
        &self,
        deed: Uuid,
        by: Hand,
        tenant: TenantId,
        id: RequestId,
        text: String,
    ) -> Result<RequestRow, DeskError> {
        self.carry_out(tenant, deed, by, Deed::Comment { id, text }).await
    }

    /// Has every actor of the desk end.
    pub(crate) async fn stop(&self) {
        let _ = self.keeper.send(Stop).await;
    }

    async fn carry_out(&self, tenant: TenantId, id: Uuid, by: Hand, deed: Deed) -> Result<RequestRow, DeskError> {
        self.approvals.ask(tenant, Command { id, by, deed }).await?
    }
}
