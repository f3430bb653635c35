//! When to stop, and how long each part may take: the first signal asks politely, the second one insists.

use std::future::Future;
use std::time::Duration;

use anyhow::Result;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Running,
    Stopping,
    Hurrying,
}

/// Knows whether we are to stop. Clones share the knowledge.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    stage: watch::Sender<Stage>,
}

impl Lifecycle {
    /// Listens for SIGINT, SIGTERM, and SIGHUP (the terminal went away) from now on. Needs a running runtime.
    pub fn listen() -> Result<Self> {
        let (stage, _) = watch::channel(Stage::Running);
        for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
            let mut signals = signal(kind)?;
            let lifecycle = Self { stage: stage.clone() };
            tokio::spawn(async move {
                while signals.recv().await.is_some() {
                    lifecycle.stop();
                }
            });
        }
        Ok(Self { stage })
    }

    /// What a signal does; also called when a part that we cannot do without has ended.
    pub fn stop(&self) {
        self.stage.send_modify(|stage| {
            *stage = match stage {
                Stage::Running => Stage::Stopping,
                Stage::Stopping | Stage::Hurrying => Stage::Hurrying,
            };
        });
    }

    pub async fn stopping(&self) {
        self.reached(Stage::Stopping).await;
    }

    /// Gives `part` its time to end; false when it did not, or somebody insisted.
    pub async fn finish(&self, name: &'static str, within: Duration, part: impl Future<Output = ()>) -> bool {
        tracing::debug!(part = name, "stopping");
        let finished = tokio::select! {
            () = part => true,
            () = tokio::time::sleep(within) => false,
            () = self.reached(Stage::Hurrying) => false,
        };
        if !finished {
            tracing::warn!(part = name, "was cut short");
        }
        finished
    }

    async fn reached(&self, wanted: Stage) {
        // An error would mean that the sender is gone, but we hold it.
        let _ = self.stage.subscribe().wait_for(|stage| *stage >= wanted).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_call_asks_and_the_second_insists() {
        let lifecycle = Lifecycle::listen().unwrap();
        assert!(lifecycle.finish("at once", Duration::from_secs(60), async {}).await);
        lifecycle.stop();
        lifecycle.stopping().await;
        let late = lifecycle.clone();
        tokio::spawn(async move { late.stop() });
        assert!(!lifecycle.finish("never", Duration::from_secs(60), std::future::pending()).await);
    }
}
