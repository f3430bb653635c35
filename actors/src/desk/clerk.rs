//! The actor of one tenant's work of one kind: carries commands out one after the other, and what time brings between them.
//!
//! It is started by the first command or nudge and ends after a while without one. It knows nothing that is not in the rows: one that is
//! killed is followed by another, which finds what was done.

use std::{marker::PhantomData, time::Instant};

use actix::{
    Actor, ActorContext, ActorFutureExt, AsyncContext, AtomicResponse, Context, Handler, Message, Recipient,
    WrapFuture, fut::ready,
};
use storewire_db::DbError;
use storewire_domain::TenantId;
use uuid::Uuid;

use super::{
    DeskError, DeskShared, Hand,
    end::{EndGuard, Ended},
};

/// Commands that wait for their turn; who finds it full is told to come again.
const BOUND: usize = 64;
/// A deed whose outcome is unknown is done again as often: by itself it finds what it did.
const TRIES: u32 = 3;

/// What is to be done, of one kind of work.
pub(super) trait Deed: Clone + Send + 'static {
    /// The row as it stands afterwards.
    type Answer: Send + 'static;

    /// Does it, once per id.
    fn carry_out(
        self,
        shared: &DeskShared,
        tenant: TenantId,
        id: Uuid,
        by: &Hand,
    ) -> impl Future<Output = Result<Self::Answer, DeskError>> + Send;

    /// Does what time brings to a tenant's rows of this kind.
    fn see_to_what_is_due(shared: &DeskShared, tenant: TenantId) -> impl Future<Output = Result<(), DbError>> + Send;
}

/// Somebody wants something done.
#[derive(Clone)]
pub(super) struct Command<D> {
    /// The deed: one id, one outcome.
    pub(super) id: Uuid,
    pub(super) by: Hand,
    pub(super) deed: D,
}

impl<D: Deed> Message for Command<D> {
    type Result = Result<D::Answer, DeskError>;
}

/// Something's time has come: look at the rows.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Nudge;

/// End; the engine stops.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Stop;

/// See the module.
pub(super) struct Clerk<D> {
    shared: DeskShared,
    tenant: TenantId,
    /// When it was last asked for something.
    asked_at: Instant,
    _end: EndGuard,
    _deed: PhantomData<fn() -> D>,
}

impl<D> Clerk<D> {
    pub(super) fn new(shared: DeskShared, tenant: TenantId, keeper: Recipient<Ended>) -> Self {
        let end = EndGuard { keeper, tenant };
        Self { shared, tenant, asked_at: Instant::now(), _end: end, _deed: PhantomData }
    }
}

impl<D: Deed> Actor for Clerk<D> {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(BOUND);
        ctx.run_interval(self.shared.config.idle, |this, ctx| {
            if this.asked_at.elapsed() >= this.shared.config.idle {
                ctx.stop();
            }
        });
    }
}

impl<D: Deed> Handler<Command<D>> for Clerk<D> {
    type Result = AtomicResponse<Self, Result<D::Answer, DeskError>>;

    fn handle(&mut self, command: Command<D>, _: &mut Self::Context) -> Self::Result {
        self.asked_at = Instant::now();
        let work = carry_out(self.shared.clone(), self.tenant, command);
        let job = self.shared.engine.spawn(work);
        AtomicResponse::new(Box::pin(job.into_actor(self).then(|ended, _, ctx: &mut Self::Context| match ended {
            Ok(answer) => ready(answer),
            // A panic in the work is the actor's: it ends here, and its guard says so.
            Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
            Err(_) => {
                ctx.stop();
                ready(Err(DeskError::Busy))
            }
        })))
    }
}

impl<D: Deed> Handler<Nudge> for Clerk<D> {
    type Result = AtomicResponse<Self, ()>;

    fn handle(&mut self, _: Nudge, _: &mut Self::Context) -> Self::Result {
        self.asked_at = Instant::now();
        let (shared, tenant) = (self.shared.clone(), self.tenant);
        let job = self.shared.engine.spawn(async move { D::see_to_what_is_due(&shared, tenant).await });
        AtomicResponse::new(Box::pin(job.into_actor(self).then(move |ended, _, ctx: &mut Self::Context| {
            match ended {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(tenant.id = %tenant, %error, "what is due at the desk waits"),
                Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
                Err(_) => ctx.stop(),
            }
            ready(())
        })))
    }
}

impl<D: Deed> Handler<Stop> for Clerk<D> {
    type Result = ();

    fn handle(&mut self, _: Stop, ctx: &mut Self::Context) {
        ctx.stop();
    }
}

async fn carry_out<D: Deed>(shared: DeskShared, tenant: TenantId, command: Command<D>) -> Result<D::Answer, DeskError> {
    let Command { id, by, deed } = command;
    let mut tries = 1;
    loop {
        match deed.clone().carry_out(&shared, tenant, id, &by).await {
            Err(DeskError::Db(error)) if tries < TRIES && error.is_momentary() => tries += 1,
            outcome => return outcome,
        }
    }
}
