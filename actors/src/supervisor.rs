//! Starts, places, restarts and parks store actors; holds this node's leases.
//!
//! It looks at the rows on a timer and when an actor's guard reports an end; nothing it knows exists only here.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

use actix::{Actor, ActorContext, ActorFutureExt, Addr, Arbiter, AsyncContext, Context, Handler, Message, WrapFuture};
use jiff::{SignedDuration, Timestamp};
use storewire_db::{DbError, changes, inbox, intents, leases, rechecks, standing, stores};
use storewire_domain::{StoreId, StoreState, TenantId};
use tokio::runtime::Handle;
use uuid::Uuid;

use crate::{
    registry::Registry,
    spread::place,
    store::{Duty, EndGuardParts, Ended, Shared, Stop, StoreActor, store_changed, tell_state},
    watch::{self, Watch},
};

/// Reports of ended actors; a lost one is found by looking.
const BOUND: usize = 1_024;
/// Longer than any transaction that changes a store's row.
const LOOK_BACK: SignedDuration = SignedDuration::from_secs(60);

/// Look at the rows now. Sent when a store was connected or changed; safe any number of times.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Look;

/// A person resumed this store: look, and have it read at once. Lost, it is read in its turn.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Begin {
    pub(crate) store: StoreId,
}

/// End every store actor and give the leases back by letting them run out.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Shutdown;

/// One store under supervision.
struct Ward {
    tenant: TenantId,
    addr: Option<Addr<StoreActor>>,
    /// When its row had changed last, as far as was seen.
    seen: Timestamp,
    /// It was told to stop, and is watched until it is gone: only then another may start.
    is_stopping: bool,
    /// Which start of the actor this is; a report of an earlier one is stale.
    generation: u64,
    /// Restarts within the window, and which of them followed a crash.
    restarts: VecDeque<(Instant, bool)>,
    restart_is_due: bool,
}

/// See the module.
pub(crate) struct Supervisor {
    shared: Shared,
    registry: Registry,
    engine: Handle,
    arbiters: Vec<Arbiter>,
    node: Uuid,
    wards: HashMap<StoreId, Ward>,
    /// It looks at all stores by itself; here it is only ended. `None` before the start.
    watch: Option<Addr<Watch>>,
    /// Stores to be read as soon as they start.
    awaited: HashSet<StoreId>,
    /// Stores so far that were given a place in the interval of pulls.
    places: u32,
    /// Starts so far: tells a report of an earlier start from one of the present.
    generation: u64,
    /// The newest change of a store that was seen.
    seen: Timestamp,
    is_looking: bool,
    /// A look was asked for while one was under way.
    looks_again: bool,
    holds_leases: bool,
    /// Said once that another node owns the stores.
    has_said_idle: bool,
    next_renewal: Instant,
}

/// What one look at the rows found.
struct Seen {
    epochs: Option<HashMap<u8, i64>>,
    changed: Vec<stores::StoreBrief>,
    /// All stores were looked at, not only those that have changed.
    is_whole: bool,
    waiting: Vec<(Duty, StoreId)>,
}

impl Supervisor {
    pub(crate) fn new(shared: Shared, registry: Registry, engine: Handle, node: Uuid) -> Self {
        let arbiters = (0..shared.config.arbiters.max(1)).map(|_| Arbiter::new()).collect();
        Self {
            shared,
            registry,
            engine,
            arbiters,
            node,
            wards: HashMap::new(),
            watch: None,
            awaited: HashSet::new(),
            places: 0,
            generation: 0,
            seen: Timestamp::UNIX_EPOCH,
            is_looking: false,
            looks_again: false,
            holds_leases: false,
            has_said_idle: false,
            next_renewal: Instant::now(),
        }
    }

