//! The actor of one store: two hands, each doing one thing at a time. One works on our copy, the other speaks to the store.
//!
//! Decisions are made here, on the actor's own thread; the work itself (database, HTTP, decoding) runs as jobs on the
//! engine's runtime, and their ends come back as results. Killed at any line, it is rebuilt from its rows.

mod end;
mod failure;
mod message;
mod saying;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use actix::{Actor, ActorContext, ActorFutureExt, AsyncContext, Context, Handler, SpawnHandle, WrapFuture};
use storewire_domain::{StoreId, TenantId};
use tokio::runtime::Handle;

use self::{
    end::{EndGuard, Job},
    failure::LookedFor,
    saying::Said,
};
pub(crate) use self::{
    end::{EndGuardParts, Ended},
    message::{Hurry, InboxNudge, Nudge, Stop},
};
use super::{
    agenda::Agenda,
    context::{Shared, StoreContext},
    duty::{Duty, Lane},
    pace::Pace,
    standing::Standing,
};
use crate::failpoint;

/// Only nudges and questions come in, and nudges coalesce.
const BOUND: usize = 16;
/// Timers are coarse; one that is due in less is due now.
const SHORTEST_SLEEP: Duration = Duration::from_millis(2);
/// Clocks jump; whatever was reckoned is reckoned anew after this.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// The database is asked again at least this often.
const LONGEST_LOAD_WAIT: Duration = Duration::from_secs(5);

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
    /// When its first pull is due among those of stores that started with it, until then.
    place: Option<Instant>,
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
    /// What was looked for lately; nothing is looked for again and again.
    looked_for: Vec<LookedFor>,
    said: Option<Said>,
    is_saying: bool,
    timer: Option<SpawnHandle>,
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
        let first_sweep = first_pull + shared.config.pull_interval.mul_f64(rand::random());
        let now = Instant::now();
        Self {
            pace: Pace::new(store, &shared.config, shared.crowd.clone()),
            agenda: Agenda::new(now, first_pull, first_sweep),
            place: (!first_pull.is_zero()).then(|| now + first_pull),
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
        if self.place.take_if(|place| now >= *place).is_some() {
            self.pace.line_up();
        }
        let is_outdated = self.context.as_ref().is_some_and(|context| context.is_outdated());
        if is_outdated || self.reload_at.is_some_and(|at| now >= at) {
            (self.reload_at, self.must_load) = (None, true);
        }
        if self.must_load && !self.is_loading && !self.agenda.is_due(now) {
            // Thousands of stores that rest cost no look at their rows.
            return self.sleep(now, ctx);
        }
        let Some(context) = self.context.clone().filter(|_| !self.must_load && !self.is_loading) else {
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
        let wake_at = [self.agenda.wake_at(), self.reload_at].into_iter().flatten().min();
        let Some(wake_at) = wake_at else { return };
        self.wake_in(wake_at.saturating_duration_since(now).clamp(SHORTEST_SLEEP, LONGEST_SLEEP), ctx);
    }

    fn wake_in(&mut self, wait: Duration, ctx: &mut Context<Self>) {
        if let Some(timer) = self.timer.take() {
            ctx.cancel_future(timer);
        }
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
        let is_hurried = self.agenda.begin(duty);
        if duty.lane() == Lane::Store {
            self.pace.begin(is_hurried, self.agenda.is_hurried());
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
        let ended = async move { job.ended().await };
        ctx.spawn(ended.into_actor(self).map(move |ended, this, ctx| match ended {
            Ok(value) => then(this, value, ctx),
            // A panic in the work is the actor's: it ends here, and the supervisor hears of it.
            Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
            // The runtime is shutting down.
            Err(_) => ctx.stop(),
        }));
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

impl Handler<Nudge> for StoreActor {
    type Result = ();

    fn handle(&mut self, Nudge(duty): Nudge, ctx: &mut Self::Context) {
        self.agenda.nudge(duty, Instant::now());
        self.look(ctx);
    }
}

impl Handler<Hurry> for StoreActor {
    type Result = ();

    fn handle(&mut self, Hurry(duty): Hurry, ctx: &mut Self::Context) {
        self.agenda.hurry(duty, Instant::now());
        if let Some(context) = self.context.as_ref().filter(|_| duty == Duty::Pull) {
            context.want_pull();
        }
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
