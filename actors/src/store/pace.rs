//! The store's own rate limiter: every request to a store passes here first.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter, clock::Clock as _};

use crate::EngineConfig;

/// Owned by one store's actor, lent to the one job it runs at a time.
#[derive(Clone)]
pub(crate) struct Pace(Arc<DefaultDirectRateLimiter>);

impl Pace {
    pub(crate) fn new(config: &EngineConfig) -> Self {
        let interval = config.request_interval.max(Duration::from_micros(1));
        let burst = NonZeroU32::new(config.request_burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(interval).unwrap_or_else(|| Quota::per_second(burst)).allow_burst(burst);
        Self(Arc::new(RateLimiter::direct(quota)))
    }

    /// Waits until one more request may be sent.
    pub(crate) async fn turn(&self) {
        while let Err(early) = self.0.check() {
            tokio::time::sleep(early.wait_time_from(governor::clock::DefaultClock::default().now())).await;
        }
    }
}
