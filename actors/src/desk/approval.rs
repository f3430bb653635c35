//! The actor of one tenant's requests: carries commands out one after the other, and what time brings between them.
//!
//! It is started by the first command or nudge and ends after a while without one. It knows nothing that is not in the rows: one that is
//! killed is followed by another, which finds what was done.

use std::time::Instant;

use actix::{
    Actor, ActorContext, ActorFutureExt, AsyncContext, AtomicResponse, Context, Handler, Message, Recipient,
    WrapFuture, fut::ready,
};
use storewire_db::RequestRow;
use storewire_domain::{RequestId, TenantId, request::Decision};
use uuid::Uuid;

use super::{
    DeskError, DeskShared, Hand,
    end::{EndGuard, Ended},
    requests::{self, Asked, At},
};

/// Commands that wait for their turn; who finds it full is told to come again.
const BOUND: usize = 64;
/// A deed whose outcome is unknown is done again as often: by itself it finds what it did.
const TRIES: u32 = 3;

/// Somebody wants something done.
#[derive(Clone, Message)]
#[rtype(result = "Result<RequestRow, DeskError>")]
pub(super) struct Command {
    /// The deed: one id, one outcome.
    pub(super) id: Uuid,
    pub(super) by: Hand,
    pub(super) deed: Deed,
}

/// What is to be done.
#[derive(Clone)]
pub(super) enum Deed {
    Ask(Asked),
    Decide { of: At, decision: Decision, reason: String },
    Withdraw(At),
    Reopen(At),
    Comment { id: RequestId, text: String },
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
pub(super) struct ApprovalActor {
    shared: DeskShared,
    tenant: TenantId,
    /// When it was last asked for something.
    asked_at: Instant,
    _end: EndGuard,
}

impl ApprovalActor {
    pub(super) fn new(shared: DeskShared, tenant: TenantId, keeper: Recipient<Ended>) -> Self {
        Self { shared, tenant, asked_at: Instant::now(), _end: EndGuard { keeper, tenant } }
    }
}

impl Actor for ApprovalActor {
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

impl Handler<Command> for ApprovalActor {
    type Result = AtomicResponse<Self, Result<RequestRow, DeskError>>;

    fn handle(&mut self, command: Command, _: &mut Self::Context) -> Self::Result {
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

impl Handler<Nudge> for ApprovalActor {
    type Result = AtomicResponse<Self, ()>;

    fn handle(&mut self, _: Nudge, _: &mut Self::Context) -> Self::Result {
        self.asked_at = Instant::now();
        let (shared, tenant) = (self.shared.clone(), self.tenant);
        let job = self.shared.engine.spawn(async move { requests::see_to_what_is_due(&shared, tenant).await });
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

impl Handler<Stop> for ApprovalActor {
    type Result = ();

    fn handle(&mut self, _: Stop, ctx: &mut Self::Context) {
        ctx.stop();
    }
}

async fn carry_out(shared: DeskShared, tenant: TenantId, command: Command) -> Result<RequestRow, DeskError> {
    let mut tries = 1;
    loop {
        match once(&shared, tenant, command.clone()).await {
            Err(DeskError::Db(error)) if tries < TRIES && error.is_momentary() => tries += 1,
            outcome => return outcome,
        }
    }
}

async fn once(shared: &DeskShared, tenant: TenantId, command: Command) -> Result<RequestRow, DeskError> {
    let Command { id, by, deed } = command;
    match deed {
        Deed::Ask(wish) => requests::ask(shared, id, &by, wish).await,
        Deed::Decide { of, decision, reason } => requests::decide(shared, id, &by, of, decision, &reason).await,
        Deed::Withdraw(of) => requests::withdraw(shared, id, &by, of).await,
        Deed::Reopen(of) => requests::reopen(shared, id, &by, of).await,
        Deed::Comment { id: request, text } => requests::comment(shared, id, &by, tenant, request, &text).await,
    }
}
