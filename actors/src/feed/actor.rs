//! The actor that follows the log and serves the sessions.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use actix::{Actor, ActorContext, ActorFutureExt, AsyncContext, Context, Handler, WrapFuture};
use storewire_db::{ChangeRow, Db, changes::Cursor};
use storewire_domain::Clock;
use tokio::runtime::Handle;
use uuid::Uuid;

use super::{
    Changed, Close, FeedEvent, Frame, Join, Leave, News, Renderer, Revoke, Whisper,
    audience::{Audience, Listener},
    cycle::{self, Behind, Cycle},
    news::Told,
    seen::Seen,
};

/// Joins and leaves; nudges coalesce before they get here.
const BOUND: usize = 4_096;

/// The log is looked at this often even if no nudge came.
const BACKSTOP: Duration = Duration::from_secs(1);

/// Logins behind open sockets are looked at this often: an ended one, or one with another role, loses its socket.
const LOGINS: Duration = Duration::from_secs(2);

/// Changes shown between two reads of the log; the next read goes through them once more.
const MOST_SHOWN: usize = 250;

/// Listeners caught up in one cycle at most: those who are live wait for them.
const CAUGHT_UP: usize = 64;

/// See the module.
pub struct Feed {
    pub(super) db: Db,
    pub(super) engine: Handle,
    pub(super) clock: Clock,
    renderer: Arc<dyn Renderer>,
    resume_limit: u32,
    pub(super) audience: Audience,
    /// Who must be told something before going live, in the order of coming; some may be gone.
    late: VecDeque<Uuid>,
    /// The horizon of the last read; `None` before the first.
    horizon: Option<Cursor>,
    /// What the log repeats is dropped by this; away with the read under way. Without it repeats are sent, which clients drop.
    seen: Seen,
    news: Arc<News>,
    /// Changes that were shown on the word of those who committed them, since the last read.
    shown: usize,
    is_reading: bool,
    /// When the read under way is over, the log is read again.
    reads_again: bool,
    /// The same, but what was told meanwhile may do.
    looks_again: bool,
}

/// Listeners that a cycle takes in.
#[derive(Default)]
struct Comers {
    /// They begin from now.
    fresh: Vec<Uuid>,
    behind: Vec<Behind>,
}

