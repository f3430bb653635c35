//! The actor that follows the log and serves the sessions.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix::{Actor, ActorContext, ActorFutureExt, AsyncContext, Context, Handler, Message, Recipient, WrapFuture};
use storewire_db::{Db, DbError, changes::Cursor, identity};
use storewire_domain::{Clock, ReadScope, SessionId};
use tokio::runtime::Handle;
use uuid::Uuid;

use super::{
    FeedEvent, Frame, Page, Rendered, Renderer, View, frame,
    log::{self, Read, Seen},
};

/// Joins and leaves; nudges coalesce before they get here.
const BOUND: usize = 4_096;

/// The log is looked at this often even if no nudge came.
const BACKSTOP: Duration = Duration::from_secs(1);

/// Logins behind open sockets are looked at this often: an ended one, or one with another role, loses its socket.
const LOGINS: Duration = Duration::from_secs(2);

/// Changes read in one cycle at most; the rest waits for the next.
const CYCLE_LIMIT: u32 = 10_000;

/// A socket wants to listen. Sent by the session after its login was checked; the scope is what it may see.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Join {
    /// The socket's own id, fresh for each connection.
    pub id: Uuid,
    pub session: SessionId,
    pub view: View,
    pub scope: ReadScope,
    /// Where it stopped listening; `None` to start from now.
    pub cursor: Option<Cursor>,
    pub recipient: Recipient<Frame>,
}

/// A socket is gone. Safe twice.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Leave {
    pub id: Uuid,
}

/// A login ended: its sockets are closed.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Revoke {
    pub session: SessionId,
}

/// Something was committed.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Changed;

/// The node stops: close every socket with "try again".
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Close;

struct Listener {
    session: SessionId,
    view: View,
    scope: ReadScope,
    recipient: Recipient<Frame>,
    /// From where it must be caught up before it goes on; `None` while live.
    behind: Option<Option<Cursor>>,
    /// The horizon up to which it was sent everything.
    sent: Option<Cursor>,
    /// What its login stood for when first looked at; rebuilt by looking again.
    standing: Option<String>,
}

/// See the module.
pub struct Feed {
    db: Db,
    engine: Handle,
    clock: Clock,
    renderer: Arc<dyn Renderer>,
    resume_limit: u32,
    listeners: HashMap<Uuid, Listener>,
    /// The horizon of the last read; `None` before the first.
    horizon: Option<Cursor>,
    /// What the log repeats is dropped by this; away with the read under way. Without it repeats are sent, which clients drop.
    seen: Seen,
    nudged: Arc<AtomicBool>,
    is_reading: bool,
    reads_again: bool,
}

