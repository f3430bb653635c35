//! Keeps time-partitioned tables in shape: partitions made ahead, old deliveries dropped, ended sessions and answered keys forgotten.
//!
//! It looks at the rows on its tick and keeps nothing in memory; any node may do it, twice does no harm.

use std::time::Duration;

use actix::{Actor, ActorFutureExt, AsyncContext, Context, WrapFuture};
use storewire_db::{Db, retention};
use storewire_domain::Clock;
use tokio::runtime::Handle;

/// From one round to the next; partitions are made a week ahead.
const INTERVAL: Duration = Duration::from_secs(3_600);

/// See the module.
pub(crate) struct Janitor {
    pub(crate) db: Db,
    pub(crate) engine: Handle,
    pub(crate) clock: Clock,
    /// Days for which deliveries are kept.
    pub(crate) keep_days: u32,
}

impl Janitor {
    fn round(&mut self, ctx: &mut Context<Self>) {
        let (db, clock, keep_days) = (self.db.clone(), self.clock.clone(), self.keep_days);
        let job = self.engine.spawn(async move { retention::keep(&db, clock.now(), keep_days).await });
        ctx.spawn(job.into_actor(self).map(|outcome, _, _| match outcome {
            Ok(Ok(kept)) => {
                #[expect(clippy::cast_precision_loss, reason = "a metric")]
                metrics::gauge!("storewire_stray_rows").set(kept.strays as f64);
                if kept.strays > 0 {
                    tracing::error!(
                        rows = kept.strays,
                        "rows lie in a default partition: was the janitor away, or the clock wrong?"
                    );
                }
                if kept.made > 0 || kept.dropped > 0 {
                    tracing::info!(made = kept.made, dropped = kept.dropped, "partitions were kept");
                }
            }
            Ok(Err(error)) => tracing::warn!(%error, "retention waits for its next round"),
            Err(error) => tracing::error!(%error, "the janitor's round ended"),
        }));
    }
}

impl Actor for Janitor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        self.round(ctx);
        ctx.run_interval(INTERVAL, Self::round);
    }
}