    fn look(&mut self, ctx: &mut Context<Self>) {
        if self.is_looking {
            self.looks_again = true;
            return;
        }
        self.is_looking = true;
        let wants_lease = !self.holds_leases || Instant::now() >= self.next_renewal;
        let looked = self.engine.spawn(look(self.shared.clone(), self.node, self.holds_leases, wants_lease, self.seen));
        ctx.spawn(looked.into_actor(self).map(move |seen, this, ctx| {
            this.is_looking = false;
            match seen {
                Ok(Ok(seen)) => this.act_on(seen, wants_lease, ctx),
                Ok(Err(error)) => tracing::warn!(%error, "supervisor could not look at its stores"),
                Err(error) => tracing::error!(%error, "supervisor's look ended"),
            }
            if std::mem::take(&mut this.looks_again) {
                this.look(ctx);
            }
        }));
    }

    fn act_on(&mut self, seen: Seen, renewed: bool, ctx: &mut Context<Self>) {
        let has_taken = seen.epochs.as_ref().is_some_and(|epochs| !epochs.is_empty());
        if let Some(epochs) = seen.epochs {
            self.take_shards(epochs);
        }
        if has_taken && !seen.is_whole {
            // Any store may be ours now, not only those that have changed lately.
            self.seen = Timestamp::UNIX_EPOCH;
            self.looks_again = true;
            return;
        }
        if renewed {
            self.next_renewal = Instant::now() + self.shared.config.lease / 3;
        }
        for brief in seen.changed {
            self.seen = self.seen.max(brief.updated_at);
            let should_run = !matches!(brief.state, StoreState::Paused | StoreState::Parked);
            if should_run {
                self.ensure(&brief, seen.is_whole, ctx);
            } else {
                self.stop(brief.id);
            }
        }
        self.find_silent_ends(ctx);
        for (duty, store) in seen.waiting {
            match duty {
                Duty::Inbox => self.registry.nudge_inbox(store),
                _ => self.registry.nudge(store, duty),
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a metric")]
        metrics::gauge!("storewire_actor_count").set(self.registry.len() as f64);
    }

    /// Another node may hold the shards: its stores are its own, and are looked at again when their shards come to us.
    fn take_shards(&mut self, epochs: HashMap<u8, i64>) {
        self.holds_leases = !epochs.is_empty();
        if !self.holds_leases && !self.has_said_idle {
            tracing::warn!("another node owns the stores; this one serves people and webhooks, and waits");
            self.has_said_idle = true;
        }
        for (shard, epoch) in epochs {
            self.shared.epochs.set(shard, epoch);
        }
    }

    fn ensure(&mut self, brief: &stores::StoreBrief, is_one_of_all: bool, ctx: &mut Context<Self>) {
        let stores::StoreBrief { tenant_id: tenant, id: store, state, updated_at } = *brief;
        if self.shared.epochs.of(store).is_none() {
            return;
        }
        if let Some(ward) = self.wards.get_mut(&store) {
            let is_news = std::mem::replace(&mut ward.seen, updated_at) != updated_at;
            // One that is stopping is started again when it is gone. Another process may have given a running one new keys: its actor
            // reads them with its next try, which is now.
            if !ward.is_stopping && (self.awaited.remove(&store) || (state == StoreState::New && is_news)) {
                let _ = self.registry.hurry(store, Duty::Pull);
            }
            return;
        }
        self.wards.insert(
            store,
            Ward {
                tenant,
                addr: None,
                seen: updated_at,
                is_stopping: false,
                generation: 0,
                restarts: VecDeque::new(),
                restart_is_due: false,
            },
        );
        // Stores that were read before and start together start their pulls spread over an interval; one that comes alone, at once.
        let is_awaited = self.awaited.remove(&store);
        let first_pull = match state {
            _ if is_awaited => Duration::ZERO,
            StoreState::New | StoreState::Importing => Duration::ZERO,
            _ if !is_one_of_all => Duration::ZERO,
            _ => {
                self.places = self.places.wrapping_add(1);
                place(self.places, self.shared.config.pull_interval)
            }
        };
        self.start(store, first_pull, ctx);
    }

    fn start(&mut self, store: StoreId, first_pull: Duration, ctx: &mut Context<Self>) {
        let Some(ward) = self.wards.get_mut(&store) else { return };
        ward.restart_is_due = false;
        if ward.addr.as_ref().is_some_and(Addr::connected) {
            return;
        }
        self.generation += 1;
        ward.generation = self.generation;
        let nudged = Arc::new(AtomicBool::new(false));
        let end = EndGuardParts { supervisor: ctx.address().recipient(), store, generation: ward.generation };
        let (shared, engine, tenant) = (self.shared.clone(), self.engine.clone(), ward.tenant);
        let arbiter = &self.arbiters[usize::from(store.shard()) % self.arbiters.len()];
        let flag = Arc::clone(&nudged);
        let addr = StoreActor::start_in_arbiter(&arbiter.handle(), move |_| {
            StoreActor::new(shared, tenant, store, engine, end.arm(), flag, first_pull)
        });
        ward.addr = Some(addr.clone());
        self.registry.insert(store, addr, nudged);
    }

    /// Has a store's actor end; asked again until it has, because its mailbox may be full.
    fn stop(&mut self, store: StoreId) {
        self.registry.remove(store);
        let Some(ward) = self.wards.get_mut(&store) else { return };
        ward.is_stopping = true;
        match &ward.addr {
            Some(addr) if addr.connected() => {
                let _ = addr.try_send(Stop);
            }
            _ => {
                self.wards.remove(&store);
            }
        }
    }

    /// Backs the guards: an actor that is gone without a word is restarted like any other.
    fn find_silent_ends(&mut self, ctx: &mut Context<Self>) {
        let stopping = self.wards.iter().filter(|(_, ward)| ward.is_stopping).map(|(store, _)| *store);
        for store in stopping.collect::<Vec<_>>() {
            self.stop(store);
        }
        let silent: Vec<StoreId> = self
            .wards
            .iter()
            .filter(|(_, ward)| !ward.restart_is_due && ward.addr.as_ref().is_some_and(|addr| !addr.connected()))
            .map(|(store, _)| *store)
            .collect();
        for store in silent {
            self.restart(store, true, ctx);
        }
    }

    /// Restarts an ended actor: at once the first time, then with backoff, until it has used up its crashes. One that ended because the
    /// database did not say what became of a commit is not to blame, however often that happens.
    fn restart(&mut self, store: StoreId, has_crashed: bool, ctx: &mut Context<Self>) {
        let config = Arc::clone(&self.shared.config);
        let Some(ward) = self.wards.get_mut(&store) else { return };
        if ward.restart_is_due {
            return;
        }
        ward.restart_is_due = true;
        let now = Instant::now();
        while ward.restarts.front().is_some_and(|(at, _)| now.duration_since(*at) > config.restart_window) {
            ward.restarts.pop_front();
        }
        ward.restarts.push_back((now, has_crashed));
        let count = ward.restarts.len();
        metrics::counter!("storewire_actor_restarts_total").increment(1);
        if ward.restarts.iter().filter(|(_, has_crashed)| *has_crashed).count() > config.restart_limit {
            return self.park(store, ctx);
        }
        let Some(later) = u32::try_from(count - 1).ok().filter(|more| *more > 0) else {
            return self.start(store, Duration::ZERO, ctx);
        };
        ctx.run_later(config.restart.delay(later, rand::random()), move |this, ctx| {
            this.start(store, Duration::ZERO, ctx)
        });
    }

    fn park(&mut self, store: StoreId, ctx: &mut Context<Self>) {
        tracing::error!(store.id = %store, "store is parked: its actor ended too often; resume it when the cause is found");
        self.registry.remove(store);
        let (Some(ward), Some(epoch)) = (self.wards.get(&store), self.shared.epochs.of(store)) else { return };
        let (shared, tenant) = (self.shared.clone(), ward.tenant);
        let written = self.engine.spawn(async move {
            let now = shared.clock.now();
            let tx = shared.db.store_write(tenant, store, epoch).await?;
            let parked = stores::NewState {
                state: StoreState::Parked,
                reason: Some("restarts"),
                ok_at: None,
                error: Some("the store's actor ended too often"),
            };
            if let Some(before) = standing::report(&tx, store, &parked, now).await? {
                tell_state(&tx, store, &before, parked.state, parked.reason, now).await?;
                changes::append_one(&tx, store, store_changed(store), now).await?;
            }
            tx.commit().await?;
            shared.feed.send();
            Ok::<_, DbError>(())
        });
        ctx.spawn(written.into_actor(self).map(move |outcome, this, _| {
            if !matches!(outcome, Ok(Ok(()))) {
                tracing::error!(store.id = %store, "parking was not written down");
                // Nobody could resume what no row says is parked: it is begun with anew at the next look that may.
                this.wards.remove(&store);
                this.seen = Timestamp::UNIX_EPOCH;
            }
        }));
    }
}

async fn look(
    shared: Shared,
    node: Uuid,
    holds_leases: bool,
    wants_lease: bool,
    seen: Timestamp,
) -> Result<Seen, DbError> {
    let mut epochs = None;
    if wants_lease {
        let now = shared.clock.now();
        let lease = SignedDuration::try_from(shared.config.lease).unwrap_or(SignedDuration::from_secs(10));
        let until = now.saturating_add(lease).unwrap_or(now);
        let tx = shared.db.auth().await?;
        // A node that slept through its lease finds none of its shards to renew, and asks for them like a new one.
        if !holds_leases || leases::renew(&tx, node, until).await? == 0 {
            epochs = Some(leases::take(&tx, node, now, until).await?);
        }
        tx.commit().await?;
    }
    let tx = shared.db.platform().await?;
    // A row's time is older than its commit: one that was committed later may lie before what was seen already.
    let changed = stores::changed_since(&tx, seen.saturating_sub(LOOK_BACK).unwrap_or(seen)).await?;
    let is_whole = seen == Timestamp::UNIX_EPOCH;
    let mail = inbox::stores_waiting(&tx).await?.into_iter().map(|(_, store)| (Duty::Inbox, store));
    let mut waiting: Vec<(Duty, StoreId)> = mail.collect();
    if is_whole {
        // Actors that start now look at their rows when their turn comes; those whose rows hold work are told.
        waiting.extend(intents::stores_open(&tx).await?.into_iter().map(|store| (Duty::Outbox, store)));
        waiting.extend(rechecks::stores_waiting(&tx).await?.into_iter().map(|store| (Duty::Rechecks, store)));
    }
    tx.commit().await?;
    Ok(Seen { epochs, changed, is_whole, waiting })
}

impl Actor for Supervisor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(BOUND);
        self.watch = Some(Watch::new(self.shared.clone(), self.engine.clone()).start());
        self.look(ctx);
        ctx.run_interval(self.shared.config.supervise_interval, |this, ctx| this.look(ctx));
    }
}