/// One cycle's reads: the log since the last, then each listener that is behind.
struct Cycle {
    seen: Seen,
    live: Read,
    caught_up: Vec<(Uuid, Read)>,
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
            listeners: HashMap::new(),
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
        let behind: Vec<(Uuid, ReadScope, Option<Cursor>)> = self
            .listeners
            .iter()
            .filter_map(|(id, listener)| Some((*id, listener.scope.clone(), listener.behind.clone()?)))
            .collect();
        let (db, horizon, limit) = (self.db.clone(), self.horizon.clone(), self.resume_limit);
        let job = self.engine.spawn(cycle(db, horizon, std::mem::take(&mut self.seen), behind, limit));
        ctx.spawn(job.into_actor(self).map(|outcome, this, ctx| {
            this.is_reading = false;
            match outcome {
                Ok(Ok(cycle)) => this.serve(cycle),
                Ok(Err(error)) => tracing::warn!(%error, "the feed could not read the change log"),
                Err(error) => tracing::error!(%error, "the feed's read ended"),
            }
            if std::mem::take(&mut this.reads_again) {
                this.read(ctx);
            }
        }));
    }

    /// Closes the sockets whose logins ended or changed.
    fn check_logins(&mut self, ctx: &mut Context<Self>) {
        let mut sessions: Vec<SessionId> = self.listeners.values().map(|listener| listener.session).collect();
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
            Ok::<_, DbError>(standings)
        });
        ctx.spawn(job.into_actor(self).map(move |outcome, this, _| match outcome {
            Ok(Ok(standings)) => this.keep_standing(&asked, &standings),
            // Nobody is cut off because the database is away; the next look decides.
            Ok(Err(error)) => tracing::warn!(%error, "logins behind sockets were not looked at"),
            Err(error) => tracing::error!(%error, "the look at logins ended"),
        }));
    }

    fn keep_standing(&mut self, asked: &HashSet<SessionId>, standings: &HashMap<SessionId, String>) {
        self.listeners.retain(|_, listener| {
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

    fn serve(&mut self, cycle: Cycle) {
        // Within a cycle frames carry the horizon from before it: a socket cut between two of them resumes from there.
        let before = self.horizon.clone().unwrap_or_else(|| cycle.live.cursor.clone());
        self.seen = cycle.seen;
        if let Some(fresh) = cycle.live.events {
            self.broadcast(&fresh, &before);
            self.horizon = Some(cycle.live.cursor);
        } else {
            // More than a cycle holds: every listener is caught up from the log, as far as it goes.
            for listener in self.listeners.values_mut() {
                listener.behind.get_or_insert_with(|| listener.sent.clone());
            }
            // A horizon that some other long transaction holds back would make the next cycle find the same.
            self.reads_again = self.horizon.as_ref() != Some(&cycle.live.cursor);
            self.horizon = Some(cycle.live.cursor);
        }
        for (id, read) in cycle.caught_up {
            self.catch_up(id, read);
        }
        #[expect(clippy::cast_precision_loss, reason = "a metric")]
        metrics::gauge!("storewire_ws_connections").set(self.listeners.len() as f64);
    }

    fn broadcast(&mut self, events: &[FeedEvent], cursor: &Cursor) {
        if events.is_empty() {
            return;
        }
        let mut views: HashMap<&View, Vec<Uuid>> = HashMap::new();
        for (id, listener) in self.listeners.iter().filter(|(_, listener)| listener.behind.is_none()) {
            views.entry(&listener.view).or_default().push(*id);
        }
        let mut deliveries: Vec<(Uuid, Frame)> = Vec::new();
        for (view, ids) in views {
            for event in events.iter().filter(|event| view.concerns(event)) {
                let mut rendered = None;
                for id in &ids {
                    let may_see = self.listeners.get(id).is_some_and(|listener| may_see(&listener.scope, event));
                    if !may_see {
                        continue;
                    }
                    // Rendered for the first who may see it, shared by the others.
                    let frame = rendered.get_or_insert_with(|| render(&*self.renderer, view, event, cursor));
                    if let Some(frame) = frame {
                        deliveries.push((*id, frame.clone()));
                    }
                }
            }
        }
        for (id, frame) in deliveries {
            self.send(id, frame, cursor);
        }
        let now = self.clock.now();
        for event in events {
            let since = event.change.received_at.unwrap_or(event.change.saved_at);
            let lag = now.duration_since(since).as_secs_f64().max(0.0);
            metrics::histogram!("storewire_feed_delivery_seconds").record(lag);
        }
    }

    /// Sends a frame, or notes that the listener fell behind: its mailbox is full, the log has what it lacks.
    fn send(&mut self, id: Uuid, frame: Frame, cursor: &Cursor) {
        let Some(listener) = self.listeners.get_mut(&id) else { return };
        if listener.behind.is_some() {
            return;
        }
        if listener.recipient.try_send(frame).is_err() {
            metrics::counter!("storewire_ws_dropped_slow_total").increment(1);
            listener.behind = Some(listener.sent.clone());
        } else {
            listener.sent = Some(cursor.clone());
        }
    }

    fn catch_up(&mut self, id: Uuid, read: Read) {
        let Some(listener) = self.listeners.get_mut(&id) else { return };
        let Some(events) = read.events else {
            // It starts anew from now, after a reload.
            if listener.recipient.try_send(frame::reload()).is_ok() {
                (listener.behind, listener.sent) = (None, Some(read.cursor));
            }
            return;
        };
        let from = listener.behind.clone().flatten().unwrap_or_else(|| read.cursor.clone());
        let frames: Vec<Arc<str>> = newest_per_record(&listener.view.page, &events)
            .filter(|event| listener.view.concerns(event))
            .filter_map(|event| render(&*self.renderer, &listener.view, event, &from))
            .chain(std::iter::once(frame::hello(read.cursor.as_str())))
            .filter_map(Frame::into_text)
            .collect();
        if listener.recipient.try_send(Frame::Texts(frames.into())).is_err() {
            // Its mailbox is still full; the next cycle tries again.
            return;
        }
        (listener.behind, listener.sent) = (None, Some(read.cursor));
    }
}

/// A program is sent every change; a page needs only the last of each record, since a fragment shows the row as it is.
fn newest_per_record<'a>(page: &Page, events: &'a [FeedEvent]) -> impl Iterator<Item = &'a FeedEvent> {
    let keeps_all = matches!(page, Page::Api | Page::Order(_) | Page::Product(_) | Page::Customer(_));
    let mut last: HashMap<Uuid, i64> = HashMap::new();
    for event in events {
        last.insert(event.change.entity_id, event.change.seq);
    }
    events.iter().filter(move |event| keeps_all || last.get(&event.change.entity_id) == Some(&event.change.seq))
}

