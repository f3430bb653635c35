//! Every interval, size and penalty of the engine, so that the laboratory can divide them with the same code.

mod desk;
mod mail;

use std::time::Duration;

use storewire_domain::retry::RetryPolicy;
use url::Url;

pub use desk::DeskConfig;
pub use mail::MailConfig;

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
    /// The quickest pace that a store which answers well may be taken to.
    pub request_interval_min: Duration,
    /// The slowest pace that a store which suffers is taken to.
    pub request_interval_max: Duration,
    /// An answer that takes longer than this is slow: the pace follows it.
    pub slow_answer: Duration,
    /// For how long a store that asked us to slow down is treated with half the pace.
    pub penalty: Duration,
    /// Failures in a row after which a store, or a host of several, is left alone and tried with a single small request.
    pub breaker_failures: u32,
    /// Requests under way at once over all stores of the node, people's clicks not counted.
    pub requests_at_once: usize,
    /// The same to one host, on which several stores may live.
    pub requests_per_host: usize,
    /// Waits after failures that time may heal.
    pub retry: RetryPolicy,
    /// From one try to the next while a person must act.
    pub attention_interval: Duration,
    /// From one look at a store's webhooks to the next.
    pub hooks_interval: Duration,
    /// A delivery that ended its actor, or was refused by the database, this often becomes a dead letter.
    pub delivery_attempts: i16,
    /// Days for which received deliveries are kept.
    pub delivery_retention_days: u32,
    /// From one walk over a store's light listings (ids, stock, prices) to the next.
    pub sweep_interval: Duration,
    /// From one full compare of a store with our copy to the next.
    pub reconcile_interval: Duration,
    /// Deliveries about one record within `storm_window` that make a storm.
    pub storm_limit: usize,
    /// See `storm_limit`.
    pub storm_window: Duration,
    /// How long a record in a storm is left before it is read.
    pub storm_rest: Duration,
    /// Tries to read one record before it becomes a dead letter; one more where the store itself fails over it.
    pub recheck_attempts: i16,
    /// Tries to write one intent before it is reported failed.
    pub outbox_attempts: i16,
    /// How long after a write with an unknown outcome the store may still carry it out. Hosts let a request run for two minutes, whether
    /// or not anybody still waits for its answer.
    pub outbox_settle: Duration,
    /// Intents written in one batch.
    pub outbox_batch: usize,
    /// From one look at the freshness of all stores to the next.
    pub watch_interval: Duration,
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
    pub desk: DeskConfig,
    pub mail: MailConfig,
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
            request_interval_min: Duration::from_millis(100),
            request_interval_max: seconds(30),
            slow_answer: seconds(2),
            penalty: seconds(24 * 3_600),
            breaker_failures: 5,
            requests_at_once: 64,
            requests_per_host: 4,
            retry: RetryPolicy { base: seconds(2), cap: seconds(900) },
            attention_interval: seconds(900),
            hooks_interval: seconds(240),
            delivery_attempts: 5,
            delivery_retention_days: 7,
            sweep_interval: seconds(6 * 3_600),
            reconcile_interval: seconds(24 * 3_600),
            storm_limit: 12,
            storm_window: seconds(60),
            storm_rest: seconds(30),
            recheck_attempts: 8,
            outbox_attempts: 5,
            outbox_settle: seconds(150),
            outbox_batch: 25,
            watch_interval: seconds(10),
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
            desk: DeskConfig::default(),
            mail: MailConfig::default(),
        }
    }
}

/// The URL that a store with this webhook token delivers to, below an address of ours.
pub(crate) fn delivery_url(ours: &Url, token: &str) -> String {
    format!("{}/hooks/woo/{token}", ours.as_str().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_08_the_delivery_url_is_built_once_from_the_public_url() {
        for (public_url, expected) in [
            ("https://ops.example", "https://ops.example/hooks/woo/t0ken"),
            ("https://ops.example/", "https://ops.example/hooks/woo/t0ken"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/hooks/woo/t0ken"),
            ("https://ops.example:8443/rooms", "https://ops.example:8443/rooms/hooks/woo/t0ken"),
            ("https://ops.example/rooms/", "https://ops.example/rooms/hooks/woo/t0ken"),
        ] {
            let built = delivery_url(&public_url.parse().unwrap(), "t0ken");
            assert_eq!(built, expected);
            assert_eq!(built.matches("://").count(), 1);
        }
    }
}
