//! The actor that follows the log and serves the sessions.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix::{Actor, ActorContext, ActorFutureExt, AsyncContext, Context, Handler, WrapFuture};
use storewire_db::{Db, DbError, changes::Cursor, identity};
use storewire_domain::{Clock, ReadScope, SessionId};
use tokio::runtime::Handle;
use uuid::Uuid;

use super::{
    Changed, Close, FeedEvent, Frame, Join, Leave, Renderer, Revoke,
    audience::{Audience, Listener},
    cycle::{self, Cycle},
    log::Seen,
};

/// Joins and leaves; nudges coalesce before they get here.
const BOUND: usize = 4_096;

/// The log is looked at this often even if no nudge came.
const BACKSTOP: Duration = Duration::from_secs(1);

/// Logins behind open sockets are looked at this often: an ended one, or one with another role, loses its socket.
const LOGINS: Duration = Duration::from_secs(2);

/// Listeners caught up in one cycle at most: those who are live wait for them.
const CAUGHT_UP: usize = 64;

/// See the module.
pub struct Feed {
    db: Db,
    engine: Handle,
    clock: Clock,
    renderer: Arc<dyn Renderer>,
    resume_limit: u32,
    audience: Audience,
    /// Who must be told something before going live, in the order of coming; some may be gone.
    late: VecDeque<Uuid>,
    /// The horizon of the last read; `None` before the first.
    horizon: Option<Cursor>,
    /// What the log repeats is dropped by this; away with the read under way. Without it repeats are sent, which clients drop.
    seen: Seen,
    nudged: Arc<AtomicBool>,
    is_reading: bool,
    reads_again: bool,
}

/// Listeners that a cycle takes in.
#[derive(Default)]
struct Comers {
    /// They begin from now.
    fresh: Vec<Uuid>,
    /// They lack what came after their cursor.
    behind: Vec<(Uuid, ReadScope, Cursor)>,
}

impl Feed {
    pub(crate) fn new(
        db: Db,
        engine: Handle,
        clock: Clock,
        renderer: Arc<dyn Renderer>,
        resume_limit: u32,
        nudged: Arc<AtomicBool>,
    ) -> Self {
        Self {
            db,
            engine,
            clock,
            renderer,
            resume_limit,
            audience: Audience::default(),
            late: VecDeque::new(),
            horizon: None,
            seen: Seen::new(),
            nudged,
            is_reading: false,
            reads_again: false,
        }
    }

    fn read(&mut self, ctx: &mut Context<Self>) {
        if self.is_reading {
            self.reads_again = true;
            return;
        }
        self.is_reading = true;
        let Comers { fresh, behind } = self.comers();
        let (db, horizon, limit) = (self.db.clone(), self.horizon.clone(), self.resume_limit);
        let job = self.engine.spawn(cycle::read(db, horizon, std::mem::take(&mut self.seen), behind, limit));
        ctx.spawn(job.into_actor(self).map(move |outcome, this, ctx| {
            this.is_reading = false;
            match outcome {
                Ok(Ok(cycle)) => this.serve(&fresh, cycle),
                Ok(Err(error)) => {
                    tracing::warn!(%error, "the feed could not read the change log");
                    this.wait_for_backstop();
                }
                Err(error) => {
                    tracing::error!(%error, "the feed's read ended");
                    this.wait_for_backstop();
                }
            }
            if std::mem::take(&mut this.reads_again) {
                this.read(ctx);
            }
        }));
    }

    /// Takes from the line of those who wait as many as a cycle serves.
    fn comers(&mut self) -> Comers {
        let mut comers = Comers::default();
        let mut others = VecDeque::new();
        for id in self.late.drain(..) {
            let Some(listener) = self.audience.get(id) else { continue };
            match &listener.behind {
                None => {}
                Some(None) => comers.fresh.push(id),
                Some(Some(since)) if comers.behind.len() < CAUGHT_UP => {
                    comers.behind.push((id, listener.scope.clone(), since.clone()));
                }
                Some(Some(_)) => others.push_back(id),
            }
        }
        self.reads_again |= !others.is_empty();
        self.late = others;
        comers
    }

    /// After a read that failed: at once it would fail again.
    fn wait_for_backstop(&mut self) {
        self.find_late();
        self.reads_again = false;
    }

    fn find_late(&mut self) {
        self.late = self.audience.iter().filter(|(_, listener)| listener.behind.is_some()).map(|(id, _)| id).collect();
    }

