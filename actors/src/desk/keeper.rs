//! Looks for tenants in whose rows something's time has come, goes on with files of counts that were cut off, and hears of the desk's
//! actors that end.
//!
//! It looks at the rows on its tick and keeps nothing in memory; every node may do it, since what is due is done by whoever finds it so first.

use actix::{Actor, ActorContext, ActorFutureExt, Arbiter, AsyncContext, Context, Handler, Message, WrapFuture};
use storewire_db::{DbError, desk};
use storewire_domain::TenantId;
use uuid::Uuid;

use super::{
    DeskShared,
    approval::ApprovalActor,
    clerk::{self, Clerk, Deed},
    end::Ended,
    stock,
    tenants::Tenants,
    ticket::TicketActor,
};

/// Tenants that are told in one look; the others in the next.
const AT_ONCE: u32 = 200;
/// Files of counts that one look goes on with.
const FILES_AT_ONCE: u32 = 20;

/// End, and all actors of the desk with it.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Stop;

/// See the module.
pub(super) struct Keeper {
    shared: DeskShared,
    approvals: Tenants<ApprovalActor>,
    tickets: Tenants<TicketActor>,
    arbiter: Arbiter,
    is_looking: bool,
    is_writing: bool,
}

impl Keeper {
    pub(super) const fn new(
        shared: DeskShared,
        approvals: Tenants<ApprovalActor>,
        tickets: Tenants<TicketActor>,
        arbiter: Arbiter,
    ) -> Self {
        Self { shared, approvals, tickets, arbiter, is_looking: false, is_writing: false }
    }

    fn look(&mut self, ctx: &mut Context<Self>) {
        if std::mem::replace(&mut self.is_looking, true) {
            return;
        }
        // Those that ended without a word make room.
        drop(self.approvals.living());
        drop(self.tickets.living());
        let looked = self.shared.engine.spawn(due(self.shared.clone()));
        ctx.spawn(looked.into_actor(self).map(|outcome, this, ctx| {
            this.is_looking = false;
            match outcome {
                Ok(Ok(due)) => {
                    nudge(&this.approvals, due.of_requests);
                    nudge(&this.tickets, due.of_tickets);
                    this.go_on_with(due.imports, ctx);
                }
                Ok(Err(error)) => tracing::warn!(%error, "the desk could not look for what is due"),
                Err(error) => tracing::error!(%error, "the desk's look ended"),
            }
        }));
    }

    /// At a file that is being written somebody may well be at this moment; the two take turns and write each line once.
    fn go_on_with(&mut self, imports: Vec<(TenantId, Uuid)>, ctx: &mut Context<Self>) {
        if imports.is_empty() || std::mem::replace(&mut self.is_writing, true) {
            return;
        }
        let written = self.shared.engine.spawn(go_on(self.shared.clone(), imports));
        ctx.spawn(written.into_actor(self).map(|outcome, this, _| {
            this.is_writing = false;
            if let Err(error) = outcome {
                tracing::error!(%error, "the desk's writing of counts ended");
            }
        }));
    }
}

/// A lost nudge costs little: the rows are looked at again.
fn nudge<D: Deed>(actors: &Tenants<Clerk<D>>, tenants: Vec<TenantId>) {
    for addr in tenants.into_iter().filter_map(|tenant| actors.addr(tenant)) {
        let _ = addr.try_send(clerk::Nudge);
    }
}

async fn go_on(shared: DeskShared, imports: Vec<(TenantId, Uuid)>) {
    for (tenant, id) in imports {
        if let Err(error) = stock::go_on(&shared, tenant, id).await {
            tracing::warn!(tenant.id = %tenant, import.id = %id, %error, "a file of counts waits to be written to its end");
        }
    }
}

/// The tenants in whose rows something's time has come, and the files of counts that are being written.
struct Due {
    of_requests: Vec<TenantId>,
    of_tickets: Vec<TenantId>,
    imports: Vec<(TenantId, Uuid)>,
}

async fn due(shared: DeskShared) -> Result<Due, DbError> {
    let (tx, now) = (shared.db.staff().await?, shared.clock.now());
    let (requests, tickets, imports, ended) = tokio::join!(
        biased;
        desk::tenants_due(&tx, now, AT_ONCE),
        desk::tenants_late(&tx, now, AT_ONCE),
        desk::imports_writing(&tx, now, FILES_AT_ONCE),
        tx.end(),
    );
    ended?;
    Ok(Due { of_requests: requests?, of_tickets: tickets?, imports: imports? })
}

impl Actor for Keeper {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.run_interval(self.shared.config.interval, Self::look);
    }
}

impl Handler<Ended> for Keeper {
    type Result = ();

    fn handle(&mut self, ended: Ended, _: &mut Self::Context) {
        if ended.has_panicked {
            metrics::counter!("storewire_actor_restarts_total").increment(1);
            tracing::error!(tenant.id = %ended.tenant, "an actor of the desk panicked; the next command starts another");
        }
    }
}

impl Handler<Stop> for Keeper {
    type Result = ();

    fn handle(&mut self, _: Stop, ctx: &mut Self::Context) {
        for addr in self.approvals.living() {
            let _ = addr.try_send(clerk::Stop);
        }
        for addr in self.tickets.living() {
            let _ = addr.try_send(clerk::Stop);
        }
        self.arbiter.stop();
        ctx.stop();
    }
}
