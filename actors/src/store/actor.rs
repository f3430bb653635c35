//! The actor of one store: two hands, each doing one thing at a time. One works on our copy, the other speaks to the store.
//!
//! Decisions are made here, on the actor's own thread; the work itself (database, HTTP, decoding) runs as jobs on the
//! engine's runtime, and their ends come back as results. Killed at any line, it is rebuilt from its rows.

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
use storewire_domain::{StoreId, StoreState, TenantId};
use tokio::{runtime::Handle, task::JoinHandle};

use super::{
    agenda::Agenda,
    context::{Shared, StoreContext},
    duty::{Duty, Lane},
    hooks,
    judge::{Case, Judgement, Lost, WorkError, judge, text},
    pace::{Mood, Pace},
    standing::{Shown, Standing, Trouble},
    state,
};
use crate::failpoint;

/// Only nudges and questions come in, and nudges coalesce.
const BOUND: usize = 16;

/// How long an unchanged state goes unwritten.
const SAY_AGAIN: Duration = Duration::from_secs(10);
/// Timers are coarse; one that is due in less is due now.
const SHORTEST_SLEEP: Duration = Duration::from_millis(2);
/// Clocks jump; whatever was reckoned is reckoned anew after this.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// The database is asked again at least this often.
const LONGEST_LOAD_WAIT: Duration = Duration::from_secs(5);

/// The inbox has mail. Sent by the inbox writer; safe any number of times.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct InboxNudge;

/// A person wants this done now, whatever rests. Safe any number of times.
#[derive(Clone, Copy, Message)]
#[rtype(result = "()")]
pub(crate) struct Hurry(pub(crate) Duty);

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
        EndGuard(Arc::new(End { parts: self, has_panicked: AtomicBool::new(false) }))
    }
}

/// Reports the end of the actor that holds it, once its jobs have ended too: they hold clones. The next actor of the store begins after
/// that.
#[derive(Clone)]
pub(crate) struct EndGuard(Arc<End>);

impl Drop for EndGuard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.has_panicked.store(true, Ordering::Release);
        }
    }
}

struct End {
    parts: EndGuardParts,
    has_panicked: AtomicBool,
}

