//! Keeps time-partitioned tables in shape: partitions made ahead, old deliveries dropped, ended sessions and answered keys forgotten. Files
//! that nothing carries are taken away.
//!
//! It looks at the rows on its tick and keeps nothing in memory; any node may do it, twice does no harm.

use std::time::Duration;

use actix::{Actor, ActorFutureExt, AsyncContext, Context, WrapFuture};
use storewire_db::{Db, retention};
use storewire_domain::Clock;
use storewire_files::Files;
use tokio::runtime::Handle;

use crate::desk::files::sweep;

/// From one round to the next; partitions are made a week ahead.
const INTERVAL: Duration = Duration::from_secs(3_600);

/// See the module.
pub(crate) struct Janitor {
    pub(crate) db: Db,
    pub(crate) engine: Handle,
    pub(crate) clock: Clock,
    /// Days for which deliveries are kept.
    pub(crate) keep_days: u32,
    pub(crate) files: Files,
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
        self.sweep_files(ctx);
    }

    fn sweep_files(&self, ctx: &mut Context<Self>) {
        let (db, files, now) = (self.db.clone(), self.files.clone(), self.clock.now());
        let job = self.engine.spawn(async move { sweep(&db, &files, now).await });
        ctx.spawn(job.into_actor(self).map(|outcome, _, _| match outcome {
            Ok(Ok(0)) => {}
            Ok(Ok(swept)) => tracing::info!(files = swept, "files that nothing carries were taken away"),
            Ok(Err(error)) => tracing::warn!(%error, "loose files wait for the next round"),
            Err(error) => tracing::error!(%error, "the sweep of loose files ended"),
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
