//! Group commit of deliveries: many webhooks share one transaction, and each is answered only after it.
//!
//! The one actor whose mailbox carries data: what waits here was never acknowledged, so a kill loses nothing that
//! anyone was promised.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use actix::{Actor, ActorFutureExt, Context, Handler, Message, WrapFuture};
use storewire_db::{
    Db, DbError,
    inbox::{self, NewDelivery},
};
use storewire_domain::StoreId;
use tokio::{runtime::Handle, sync::oneshot};

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
    waiting: VecDeque<SaveDelivery>,
    waiting_bytes: usize,
    commits: usize,
}

impl InboxWriter {
    pub(crate) fn new(db: Db, drivers: Handle, registry: Registry, config: EngineConfig) -> Self {
        Self { db, drivers, registry, config, waiting: VecDeque::new(), waiting_bytes: 0, commits: 0 }
    }

    fn flush(&mut self, ctx: &mut Context<Self>) {
        while self.commits < self.config.commits_at_once && !self.waiting.is_empty() {
            let batch = self.take_batch();
            let (deliveries, replies): (Vec<_>, Vec<_>) =
                batch.into_iter().map(|save| (save.delivery, save.reply)).unzip();
            let stores: Vec<StoreId> = deliveries.iter().map(|delivery| delivery.store_id).collect();
            self.commits += 1;
            let written = self.drivers.spawn(write(self.db.clone(), deliveries));
            let answered = written.into_actor(self).map(move |outcome, this, ctx| {
                this.commits -= 1;
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

    fn take_batch(&mut self) -> Vec<SaveDelivery> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(next) = self.waiting.front() {
            let size = next.delivery.body.len();
            if !batch.is_empty() && (batch.len() >= self.config.commit_rows || bytes + size > self.config.commit_bytes)
            {
                break;
            }
            bytes += size;
            batch.extend(self.waiting.pop_front());
        }
        self.waiting_bytes = self.waiting_bytes.saturating_sub(bytes);
        metrics::gauge!("storewire_inbox_writer_waiting_bytes").set(to_gauge(self.waiting_bytes));
        batch
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
    failpoint!("inbox.before_insert");
    let tx = db.intake().await?;
    inbox::insert(&tx, deliveries).await?;
    failpoint!("inbox.before_commit");
    tx.commit().await?;
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
        let bytes = self.waiting_bytes + save.delivery.body.len();
        if bytes > self.config.waiting_bytes {
            let _ = save.reply.send(Err(SaveError::Full));
            return;
        }
        self.waiting_bytes = bytes;
        self.waiting.push_back(save);
        self.flush(ctx);
    }
}