impl Drop for End {
    fn drop(&mut self) {
        let Self { parts, has_panicked } = self;
        let has_panicked = has_panicked.load(Ordering::Acquire);
        let ended = Ended { store: parts.store, generation: parts.generation, has_panicked };
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
    end: EndGuard,
    nudged: Arc<AtomicBool>,
    pace: Pace,
    agenda: Agenda,
    standing: Standing,
    /// `None` until read from the rows.
    context: Option<Arc<StoreContext>>,
    /// The rows may hold something else than the context: read them before anything is done.
    must_load: bool,
    is_loading: bool,
    /// Loads that failed in a row; losing the count only shortens a wait.
    failed_loads: u32,
    /// The rows may have been mended by then: read them before the store is tried again.
    reload_at: Option<Instant>,
    /// Answers of the store that were counted already.
    answers: u64,
    /// What was looked for since the store last answered; nothing is looked for twice.
    looked_for: Vec<Lost>,
    said: Option<Said>,
    is_saying: bool,
    timer: Option<SpawnHandle>,
}

/// What was last written down, and when; rewritten now and then so that "last read" stays true.
struct Said {
    shown: Option<Shown>,
    mood: Mood,
    answers: u64,
    at: Instant,
}

/// A job that ends with its actor: nobody would hear of its end.
struct Job<T>(JoinHandle<T>);

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
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
        let first_sweep = first_pull + shared.config.sweep_interval.mul_f64(rand::random());
        Self {
            pace: Pace::new(store, &shared.config, shared.crowd.clone()),
            agenda: Agenda::new(Instant::now(), first_pull, first_sweep),
            standing: Standing::default(),
            shared,
            tenant,
            store,
            engine,
            end,
            nudged,
            context: None,
            must_load: true,
            is_loading: false,
            failed_loads: 0,
            reload_at: None,
            answers: 0,
            looked_for: Vec::new(),
            said: None,
            is_saying: false,
            timer: None,
        }
    }

    /// Gives each free hand what is next, or sleeps until something is.
    fn look(&mut self, ctx: &mut Context<Self>) {
        let now = Instant::now();
        let is_outdated = self.context.as_ref().is_some_and(|context| context.is_outdated());
        if is_outdated || self.reload_at.is_some_and(|at| now >= at) {
            (self.reload_at, self.must_load) = (None, true);
        }
        let Some(context) = self.context.clone().filter(|_| !self.must_load) else {
            return self.load(ctx);
        };
        for duty in context.woken() {
            self.agenda.nudge(duty, now);
        }
        self.agenda.keep_quiet(self.pace.quiet_until().unwrap_or(now));
        self.agenda.budget_from(self.pace.ready_at());
        for lane in [Lane::Desk, Lane::Store] {
            if let Some(duty) = self.agenda.next(lane, now) {
                self.begin(duty, Arc::clone(&context), ctx);
            }
        }
        self.sleep(now, ctx);
    }

    fn sleep(&mut self, now: Instant, ctx: &mut Context<Self>) {
        if let Some(timer) = self.timer.take() {
            ctx.cancel_future(timer);
        }
        let wake_at = [self.agenda.wake_at(), self.reload_at].into_iter().flatten().min();
        let Some(wake_at) = wake_at else { return };
        self.wake_in(wake_at.saturating_duration_since(now).clamp(SHORTEST_SLEEP, LONGEST_SLEEP), ctx);
    }

    fn wake_in(&mut self, wait: Duration, ctx: &mut Context<Self>) {
        self.timer = Some(ctx.run_later(wait, |this, ctx| {
            this.timer = None;
            this.look(ctx);
        }));
    }

    fn load(&mut self, ctx: &mut Context<Self>) {
        if std::mem::replace(&mut self.is_loading, true) {
            return;
        }
        self.must_load = false;
        let (shared, tenant, store) = (self.shared.clone(), self.tenant, self.store);
        let (pace, before) = (self.pace.clone(), self.context.clone());
        let work = async move {
            failpoint!("store.before_load", store);
            StoreContext::load(shared, tenant, store, pace, before).await
        };
        self.run(ctx, work, |this, loaded, ctx| {
            this.is_loading = false;
            match loaded {
                Ok(Some(context)) => this.loaded(context, ctx),
                Ok(None) => {
                    tracing::info!(store.id = %this.store, "store is not there any more");
                    ctx.stop();
                }
                Err(error) => {
                    tracing::warn!(store.id = %this.store, %error, "store cannot be loaded");
                    this.must_load = true;
                    this.failed_loads = this.failed_loads.saturating_add(1);
                    let wait = this.shared.config.retry.delay(this.failed_loads, rand::random()).min(LONGEST_LOAD_WAIT);
                    this.wake_in(wait, ctx);
                }
            }
        });
    }

    fn loaded(&mut self, context: StoreContext, ctx: &mut Context<Self>) {
        self.failed_loads = 0;
        if self.context.is_none()
            && let Some(until) = self.pace.rests_until()
        {
            // What it was told before a restart still holds.
            self.agenda.rest_store(until);
        }
        self.context = Some(Arc::new(context));
        self.look(ctx);
    }

    fn begin(&mut self, duty: Duty, context: Arc<StoreContext>, ctx: &mut Context<Self>) {
        self.agenda.begin(duty);
        if !self.agenda.is_hurried() {
            self.pace.no_hurry();
        }
        let work = async move { duty.step(&context).await };
        self.run(ctx, work, move |this, ended, ctx| {
            this.count_answers();
            match ended {
                Ok(next) => {
                    this.agenda.done(duty, next, Instant::now());
                    this.standing.done(duty);
                }
                Err(error) => this.failed(duty, &error, ctx),
            }
            if duty.lane() == Lane::Store {
                this.say(ctx);
            }
            this.look(ctx);
        });
    }

    /// An answer proves that the store is there; that a duty ended well proves nothing, it may have found nothing to ask.
    fn count_answers(&mut self) {
        let answers = self.context.as_ref().map_or(0, |context| context.answers());
        if std::mem::replace(&mut self.answers, answers) != answers {
            self.standing.store_answered();
            self.looked_for.clear();
        }
    }

    fn run<T: Send + 'static>(
        &mut self,
        ctx: &mut Context<Self>,
        work: impl Future<Output = T> + Send + 'static,
        then: impl FnOnce(&mut Self, T, &mut Context<Self>) + 'static,
    ) {
        let end = self.end.clone();
        let mut job = Job(self.engine.spawn(async move {
            // Held until the work is gone, however it goes.
            let _end = end;
            work.await
        }));
        let ended = async move { (&mut job.0).await };
        ctx.spawn(ended.into_actor(self).map(move |ended, this, ctx| match ended {
            Ok(value) => then(this, value, ctx),
            // A panic in the work is the actor's: it ends here, and the supervisor hears of it.
            Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
            // The runtime is shutting down.
            Err(_) => ctx.stop(),
        }));
    }

    fn failed(&mut self, duty: Duty, error: &WorkError, ctx: &mut Context<Self>) {
        let now = Instant::now();
        let of_duty = self.agenda.failed(duty);
        self.agenda.nudge(duty, now);
        let (of_store, since) = self.standing.with_one_more(now);
        let case = Case {
            error,
            duty,
            failures: of_store.max(of_duty),
            failing_for: now.duration_since(since),
            random: rand::random(),
        };
        match judge(&case, &self.shared.config) {
            Judgement::End => {
                tracing::warn!(store.id = %self.store, %error, "store actor ends to start again from its rows");
                ctx.stop();
            }
            Judgement::Wait(wait) => {
                let cause = std::error::Error::source(error);
                tracing::warn!(store.id = %self.store, %error, ?cause, "work for a store waits");
                self.agenda.rest_all(now + wait);
            }
            Judgement::HeldBack(wait) => self.agenda.rest_store(now + wait),
            Judgement::Duty { state, reason, wait } => {
                let name = duty.name();
                tracing::warn!(store.id = %self.store, %error, duty = name, reason, wait_ms = wait.as_millis(), "a duty for a store fails");
                self.agenda.rest(duty, now + wait);
                self.duty_failed(duty, Trouble { state, reason, error: text(error) }, error);
            }
            Judgement::Store { lost: Some(lost), .. } if self.may_look_for(lost, duty) => {
                tracing::info!(store.id = %self.store, %error, ?lost, "another way to a store is looked for");
                self.agenda.nudge(Duty::Mend, now);
            }
            Judgement::Store { state, reason, wait, .. } => {
                let name = duty.name();
                tracing::warn!(store.id = %self.store, %error, duty = name, reason, wait_ms = wait.as_millis(), "store does not answer as hoped");
                let until = (now + wait).max(self.pace.rests_until().unwrap_or(now));
                self.agenda.rest_store(until);
                if state == StoreState::NeedsAttention {
                    // What a person mends (keys, address) is in the rows: the next try reads them.
                    self.reload_at = Some(until);
                }
                self.standing.store_failed(Trouble { state: Some(state), reason, error: text(error) }, now);
            }
        }
    }

    fn duty_failed(&mut self, duty: Duty, trouble: Trouble, error: &WorkError) {
        if duty != Duty::Hooks {
            return self.standing.duty_failed(duty, trouble);
        }
        // Its webhooks keep a memory of their own.
        let is_refused = matches!(error, WorkError::Woo(error) if error.needs_attention());
        if let Some(context) = self.context.as_ref().filter(|_| is_refused) {
            context.hooks.set(Some(hooks::Trouble::Refused));
        }
    }

    /// What is lost is looked for once, until the store has answered again.
    fn may_look_for(&mut self, lost: Lost, duty: Duty) -> bool {
        let Some(context) = &self.context else { return false };
        if duty == Duty::Mend || self.looked_for.contains(&lost) {
            return false;
        }
        self.looked_for.push(lost);
        context.lost.lock().map(|mut wanted| *wanted = Some(lost)).is_ok()
    }

    /// Writes down where the store stands and how it is treated, if that is news.
    fn say(&mut self, ctx: &mut Context<Self>) {
        let Some(context) = self.context.clone() else { return };
        if self.is_saying {
            return;
        }
        let weakness = if context.is_dirty() { Some("dirty") } else { context.hooks.reason() };
        let shown = self.standing.shown(context.is_imported(), weakness);
        let (mood, answers, at) = (self.pace.mood(), self.answers, Instant::now());
        let is_news = self
            .said
            .as_ref()
            .is_none_or(|said| said.shown != shown || said.mood != mood || at.duration_since(said.at) > SAY_AGAIN);
        if !is_news {
            return;
        }
        let is_fresh = self.said.as_ref().map_or(0, |said| said.answers) != answers;
        self.said = Some(Said { shown: shown.clone(), mood, answers, at });
        self.is_saying = true;
        let work = async move {
            let written = state::write(&context, shown.as_ref(), is_fresh).await;
            if let Err(error) = &written {
                tracing::warn!(store.id = %context.store, %error, "state of a store was not written");
            }
            written.is_ok()
        };
        self.run(ctx, work, |this, is_written, ctx| {
            this.is_saying = false;
            if is_written {
                // What became news meanwhile.
                this.say(ctx);
            } else {
                this.said = None;
            }
        });
    }
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
        self.agenda.nudge(Duty::Inbox, Instant::now());
        self.look(ctx);
    }
}

impl Handler<Hurry> for StoreActor {
    type Result = ();

    fn handle(&mut self, Hurry(duty): Hurry, ctx: &mut Self::Context) {
        self.agenda.hurry(duty, Instant::now());
        if duty.lane() == Lane::Store {
            self.pace.hurry();
        }
        // What the person did may have changed the rows.
        self.must_load = true;
        self.look(ctx);
    }
}

impl Handler<Stop> for StoreActor {
    type Result = ();

    fn handle(&mut self, _: Stop, ctx: &mut Self::Context) {
        ctx.stop();
    }
}
