//! Rehearsals: simulated twins of chosen stores in a tenant of their own, worked on by the real engine, then compared with their copies.
//!
//! Everything that the product does for a store it does for a twin; only the way there is another (`actors/src/twins.rs`). The twins live
//! in this process, on threads of their own, and one rehearsal at a time.

mod gauge;
mod play;
mod settle;
mod shops;
mod troubles;

use std::{
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::json;
use storewire_actors::Engine;
use storewire_db::{
    Db, DbError, audit, identity,
    rehearsals::{self, Ending, NewRehearsal},
};
use storewire_domain::{
    Clock, TenantId,
    rehearsal::{Moment, Phase, Progress, Wish},
};
use storewire_web::rehearsals::{BeginError, Stage, Wanted};
use tokio::{runtime::Handle, sync::watch};
use uuid::Uuid;

use crate::config::DatabaseUrl;

/// While the database is away, the end of a rehearsal waits for it.
const TRIES_TO_END: u32 = 120;
const TRY_TO_END_EVERY: Duration = Duration::from_secs(5);

/// What a rehearsal is carried out with.
pub struct Parts {
    pub db: Db,
    pub engine: Engine,
    pub clock: Clock,
    /// Drives everything but the shops.
    pub runtime: Handle,
    pub node: Uuid,
    /// For the oracle, which has a connection of its own.
    pub app_url: DatabaseUrl,
    /// Where this machine itself reaches our listener.
    pub address: SocketAddr,
}

/// Carries rehearsals out. Cheap to clone.
#[derive(Clone)]
pub struct Rehearsals(Arc<Inner>);

struct Inner {
    parts: Parts,
    current: Mutex<Option<Current>>,
}

/// The rehearsal under way.
struct Current {
    id: TenantId,
    stop: watch::Sender<bool>,
}

/// Frees the only seat, however a rehearsal ends.
struct Seat(Rehearsals);

impl Drop for Seat {
    fn drop(&mut self) {
        *self.0.current() = None;
    }
}

impl Rehearsals {
    /// Rows that an interrupted rehearsal left are deleted meanwhile.
    pub fn new(parts: Parts) -> Self {
        let rehearsals = Self(Arc::new(Inner { parts, current: Mutex::default() }));
        let this = rehearsals.clone();
        rehearsals.0.parts.runtime.spawn(async move {
            if let Err(error) = this.clear_kept(|phase| phase == Phase::Interrupted).await {
                tracing::warn!(%error, "what an interrupted rehearsal left stays for now");
            }
        });
        rehearsals
    }

    fn current(&self) -> std::sync::MutexGuard<'_, Option<Current>> {
        self.0.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the rehearsal of this name is told to stop, if it is under way here.
    fn under_way(&self, id: TenantId) -> Option<watch::Sender<bool>> {
        self.current().as_ref().filter(|current| current.id == id).map(|current| current.stop.clone())
    }

    /// Takes the only seat.
    fn sit(&self, id: TenantId) -> Option<(Seat, watch::Receiver<bool>)> {
        let mut current = self.current();
        if current.is_some() {
            return None;
        }
        let (stop, stopped) = watch::channel(false);
        *current = Some(Current { id, stop });
        drop(current);
        Some((Seat(self.clone()), stopped))
    }

    async fn start(&self, wanted: Wanted) -> Result<TenantId, BeginError> {
        let id = TenantId::for_rehearsal();
        let (seat, stopped) = self.sit(id).ok_or(BeginError::Busy)?;
        self.write_down(id, &wanted).await?;
        let this = self.clone();
        self.0.parts.runtime.spawn(async move {
            let seat = seat;
            this.carry_out(id, wanted, stopped).await;
            drop(seat);
        });
        Ok(id)
    }

    async fn write_down(&self, id: TenantId, wanted: &Wanted) -> Result<(), DbError> {
        let Parts { db, clock, node, .. } = &self.0.parts;
        let now = clock.now();
        let new = NewRehearsal {
            name: format!("Rehearsal of {}", now.strftime("%-d %b %Y, %H:%M")),
            node: *node,
            wished_by: wanted.by,
            wish: wanted.wish.clone(),
        };
        let tx = db.tenant(id).await?;
        identity::create_tenant(&tx, &new.name).await?;
        rehearsals::insert(&tx, &new, now).await?;
        let detail =
            json!({ "stores": wanted.originals.len(), "twins": wanted.wish.twins(), "rate": wanted.wish.rate });
        audit::write(&tx, Some(wanted.by), "rehearsal.begin", Some(id.uuid()), &detail, now).await?;
        tx.commit().await
    }

    async fn carry_out(&self, id: TenantId, wanted: Wanted, stopped: watch::Receiver<bool>) {
        let parts = &self.0.parts;
        // Whoever begins another has looked at the one before.
        if let Err(error) = self.clear_kept(|_| true).await {
            tracing::warn!(%error, "rows of an earlier rehearsal stay for now");
        }
        let played = play::play(parts, id, &wanted, stopped).await;
        let reason = played.as_ref().err().map(|error| format!("{error:#}"));
        if let Some(reason) = &reason {
            tracing::error!(tenant.id = %id, reason, "the rehearsal failed");
        }
        let ending = match &played {
            Ok(report) => Ending { phase: Phase::Done, reason: None, report: Some(report) },
            Err(_) => Ending { phase: Phase::Failed, reason: reason.as_deref(), report: None },
        };
        for _ in 0..TRIES_TO_END {
            match self.end(id, &wanted.wish, &ending).await {
                Ok(()) => return,
                Err(error) => tracing::warn!(tenant.id = %id, %error, "the rehearsal's end is not written down yet"),
            }
            tokio::time::sleep(TRY_TO_END_EVERY).await;
        }
        tracing::error!(tenant.id = %id, "the rehearsal's end was not written down; the next start does it");
    }

    /// Ends the twins' actors, then the rehearsal. Safe to repeat.
    async fn end(&self, id: TenantId, wish: &Wish, ending: &Ending<'_>) -> Result<(), DbError> {
        let parts = &self.0.parts;
        parts.engine.close_twins(id).await?;
        let now = parts.clock.now();
        let tx = parts.db.tenant(id).await?;
        rehearsals::finish(&tx, ending, now).await?;
        let moment = Moment::of(wish, ending.phase, &Progress::default(), ending.report, now);
        rehearsals::tell(&tx, &moment, now).await?;
        tx.commit().await
    }

    /// Deletes the rows of this node's rehearsals that ended so.
    async fn clear_kept(&self, is_meant: impl Fn(Phase) -> bool) -> Result<(), DbError> {
        let Parts { db, clock, node, .. } = &self.0.parts;
        for row in rehearsals::kept(db, *node).await? {
            if is_meant(row.phase) {
                rehearsals::clear(db, row.tenant_id, clock.now()).await?;
            }
        }
        Ok(())
    }
}

impl Stage for Rehearsals {
    fn begin(&self, wanted: Wanted) -> Pin<Box<dyn Future<Output = Result<TenantId, BeginError>> + Send + '_>> {
        Box::pin(self.start(wanted))
    }

    fn stop(&self, id: TenantId) {
        if let Some(stop) = self.under_way(id) {
            stop.send_replace(true);
        }
    }

    fn clear(&self, id: TenantId) {
        if self.under_way(id).is_some() {
            return;
        }
        let this = self.clone();
        self.0.parts.runtime.spawn(async move {
            let Parts { db, clock, .. } = &this.0.parts;
            if let Err(error) = rehearsals::clear(db, id, clock.now()).await {
                tracing::warn!(tenant.id = %id, %error, "a rehearsal's rows were not all deleted; asking again goes on");
            }
        });
    }
}
