//! Every interval, size and penalty of the engine, so that the laboratory can divide them with the same code.

use std::time::Duration;

use storewire_domain::retry::RetryPolicy;
use url::Url;

/// How the engine paces itself.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// Where stores send their webhooks; `/hooks/woo/{token}` is added.
    pub public_url: Url,
    /// Threads that store actors are spread over.
    pub arbiters: usize,
    /// From one pull of a store to the next; each store adds its own jitter of up to a fifth.
    pub pull_interval: Duration,
    /// How far a pull reaches back behind its checkpoint: same-second rows, long PHP requests, clocks that differ a little.
    pub pull_overlap: Duration,
    /// Rows asked for per page, at most 100.
    pub page_size: u32,
    /// The steady pace towards one store.
    pub request_interval: Duration,
    /// Requests that may follow each other at once after a pause.
    pub request_burst: u32,
    /// Waits after failures that time may heal.
    pub retry: RetryPolicy,
    /// From one try to the next while a person must act.
    pub attention_interval: Duration,
    /// From one look at a store's webhooks to the next.
    pub hooks_interval: Duration,
    /// A delivery that ended its actor this often becomes a dead letter.
    pub delivery_attempts: i16,
    /// Days for which received deliveries are kept.
    pub delivery_retention_days: u32,
    /// Deliveries applied in one transaction.
    pub inbox_batch: u32,
    /// Restarts of one store's actor within `restart_window` before it is parked.
    pub restart_limit: usize,
    /// See `restart_limit`.
    pub restart_window: Duration,
    /// Waits before a second, third, … restart; the first is immediate.
    pub restart: RetryPolicy,
    /// From one look for new, paused and resumed stores to the next.
    pub supervise_interval: Duration,
    /// For how long a shard is taken; renewed at a third of it.
    pub lease: Duration,
    /// Deliveries in one commit.
    pub commit_rows: usize,
    /// Bytes in one commit.
    pub commit_bytes: usize,
    /// Bytes that may wait for a commit; beyond, deliveries are refused with 503.
    pub waiting_bytes: usize,
    /// Commits under way at once.
    pub commits_at_once: usize,
    /// A socket that lacks more changes than this is told to reload.
    pub resume_limit: u32,
}

impl EngineConfig {
    /// What a production node runs with.
    #[must_use]
    pub fn new(public_url: Url) -> Self {
        let seconds = Duration::from_secs;
        Self {
            public_url,
            arbiters: std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get).clamp(1, 16),
            pull_interval: seconds(300),
            pull_overlap: seconds(300),
            page_size: 100,
            request_interval: Duration::from_millis(500),
            request_burst: 5,
            retry: RetryPolicy { base: seconds(2), cap: seconds(900) },
            attention_interval: seconds(900),
            hooks_interval: seconds(900),
            delivery_attempts: 5,
            delivery_retention_days: 7,
            inbox_batch: 200,
            restart_limit: 10,
            restart_window: seconds(600),
            restart: RetryPolicy { base: Duration::from_millis(200), cap: seconds(30) },
            supervise_interval: seconds(2),
            lease: seconds(10),
            commit_rows: 256,
            commit_bytes: 4 << 20,
            waiting_bytes: 64 << 20,
            commits_at_once: 2,
            resume_limit: 1_000,
        }
    }

    /// The URL that a store with this webhook token delivers to.
    #[must_use]
    pub fn delivery_url(&self, token: &str) -> String {
        format!("{}/hooks/woo/{token}", self.public_url.as_str().trim_end_matches('/'))
    }
}