fn render(renderer: &dyn Renderer, view: &View, event: &FeedEvent, cursor: &Cursor) -> Option<Frame> {
    if view.page == Page::Api {
        return Some(frame::of_change(&event.change, cursor.as_str(), None));
    }
    let rendered: Rendered = renderer.render(view, event)?;
    Some(frame::of_change(&event.change, cursor.as_str(), Some(&rendered)))
}

fn may_see(scope: &ReadScope, event: &FeedEvent) -> bool {
    match scope {
        ReadScope::Tenant(tenant) => *tenant == event.change.tenant_id,
        ReadScope::Platform { stores: None } => true,
        ReadScope::Platform { stores: Some(stores) } => stores.contains(&event.change.store_id),
    }
}

async fn cycle(
    db: Db,
    horizon: Option<Cursor>,
    mut seen: Seen,
    behind: Vec<(Uuid, ReadScope, Option<Cursor>)>,
    resume_limit: u32,
) -> Result<Cycle, DbError> {
    let everything = ReadScope::Platform { stores: None };
    let live = log::read(&db, &everything, horizon.as_ref(), CYCLE_LIMIT, &mut seen).await?;
    // After the live read, so that what is committed meanwhile is caught up here or live in the next cycle.
    let mut caught_up = Vec::with_capacity(behind.len());
    for (id, scope, since) in behind {
        let read = log::read(&db, &scope, since.as_ref(), resume_limit, &mut Seen::new()).await?;
        caught_up.push((id, read));
    }
    Ok(Cycle { seen, live, caught_up })
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
            view: join.view,
            scope: join.scope,
            recipient: join.recipient,
            behind: Some(join.cursor),
            sent: None,
            standing: None,
        };
        self.listeners.insert(join.id, listener);
        self.read(ctx);
    }
}

impl Handler<Leave> for Feed {
    type Result = ();

    fn handle(&mut self, leave: Leave, _: &mut Self::Context) {
        self.listeners.remove(&leave.id);
    }
}

impl Handler<Revoke> for Feed {
    type Result = ();

    fn handle(&mut self, revoke: Revoke, _: &mut Self::Context) {
        self.listeners.retain(|_, listener| {
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
        for (_, listener) in self.listeners.drain() {
            let _ = listener.recipient.try_send(Frame::Close(1012));
        }
        ctx.stop();
    }
}