    /// Closes the sockets whose logins ended or changed.
    fn check_logins(&mut self, ctx: &mut Context<Self>) {
        let mut sessions: Vec<SessionId> = self.audience.iter().map(|(_, listener)| listener.session).collect();
        if sessions.is_empty() {
            return;
        }
        sessions.sort_unstable();
        sessions.dedup();
        let asked: HashSet<SessionId> = sessions.iter().copied().collect();
        let (db, clock) = (self.db.clone(), self.clock.clone());
        let job = self.engine.spawn(async move {
            let tx = db.auth().await?;
            let standings = identity::standings(&tx, &sessions, clock.now()).await?;
            tx.commit().await?;
            let standings = standings.into_iter().map(|(session, standing)| (session, standing.into()));
            Ok::<HashMap<SessionId, Arc<str>>, DbError>(standings.collect())
        });
        ctx.spawn(job.into_actor(self).map(move |outcome, this, _| match outcome {
            Ok(Ok(standings)) => this.keep_standing(&asked, &standings),
            // Nobody is cut off because the database is away; the next look decides.
            Ok(Err(error)) => tracing::warn!(%error, "logins behind sockets were not looked at"),
            Err(error) => tracing::error!(%error, "the look at logins ended"),
        }));
    }

    fn keep_standing(&mut self, asked: &HashSet<SessionId>, standings: &HashMap<SessionId, Arc<str>>) {
        self.audience.retain(|listener| {
            if !asked.contains(&listener.session) {
                return true;
            }
            let now = standings.get(&listener.session);
            let keeps = match (&listener.standing, now) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(before), Some(now)) => before == now,
            };
            listener.standing = now.cloned();
            if !keeps {
                // A socket that does not take even this is cut by the kernel.
                let _ = listener.recipient.try_send(Frame::Close(1008));
            }
            keeps
        });
    }

    fn serve(&mut self, fresh: &[Uuid], cycle: Cycle) {
        // Within a cycle frames carry the horizon from before it: a socket cut between two of them resumes from there.
        let before = self.horizon.clone().unwrap_or_else(|| cycle.live.cursor.clone());
        self.seen = cycle.seen;
        if let Some(events) = &cycle.live.events {
            let late = self.audience.broadcast(events, &before, &*self.renderer);
            metrics::counter!("storewire_ws_dropped_slow_total").increment(late.len() as u64);
            self.late.extend(late);
            self.tell_delays(events);
        } else {
            // More than a cycle holds: every listener is caught up from the log, as far as it goes.
            self.audience.set_all_behind();
            self.find_late();
            // A horizon that some other long transaction holds back would make the next cycle find the same.
            self.reads_again |= self.horizon.as_ref() != Some(&cycle.live.cursor);
        }
        self.late.extend(self.audience.welcome(fresh, &cycle.live.cursor));
        self.horizon = Some(cycle.live.cursor);
        for (id, read) in &cycle.caught_up {
            // A mailbox that is still full: a later cycle tries again.
            if !self.audience.catch_up(*id, read, &*self.renderer) {
                self.late.push_back(*id);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a metric")]
        metrics::gauge!("storewire_ws_connections").set(self.audience.len() as f64);
    }

    fn tell_delays(&self, events: &[FeedEvent]) {
        let now = self.clock.now();
        for event in events {
            let since = event.change.received_at.unwrap_or(event.change.saved_at);
            let lag = now.duration_since(since).as_secs_f64().max(0.0);
            metrics::histogram!("storewire_feed_delivery_seconds").record(lag);
        }
    }
}

impl Actor for Feed {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(BOUND);
        self.read(ctx);
        ctx.run_interval(BACKSTOP, |this, ctx| this.read(ctx));
        ctx.run_interval(LOGINS, Self::check_logins);
    }
}

impl Handler<Changed> for Feed {
    type Result = ();

    fn handle(&mut self, _: Changed, ctx: &mut Self::Context) {
        self.nudged.store(false, Ordering::Release);
        self.read(ctx);
    }
}

impl Handler<Join> for Feed {
    type Result = ();

    fn handle(&mut self, join: Join, ctx: &mut Self::Context) {
        let listener = Listener {
            session: join.session,
            scope: join.scope,
            recipient: join.recipient,
            behind: Some(join.cursor),
            sent: None,
            standing: None,
        };
        self.audience.insert(join.id, join.view, listener);
        self.late.push_back(join.id);
        self.read(ctx);
    }
}

impl Handler<Leave> for Feed {
    type Result = ();

    fn handle(&mut self, leave: Leave, _: &mut Self::Context) {
        self.audience.remove(leave.id);
    }
}

impl Handler<Revoke> for Feed {
    type Result = ();

    fn handle(&mut self, revoke: Revoke, _: &mut Self::Context) {
        self.audience.retain(|listener| {
            let is_meant = listener.session == revoke.session;
            // A socket that does not take even this is cut by the kernel.
            is_meant.then(|| listener.recipient.try_send(Frame::Close(1008)));
            !is_meant
        });
    }
}

impl Handler<Close> for Feed {
    type Result = ();

    fn handle(&mut self, _: Close, ctx: &mut Self::Context) {
        self.audience.retain(|listener| {
            let _ = listener.recipient.try_send(Frame::Close(1012));
            false
        });
        ctx.stop();
    }
}
