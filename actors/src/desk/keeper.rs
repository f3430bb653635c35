//! Looks for tenants in whose rows something's time has come, and hears of the desk's actors that end.
//!
//! It looks at the rows on its tick and keeps nothing in memory; every node may do it, since what is due is done by whoever finds it so first.

use actix::{Actor, ActorContext, ActorFutureExt, Arbiter, AsyncContext, Context, Handler, Message, WrapFuture};
use storewire_db::{DbError, desk};
use storewire_domain::TenantId;

use super::{
    DeskShared,
    approval::{self, ApprovalActor},
    end::Ended,
    tenants::Tenants,
};

/// Tenants that are told in one look; the others in the next.
const AT_ONCE: u32 = 200;

/// End, and all actors of the desk with it.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Stop;

/// See the module.
pub(super) struct Keeper {
    shared: DeskShared,
    approvals: Tenants<ApprovalActor>,
    arbiter: Arbiter,
    is_looking: bool,
}

impl Keeper {
    pub(super) const fn new(shared: DeskShared, approvals: Tenants<ApprovalActor>, arbiter: Arbiter) -> Self {
        Self { shared, approvals, arbiter, is_looking: false }
    }

    fn look(&mut self, ctx: &mut Context<Self>) {
        if std::mem::replace(&mut self.is_looking, true) {
            return;
        }
        // Those that ended without a word make room.
        drop(self.approvals.living());
        let looked = self.shared.engine.spawn(due(self.shared.clone()));
        ctx.spawn(looked.into_actor(self).map(|outcome, this, _| {
            this.is_looking = false;
            match outcome {
                Ok(Ok(tenants)) => tenants.into_iter().for_each(|tenant| this.nudge(tenant)),
                Ok(Err(error)) => tracing::warn!(%error, "the desk could not look for what is due"),
                Err(error) => tracing::error!(%error, "the desk's look ended"),
            }
        }));
    }

    /// A lost nudge costs little: the rows are looked at again.
    fn nudge(&self, tenant: TenantId) {
        if let Some(addr) = self.approvals.addr(tenant) {
            let _ = addr.try_send(approval::Nudge);
        }
    }
}

async fn due(shared: DeskShared) -> Result<Vec<TenantId>, DbError> {
    let tx = shared.db.staff().await?;
    let (due, ended) = tokio::join!(biased; desk::tenants_due(&tx, shared.clock.now(), AT_ONCE), tx.end());
    ended?;
    due
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
            let _ = addr.try_send(approval::Stop);
        }
        self.arbiter.stop();
        ctx.stop();
    }
}