impl Handler<Look> for Supervisor {
    type Result = ();

    fn handle(&mut self, _: Look, ctx: &mut Self::Context) {
        self.look(ctx);
    }
}

impl Handler<Begin> for Supervisor {
    type Result = ();

    fn handle(&mut self, Begin { store }: Begin, ctx: &mut Self::Context) {
        self.awaited.insert(store);
        self.look(ctx);
    }
}

impl Handler<Ended> for Supervisor {
    type Result = ();

    fn handle(&mut self, ended: Ended, ctx: &mut Self::Context) {
        let is_current = self.wards.get(&ended.store).is_some_and(|ward| ward.generation == ended.generation);
        if !is_current {
            return;
        }
        if self.wards.get(&ended.store).is_some_and(|ward| ward.is_stopping) {
            self.wards.remove(&ended.store);
            // It may have been resumed meanwhile.
            return self.look(ctx);
        }
        if ended.has_panicked {
            tracing::error!(store.id = %ended.store, "store actor panicked");
        }
        self.restart(ended.store, ended.has_panicked, ctx);
    }
}

impl Handler<Shutdown> for Supervisor {
    type Result = ();

    fn handle(&mut self, _: Shutdown, ctx: &mut Self::Context) {
        let all: Vec<StoreId> = self.wards.keys().copied().collect();
        for store in all {
            self.stop(store);
        }
        if let Some(watch) = &self.watch {
            let _ = watch.try_send(watch::Stop);
        }
        for arbiter in &self.arbiters {
            arbiter.stop();
        }
        ctx.stop();
    }
}
