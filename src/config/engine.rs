//! The engine's intervals, sizes and penalties: what is not set keeps the engine's own default.

use serde::Deserialize;
use storewire_actors::EngineConfig;

use super::value::Written;

macro_rules! engine_settings {
    ($($key:ident: $kind:ty => $($field:ident).+),+ $(,)?) => {
        #[derive(Clone, Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Engine { $($key: Option<$kind>),+ }

        impl Engine {
            /// Lays the settings over the engine's defaults.
            pub fn apply(&self, config: &mut EngineConfig) {
                $(if let Some(value) = self.$key { config.$($field).+ = value.into(); })+
            }
        }
    };
}

engine_settings! {
    arbiters: usize => arbiters,
    pull_interval: Written => pull_interval,
    pull_overlap: Written => pull_overlap,
    page_size: u32 => page_size,
    request_interval: Written => request_interval,
    request_burst: u32 => request_burst,
    request_interval_min: Written => request_interval_min,
    request_interval_max: Written => request_interval_max,
    slow_answer: Written => slow_answer,
    penalty: Written => penalty,
    breaker_failures: u32 => breaker_failures,
    retry_base: Written => retry.base,
    retry_cap: Written => retry.cap,
    attention_interval: Written => attention_interval,
    hooks_interval: Written => hooks_interval,
    delivery_attempts: i16 => delivery_attempts,
    delivery_retention_days: u32 => delivery_retention_days,
    sweep_interval: Written => sweep_interval,
    reconcile_interval: Written => reconcile_interval,
    storm_limit: usize => storm_limit,
    storm_window: Written => storm_window,
    storm_rest: Written => storm_rest,
    recheck_attempts: i16 => recheck_attempts,
    outbox_attempts: i16 => outbox_attempts,
    outbox_settle: Written => outbox_settle,
    outbox_batch: usize => outbox_batch,
    watch_interval: Written => watch_interval,
    inbox_batch: u32 => inbox_batch,
    restart_limit: usize => restart_limit,
    restart_window: Written => restart_window,
    restart_base: Written => restart.base,
    restart_cap: Written => restart.cap,
    supervise_interval: Written => supervise_interval,
    lease: Written => lease,
    commit_rows: usize => commit_rows,
    commit_bytes: usize => commit_bytes,
    waiting_bytes: usize => waiting_bytes,
    commits_at_once: usize => commits_at_once,
    resume_limit: u32 => resume_limit,
}
