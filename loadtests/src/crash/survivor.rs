//! A shop's side of a crash: posts on, and remembers what was acknowledged and when.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use hyper::StatusCode;
use tokio::time::{sleep, timeout};

use crate::open::Post;
use crate::poster::Poster;
use crate::source::Source;

/// A shop gives up on an answer after this long.
const PATIENCE: Duration = Duration::from_secs(15);
const FIRST_WITHIN: Duration = Duration::from_secs(60);
const AGAIN_AFTER: Duration = Duration::from_millis(2);

/// What was acknowledged, shared by all who post.
#[derive(Clone, Default)]
pub(super) struct Memory(Arc<Mutex<Vec<(u64, Instant)>>>);

impl Memory {
    fn lock(&self) -> MutexGuard<'_, Vec<(u64, Instant)>> {
        // Whoever panicked while holding it left nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn events(&self) -> Vec<u64> {
        self.lock().iter().map(|(event, _)| *event).collect()
    }

    /// When the first event after a moment was acknowledged.
    fn first_after(&self, moment: Instant) -> Option<Instant> {
        self.lock().iter().map(|(_, at)| *at).filter(|at| *at > moment).min()
    }

    /// Waits for the first acknowledgement after a moment; answers how long after it came.
    pub(super) async fn first_ack(&self, since: Instant) -> Result<Duration> {
        while since.elapsed() < FIRST_WITHIN {
            if let Some(at) = self.first_after(since) {
                return Ok(at - since);
            }
            sleep(AGAIN_AFTER).await;
        }
        bail!("nothing was acknowledged for {FIRST_WITHIN:?}")
    }
}

/// See the module. As by WooCommerce, every delivery has a connection of its own, and what is not acknowledged is not posted again.
pub(super) struct Survivor {
    pub(super) address: SocketAddr,
    pub(super) source: Arc<Source>,
    pub(super) memory: Memory,
}

impl Survivor {
    async fn deliver(&self, event: u64) -> Result<StatusCode> {
        Poster::connect(self.address).await?.deliver(self.source.sign(event)?).await
    }
}

impl Post for Survivor {
    async fn post(&mut self, event: u64) -> Result<bool> {
        let answered = timeout(PATIENCE, self.deliver(event)).await;
        // Cut, refused, or too late: all the same to a shop.
        let is_taken = matches!(answered, Ok(Ok(StatusCode::OK)));
        if is_taken {
            self.memory.lock().push((event, Instant::now()));
        }
        Ok(is_taken)
    }
}
