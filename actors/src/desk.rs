//! The desk: what a merchant and the platform's people decide together, tenant by tenant.
//!
//! A command is carried out by its tenant's actor, one after the other on this node; that gives order, not correctness. What decides is the
//! row, so that two nodes, two actors or a killed one change nothing. Every command has a deed: repeated with the same one, it finds that it
//! was carried out, whatever was done since, and answers how things stand.

mod approval;
mod clerk;
mod customers;
mod end;
pub(crate) mod files;
mod keeper;
mod letters;
mod notices;
mod orders;
pub(crate) mod outcome;
mod part;
pub(crate) mod presence;
mod proof;
pub(crate) mod requests;
mod returns;
mod shared;
pub(crate) mod stock;
mod tenants;
mod ticket;
mod tickets;

pub use customers::AtCustomer;
pub use files::FileLimits;
pub use orders::{AtOrder, BulkOrder, Charge};
pub use part::Part;
pub use presence::{Doing, Here, Place};
pub use requests::{Asked, At};
pub use returns::{OpenReturn, ReturnAt, ReturnStep};
pub use shared::{DeskError, Hand, Refusal, RefusalKind};
pub use stock::{AtImport, AtProduct};
pub use tickets::{NewTicket, Seen, Thread, TicketAct, Words};

use actix::{Actor, Addr, Arbiter};
use storewire_db::{RequestRow, TicketRow};
use storewire_domain::{RequestId, TenantId, request::Decision};
use uuid::Uuid;

pub(crate) use self::shared::DeskShared;
use self::{
    approval::{ApprovalActor, Deed},
    clerk::Command,
    keeper::{Keeper, Stop},
    tenants::Tenants,
    ticket::TicketActor,
};

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    shared: DeskShared,
    approvals: Tenants<ApprovalActor>,
    tickets: Tenants<TicketActor>,
    keeper: Addr<Keeper>,
}

impl Desk {
    /// Starts it on a thread of its own. Must be called on an actix system.
    pub(crate) fn start(shared: DeskShared) -> Self {
        let arbiter = Arbiter::new();
        let (approvals, tickets) = (Tenants::new(arbiter.handle()), Tenants::new(arbiter.handle()));
        let keeper = Keeper::new(shared.clone(), approvals.clone(), tickets.clone(), arbiter).start();
        approvals.begin_with({
            let (shared, keeper) = (shared.clone(), keeper.clone());
            move |tenant| ApprovalActor::new(shared.clone(), tenant, keeper.clone().recipient())
        });
        tickets.begin_with({
            let (shared, keeper) = (shared.clone(), keeper.clone());
            move |tenant| TicketActor::new(shared.clone(), tenant, keeper.clone().recipient())
        });
        Self { shared, approvals, tickets, keeper }
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

    async fn carry_out_ticket(
        &self,
        tenant: TenantId,
        id: Uuid,
        by: Hand,
        deed: ticket::Deed,
    ) -> Result<TicketRow, DeskError> {
        self.tickets.ask(tenant, Command { id, by, deed }).await?
    }
}