impl Feed {
    pub(crate) fn new(
        db: Db,
        engine: Handle,
        clock: Clock,
        renderer: Arc<dyn Renderer>,
        resume_limit: u32,
        news: Arc<News>,
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
            seen: Seen::default(),
            news,
            shown: 0,
            is_reading: false,
            reads_again: false,
            looks_again: false,
        }
    }

    /// Shows what was told, or reads the log if that says more.
    fn look(&mut self, ctx: &mut Context<Self>) {
        if self.is_reading {
            // A listener whom that read catches up would lack what is shown before.
            self.looks_again = true;
            return;
        }
        let Told { changes, is_incomplete } = self.news.take();
        if is_incomplete || !self.show(changes) {
            self.read(ctx);
        }
    }

    fn read(&mut self, ctx: &mut Context<Self>) {
        if self.is_reading {
            self.reads_again = true;
            return;
        }
        // The log has all of it.
        self.news.take();
        #[expect(clippy::cast_precision_loss, reason = "a metric")]
        metrics::gauge!("storewire_ws_connections").set(self.audience.len() as f64);
        if self.audience.is_empty() {
            // Who comes next begins anew, or from a cursor of its own.
            (self.horizon, self.seen) = (None, Seen::default());
            return self.late.clear();
        }
        (self.is_reading, self.shown) = (true, 0);
        let Comers { fresh, behind } = self.comers();
        let (db, horizon, limit) = (self.db.clone(), self.horizon.clone(), self.resume_limit);
        let (seen, views) = (std::mem::take(&mut self.seen), self.audience.views());
        let job = self.engine.spawn(cycle::read(db, horizon, seen, views, behind, limit));
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
            let looks_again = std::mem::take(&mut this.looks_again);
            if std::mem::take(&mut this.reads_again) {
                this.read(ctx);
            } else if looks_again {
                this.look(ctx);
            }
        }));
    }

    /// Shows changes on the word of those who committed them; false if the log must be read all the same: for the rows behind them, for
    /// what was left out before them, or because it is time.
    ///
    /// The horizon stays where it is, so what is shown here is read once more and dropped as seen.
    fn show(&mut self, changes: Vec<ChangeRow>) -> bool {
        let Some(horizon) = self.horizon.clone() else { return false };
        if self.shown + changes.len() > MOST_SHOWN || self.audience.shows_row_of_any(&changes) {
            return false;
        }
        let (next, is_whole) = self.seen.next(changes);
        self.shown += next.len();
        let events: Vec<FeedEvent> = next.into_iter().map(FeedEvent::bare).collect();
        self.broadcast(&events, &horizon);
        is_whole
    }

    /// Takes from the line of those who wait as many as a cycle serves.
    fn comers(&mut self) -> Comers {
        let mut comers = Comers::default();
        let mut others = VecDeque::new();
        for id in self.late.drain(..) {
            let Some((view, listener)) = self.audience.get(id) else { continue };
            match &listener.behind {
                None => {}
                Some(None) => comers.fresh.push(id),
                Some(Some(since)) if comers.behind.len() < CAUGHT_UP => {
                    let (view, scope) = (Arc::clone(view), listener.scope.clone());
                    comers.behind.push(Behind { id, view, scope, since: since.clone() });
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
        (self.reads_again, self.looks_again) = (false, false);
    }

    fn find_late(&mut self) {
        self.late = self.audience.iter().filter(|(_, listener)| listener.behind.is_some()).map(|(id, _)| id).collect();
    }

    fn serve(&mut self, fresh: &[Uuid], cycle: Cycle) {
        // Within a cycle frames carry the horizon from before it: a socket cut between two of them resumes from there.
        let before = self.horizon.clone().unwrap_or_else(|| cycle.live.cursor.clone());
        self.seen = cycle.seen;
        if let Some(events) = &cycle.live.events {
            self.broadcast(events, &before);
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
            // Too much still waits for it: a later cycle tries again.
            if !self.audience.catch_up(*id, read, &*self.renderer) {
                self.late.push_back(*id);
            }
        }
    }

    /// Shows everybody who is live what of these events concerns them.
    fn broadcast(&mut self, events: &[FeedEvent], horizon: &Cursor) {
        let late = self.audience.broadcast(events, horizon, &*self.renderer);
        metrics::counter!("storewire_ws_dropped_slow_total").increment(late.len() as u64);
        self.late.extend(late);
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
        self.look(ctx);
    }
}

impl Handler<Join> for Feed {
    type Result = ();

    fn handle(&mut self, join: Join, ctx: &mut Self::Context) {
        let listener = Listener {
            session: join.session,
            scope: join.scope,
            outlet: join.outlet,
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

impl Handler<Whisper> for Feed {
    type Result = ();

    fn handle(&mut self, whisper: Whisper, _: &mut Self::Context) {
        self.audience.whisper(whisper);
    }
}

impl Handler<Revoke> for Feed {
    type Result = ();

    fn handle(&mut self, revoke: Revoke, _: &mut Self::Context) {
        self.audience.retain(|id, listener| {
            let is_meant = listener.session == revoke.session;
            // A socket that does not take even this is cut by the kernel.
            is_meant.then(|| listener.outlet.send(id, Frame::Close(1008)));
            !is_meant
        });
    }
}

impl Handler<Close> for Feed {
    type Result = ();

    fn handle(&mut self, _: Close, ctx: &mut Self::Context) {
        self.audience.retain(|id, listener| {
            listener.outlet.send(id, Frame::Close(1012));
            false
        });
        ctx.stop();
    }
}
