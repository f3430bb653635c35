//! Group commit of deliveries: many webhooks share one transaction, and each is answered only after it.
//!
//! The one actor whose mailbox carries data: what waits here was never acknowledged, so a kill loses nothing that
//! anyone was promised.

mod queue;

use std::time::{Duration, Instant};

use actix::{Actor, ActorFutureExt, Context, Handler, Message, WrapFuture};
use storewire_db::{
    Db, DbError,
    inbox::{self, NewDelivery},
};
use storewire_domain::StoreId;
use tokio::{runtime::Handle, sync::oneshot};

use self::queue::{Queue, Room};
use crate::{EngineConfig, failpoint, registry::Registry};

/// Deliveries that may stand in the mailbox; beyond, the sender is told at once to come back later.
const BOUND: usize = 4_096;

/// Then the stores are told to count a failure.
const DATABASE_MAY_BE_AWAY: Duration = Duration::from_secs(4);
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Store this delivery; `reply` hears when it is durable. Sent by the webhook intake after the signature was checked.
#[derive(Message)]
#[rtype(result = "()")]
pub struct SaveDelivery {
    pub delivery: NewDelivery,
    pub reply: oneshot::Sender<Result<(), SaveError>>,
}

/// Why a delivery was not stored. The store must be told to count it as failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SaveError {
    /// More is waiting than may wait.
    #[error("too much is waiting to be stored")]
    Full,
    /// The database refused or did not answer.
    #[error("the database did not take it")]
    Database,
}

/// See the module.
pub struct InboxWriter {
    db: Db,
    drivers: Handle,
    registry: Registry,
    config: EngineConfig,
    /// Not yet acknowledged; lost when killed, and then never promised.
    waiting: Queue,
    commits: usize,
}

impl InboxWriter {
    pub(crate) fn new(db: Db, drivers: Handle, registry: Registry, config: EngineConfig) -> Self {
        Self { db, drivers, registry, config, waiting: Queue::default(), commits: 0 }
    }

    fn flush(&mut self, ctx: &mut Context<Self>) {
        let room = Room { rows: self.config.commit_rows, bytes: self.config.commit_bytes };
        while self.commits < self.config.commits_at_once {
            let batch = self.waiting.take(room);
            if batch.is_empty() {
                return;
            }
            metrics::gauge!("storewire_inbox_writer_waiting_bytes").set(to_gauge(self.waiting.bytes()));
            let (deliveries, replies): (Vec<_>, Vec<_>) =
                batch.into_iter().map(|save| (save.delivery, save.reply)).unzip();
            let stores: Vec<StoreId> = deliveries.iter().map(|delivery| delivery.store_id).collect();
            self.commits += 1;
            let written = self.drivers.spawn(write(self.db.clone(), deliveries));
            let answered = written.into_actor(self).map(move |outcome, this, ctx| {
                this.commits -= 1;
                this.waiting.done(&stores);
                let outcome = match outcome {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => {
                        tracing::error!(%error, "deliveries were not stored");
                        Err(SaveError::Database)
                    }
                    Err(_) => Err(SaveError::Database),
                };
                for reply in replies {
                    // The receiver is gone when the store hung up; the row is stored all the same.
                    let _ = reply.send(outcome);
                }
                if outcome.is_ok() {
                    this.nudge(stores);
                }
                this.flush(ctx);
            });
            actix::AsyncContext::spawn(ctx, answered);
        }
    }

    fn nudge(&self, mut stores: Vec<StoreId>) {
        stores.sort_unstable();
        stores.dedup();
        for store in stores {
            self.registry.nudge_inbox(store);
        }
    }
}

/// Writes a batch, waiting for a lost database while the stores still wait for us. A commit whose answer was lost is done again: rows that are
/// there already stay as they are.
async fn write(db: Db, deliveries: Vec<NewDelivery>) -> Result<(), DbError> {
    let started = Instant::now();
    loop {
        match write_once(&db, &deliveries, started).await {
            Err(error) if error.is_unavailable() && started.elapsed() < DATABASE_MAY_BE_AWAY => {
                tracing::warn!(%error, "deliveries wait for the database");
                tokio::time::sleep(TRY_AGAIN_AFTER).await;
            }
            ended => return ended,
        }
    }
}

async fn write_once(db: &Db, deliveries: &[NewDelivery], started: Instant) -> Result<(), DbError> {
    let tx = db.intake().await?;
    failpoint!("inbox.before_commit");
    tx.commit_behind(inbox::insert(&tx, deliveries)).await?;
    failpoint!("inbox.after_commit");
    metrics::histogram!("storewire_inbox_commit_seconds").record(started.elapsed().as_secs_f64());
    metrics::histogram!("storewire_inbox_commit_rows").record(to_gauge(deliveries.len()));
    Ok(())
}

/// Counts are far below 2^52.
#[expect(clippy::cast_precision_loss, reason = "a metric")]
fn to_gauge(count: usize) -> f64 {
    count as f64
}

impl Actor for InboxWriter {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(BOUND);
    }
}

impl Handler<SaveDelivery> for InboxWriter {
    type Result = ();

    fn handle(&mut self, save: SaveDelivery, ctx: &mut Self::Context) {
        if self.waiting.bytes() + save.delivery.body.len() > self.config.waiting_bytes {
            let _ = save.reply.send(Err(SaveError::Full));
            return;
        }
        self.waiting.push(save);
        self.flush(ctx);
    }
}
