//! The actor of one store: does one thing at a time for it, chosen by priority.
//!
//! Decisions are made here, on the actor's own thread; the work itself (database, HTTP, decoding) runs as one job on the
//! engine's runtime, and its end comes back as a result. Killed at any line, it is rebuilt from its rows.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use actix::{
    Actor, ActorContext, ActorFutureExt, AsyncContext, Context, Handler, Message, Recipient, SpawnHandle, WrapFuture,
};
use storewire_db::{changes, checkpoints::Checkpoint, stores};
use storewire_domain::{ChangeKind, Resource, Source, StoreId, StoreState, TenantId};
use storewire_woo::WooError;
use tokio::runtime::Handle;

use super::{
    context::{Shared, StoreContext},
    hooks,
    intake::{Left, apply_waiting},
    judge::{Judgement, WorkError, judge},
    pace::Pace,
    pull,
};
use crate::failpoint;

/// Only nudges and questions come in, and nudges coalesce.
const BOUND: usize = 16;

/// How long an unchanged state goes unwritten.
const SAY_AGAIN: Duration = Duration::from_secs(10);

/// The inbox has mail. Sent by the inbox writer; safe any number of times.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct InboxNudge;

/// A person wants the store read now. Safe any number of times.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct PullNudge;

/// End; the supervisor has no more use for this actor.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Stop;

/// A store actor ended. Sent to the supervisor by the actor's own guard, also while a panic unwinds.
#[derive(Clone, Copy, Message)]
#[rtype(result = "()")]
pub(crate) struct Ended {
    pub(crate) store: StoreId,
    pub(crate) generation: u64,
    pub(crate) has_panicked: bool,
}

/// What a guard reports, and to whom. Reports nothing itself, so that a start which never happens is no end.
pub(crate) struct EndGuardParts {
    pub(crate) supervisor: Recipient<Ended>,
    pub(crate) store: StoreId,
    pub(crate) generation: u64,
}

impl EndGuardParts {
    /// The guard, for the actor to hold from its first moment.
    pub(crate) fn arm(self) -> EndGuard {
        EndGuard(self)
    }
}

/// Reports the end of the actor that holds it.
pub(crate) struct EndGuard(EndGuardParts);

impl Drop for EndGuard {
    fn drop(&mut self) {
        let Self(parts) = self;
        let ended = Ended { store: parts.store, generation: parts.generation, has_panicked: std::thread::panicking() };
        // A full mailbox loses nothing: the supervisor also looks whether its actors still live.
        let _ = parts.supervisor.try_send(ended);
    }
}

/// See the module.
pub(crate) struct StoreActor {
    shared: Shared,
    tenant: TenantId,
    store: StoreId,
    engine: Handle,
    _end: EndGuard,
    nudged: Arc<AtomicBool>,
    pace: Pace,
    /// `None` until read from the rows, and again after a failure that makes them doubtful.
    context: Option<Arc<StoreContext>>,
    checkpoints: Vec<Checkpoint>,
    /// What is left of the round of pulls under way.
    due: Vec<(Resource, &'static str)>,
    is_busy: bool,
    /// There may be mail. True at the start: the rows are the truth, not the nudges.
    has_mail: bool,
    wants_pull: bool,
    /// When the next round of pulls starts, when the webhooks are looked at next.
    next_pull: Instant,
    next_hooks: Instant,
    /// Pulls and webhooks wait until this after a failure of theirs.
    rests_until: Instant,
    /// The inbox waits until this after a failure of its own; most deliveries need nothing of the store.
    mail_rests_until: Instant,
    /// Failures in a row; losing a count only shortens a wait.
    failures: u32,
    mail_failures: u32,
    hooks_failures: u32,
    /// What was last written of the store's state, and when; rewritten now and then so that "last read" stays true.
    said: Option<(StoreState, Option<&'static str>, Instant)>,
    /// The rows may have been mended: read them before the next try.
    reload: bool,
    /// The store lets us read but not subscribe.
    hooks_refused: bool,
    timer: Option<SpawnHandle>,
}

/// What a job was for, and what came of it.
enum Done {
    Loaded(Option<(Arc<StoreContext>, Vec<Checkpoint>)>),
    Inbox(Left),
    Pulled(Checkpoint),
    Hooks(usize),
    HooksFailed(WooError),
    /// A delivery needs an answer of the store, which did not come.
    MailWaits(WooError),
}

impl StoreActor {
    pub(crate) fn new(
        shared: Shared,
        tenant: TenantId,
        store: StoreId,
        engine: Handle,
        end: EndGuard,
        nudged: Arc<AtomicBool>,
        first_pull: Duration,
    ) -> Self {
        let now = Instant::now();
        Self {
            pace: Pace::new(&shared.config),
            shared,
            tenant,
            store,
            engine,
            _end: end,
            nudged,
            context: None,
            checkpoints: Vec::new(),
            due: Vec::new(),
            is_busy: false,
            has_mail: true,
            wants_pull: false,
            next_pull: now + first_pull,
            next_hooks: now + first_pull,
            rests_until: now,
            mail_rests_until: now,
            mail_failures: 0,
            hooks_failures: 0,
            failures: 0,
            said: None,
            reload: false,
            hooks_refused: false,
            timer: None,
        }
    }

    /// Chooses the next duty, or the time to look again.
    fn look(&mut self, ctx: &mut Context<Self>) {
        if self.is_busy {
            return;
        }
        let now = Instant::now();
        if self.reload && now >= self.rests_until {
            self.reload = false;
            self.context = None;
        }
        let Some(context) = self.context.clone() else {
            let (shared, tenant, store, pace) = (self.shared.clone(), self.tenant, self.store, self.pace.clone());
            return self.start(ctx, async move { load(shared, tenant, store, pace).await.map(Done::Loaded) });
        };
        let is_resting = now < self.rests_until;
        if self.has_mail && now >= self.mail_rests_until {
            self.has_mail = false;
            return self.start(ctx, async move {
                match apply_waiting(&context).await {
                    Err(WorkError::Woo(error)) => Ok(Done::MailWaits(error)),
                    ended => ended.map(Done::Inbox),
                }
            });
        }
        if !is_resting && now >= self.next_hooks {
            return self.start(ctx, async move {
                match hooks::put_in_order(&context).await {
                    // Keys of a lesser user may read but not subscribe, and a fault of its webhooks says nothing of its orders: the
                    // pulls go on.
                    Err(WorkError::Woo(error)) => Ok(Done::HooksFailed(error)),
                    ended => ended.map(Done::Hooks),
                }
            });
        }
        if !is_resting && let Some(mut checkpoint) = self.next_walk(now) {
            return self.start(ctx, async move {
                pull::step(&context, &mut checkpoint).await?;
                Ok(Done::Pulled(checkpoint))
            });
        }
        let mut next = if is_resting { self.rests_until } else { self.next_pull.min(self.next_hooks) };
        if self.has_mail {
            next = next.min(self.mail_rests_until);
        }
        let wait = next.saturating_duration_since(now).clamp(Duration::from_millis(5), Duration::from_secs(60));
        if let Some(timer) = self.timer.take() {
            ctx.cancel_future(timer);
        }
        self.timer = Some(ctx.run_later(wait, |this, ctx| {
            this.timer = None;
            this.look(ctx);
        }));
    }

    /// The walk to go on with: one under way first, else a new round when it is time.
    fn next_walk(&mut self, now: Instant) -> Option<Checkpoint> {
        if let Some(open) = self.checkpoints.iter().find(|checkpoint| checkpoint.walk.is_some()) {
            return Some(open.clone());
        }
        if let Some(unread) = self.checkpoints.iter().find(|checkpoint| checkpoint.backfilled_at.is_none()) {
            return Some(unread.clone());
        }
        if self.wants_pull || now >= self.next_pull {
            self.wants_pull = false;
            self.next_pull = now + self.jittered(self.shared.config.pull_interval);
            self.due = self.checkpoints.iter().map(|checkpoint| (checkpoint.resource, checkpoint.listing)).collect();
        }
        let (resource, listing) = self.due.pop()?;
        self.checkpoints
            .iter()
            .find(|checkpoint| checkpoint.resource == resource && checkpoint.listing == listing)
            .cloned()
    }

    fn start(&mut self, ctx: &mut Context<Self>, work: impl Future<Output = Result<Done, WorkError>> + Send + 'static) {
        self.is_busy = true;
        let job = self.engine.spawn(work);
        ctx.spawn(job.into_actor(self).map(|ended, this, ctx| {
            this.is_busy = false;
            match ended {
                Ok(Ok(done)) => this.done(done, ctx),
                Ok(Err(error)) => this.failed(&error, ctx),
                // A panic in the work is the actor's: it ends here, and the supervisor hears of it.
                Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
                // The runtime is shutting down.
                Err(_) => ctx.stop(),
            }
        }));
    }

    fn done(&mut self, done: Done, ctx: &mut Context<Self>) {
        match done {
            Done::Loaded(None) => {
                tracing::info!(store.id = %self.store, "store is not there any more");
                return ctx.stop();
            }
            Done::Loaded(Some((context, checkpoints))) => {
                self.checkpoints = checkpoints;
                self.context = Some(context);
                // A store that was never read is read now, whatever its turn.
                if self.checkpoints.iter().any(|checkpoint| checkpoint.backfilled_at.is_none()) {
                    self.next_hooks = Instant::now();
                }
            }
            Done::Inbox(left) => {
                self.mail_failures = 0;
                self.has_mail |= left == Left::More;
            }
            Done::MailWaits(error) => {
                self.mail_failures = self.mail_failures.saturating_add(1);
                let wait = self.shared.config.retry.delay(self.mail_failures, rand::random());
                tracing::warn!(store.id = %self.store, %error, wait_ms = wait.as_millis(), "deliveries wait for an answer of the store");
                self.has_mail = true;
                self.mail_rests_until = Instant::now() + wait;
            }
            Done::Hooks(made) => {
                self.next_hooks = Instant::now() + self.jittered(self.shared.config.hooks_interval);
                // What was delivered nowhere meanwhile is read.
                self.wants_pull |= made > 0;
                self.hooks_refused = false;
                self.hooks_failures = 0;
                self.healthy(ctx);
            }
            Done::HooksFailed(error) => {
                self.hooks_failures = self.hooks_failures.saturating_add(1);
                self.hooks_refused = error.needs_attention();
                let backoff = self.shared.config.retry.delay(self.hooks_failures, rand::random());
                let wait = if self.hooks_refused { self.shared.config.attention_interval } else { backoff };
                tracing::warn!(store.id = %self.store, %error, wait_ms = wait.as_millis(), "webhooks are not in order");
                self.next_hooks = Instant::now() + wait;
            }
            Done::Pulled(checkpoint) => {
                if let Some(known) = self
                    .checkpoints
                    .iter_mut()
                    .find(|known| known.resource == checkpoint.resource && known.listing == checkpoint.listing)
                {
                    *known = checkpoint;
                }
                self.healthy(ctx);
            }
        }
        self.look(ctx);
    }

    fn failed(&mut self, error: &WorkError, ctx: &mut Context<Self>) {
        self.failures = self.failures.saturating_add(1);
        // What was taken off the list is looked at again.
        self.has_mail = true;
        match judge(error, self.failures, &self.shared.config, rand::random()) {
            Judgement::End => {
                tracing::warn!(store.id = %self.store, %error, "store actor ends to start again from its rows");
                return ctx.stop();
            }
            Judgement::Wait(wait) => {
                tracing::warn!(store.id = %self.store, %error, cause = ?std::error::Error::source(error), "work for a store waits");
                // The database is everyone's: mail waits for it as well.
                self.rests_until = Instant::now() + wait;
                self.mail_rests_until = self.rests_until;
            }
            Judgement::Store { state, reason, wait } => {
                tracing::warn!(store.id = %self.store, %error, reason, wait_ms = wait.as_millis(), "store does not answer as hoped");
                self.rests_until = Instant::now() + wait;
                if state == StoreState::NeedsAttention {
                    // What a person mends (keys, address) is in the rows: the next try reads them.
                    self.reload = true;
                }
                // One failure is weather; the second in a row is news.
                if state == StoreState::NeedsAttention || self.failures > 1 {
                    self.say(ctx, state, Some(reason), Some(error.to_string()));
                }
            }
        }
        self.look(ctx);
    }

    fn healthy(&mut self, ctx: &mut Context<Self>) {
        self.failures = 0;
        let is_read = self.checkpoints.iter().all(|checkpoint| checkpoint.backfilled_at.is_some());
        let state = if is_read { StoreState::Live } else { StoreState::Importing };
        self.say(ctx, state, self.hooks_refused.then_some("hooks_refused"), None);
    }

    /// Writes the store's state down, and in the change log if it is new.
    fn say(&mut self, ctx: &mut Context<Self>, state: StoreState, reason: Option<&'static str>, error: Option<String>) {
        let Some(context) = self.context.clone() else { return };
        let now = Instant::now();
        let is_news = self.said.is_none_or(|(said, because, at)| {
            (said, because) != (state, reason) || now.duration_since(at) > SAY_AGAIN || error.is_some()
        });
        if !is_news {
            return;
        }
        self.said = Some((state, reason, now));
        let job = self.engine.spawn(async move {
            if let Err(failure) = write_state(&context, state, reason, error.as_deref()).await {
                tracing::warn!(store.id = %context.store, error = %failure, "state of a store was not written");
            }
        });
        ctx.spawn(job.into_actor(self).map(|_, _, _| ()));
    }

    fn jittered(&self, interval: Duration) -> Duration {
        let tenth = interval / 10;
        interval.saturating_sub(tenth) + rand::random_range(Duration::ZERO..=tenth * 2)
    }
}

async fn load(
    shared: Shared,
    tenant: TenantId,
    store: StoreId,
    pace: Pace,
) -> Result<Option<(Arc<StoreContext>, Vec<Checkpoint>)>, WorkError> {
    failpoint!("store.before_load", store);
    let Some(context) = StoreContext::load(shared, tenant, store, pace).await? else { return Ok(None) };
    let checkpoints = pull::checkpoints(&context).await?;
    Ok(Some((Arc::new(context), checkpoints)))
}

async fn write_state(
    context: &StoreContext,
    state: StoreState,
    reason: Option<&str>,
    error: Option<&str>,
) -> Result<(), WorkError> {
    let now = context.now();
    let tx = context.write().await?;
    let ok_at = error.is_none().then_some(now);
    let has_changed =
        stores::set_state(&tx, context.store, &stores::NewState { state, reason, ok_at, error }, now).await?;
    if has_changed {
        let change = changes::NewChange {
            kind: ChangeKind::StoreChanged,
            entity_id: context.store.uuid(),
            source: Source::Engine,
            store_time: None,
            received_at: None,
            detail: std::collections::BTreeMap::from([("state", (serde_json::Value::Null, state.as_str().into()))]),
        };
        changes::append(&tx, context.store, &[change], changes::Counted::default(), now).await?;
    }
    tx.commit().await?;
    if has_changed {
        context.shared.feed.send();
    }
    Ok(())
}

impl Actor for StoreActor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(BOUND);
        self.look(ctx);
    }
}

impl Handler<InboxNudge> for StoreActor {
    type Result = ();

    fn handle(&mut self, _: InboxNudge, ctx: &mut Self::Context) {
        self.nudged.store(false, Ordering::Release);
        failpoint!("store.on_nudge", self.store);
        self.has_mail = true;
        self.look(ctx);
    }
}

impl Handler<PullNudge> for StoreActor {
    type Result = ();

    fn handle(&mut self, _: PullNudge, ctx: &mut Self::Context) {
        self.wants_pull = true;
        self.rests_until = Instant::now();
        self.mail_rests_until = Instant::now();
        self.look(ctx);
    }
}

impl Handler<Stop> for StoreActor {
    type Result = ();

    fn handle(&mut self, _: Stop, ctx: &mut Self::Context) {
        ctx.stop();
    }
}
