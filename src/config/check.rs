//! What types cannot say of settings: their bounds, and which of them contradict each other. Every refusal names its key and what to do.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use storewire_actors::EngineConfig;
use url::Url;

use super::Config;

/// Refuses what would start and then not work.
pub fn check(config: &Config) -> Result<()> {
    let mut engine = EngineConfig::new(Url::parse("http://localhost/").context("the public address")?);
    config.engine.apply(&mut engine);
    config.desk.hours()?;
    config.desk.apply(&mut engine.desk);
    durations(config, &engine)?;
    numbers(config, &engine)?;
    in_order(config, &engine)?;
    addresses(config)?;
    config.mail.post()?;
    Ok(())
}

fn durations(config: &Config, engine: &EngineConfig) -> Result<()> {
    let all = [
        ("server.delivery_deadline", config.server.delivery_deadline),
        ("database.acquire_timeout", config.database.acquire_timeout),
        ("database.statement_timeout", config.database.statement_timeout),
        ("outbound.connect_timeout", config.outbound.connect_timeout),
        ("outbound.total_timeout", config.outbound.total_timeout),
        ("session.ttl", config.session.ttl),
        ("engine.pull_interval", engine.pull_interval),
        ("engine.pull_overlap", engine.pull_overlap),
        ("engine.request_interval", engine.request_interval),
        ("engine.request_interval_min", engine.request_interval_min),
        ("engine.slow_answer", engine.slow_answer),
        ("engine.retry_base", engine.retry.base),
        ("engine.attention_interval", engine.attention_interval),
        ("engine.hooks_interval", engine.hooks_interval),
        ("engine.sweep_interval", engine.sweep_interval),
        ("engine.reconcile_interval", engine.reconcile_interval),
        ("engine.storm_window", engine.storm_window),
        ("engine.watch_interval", engine.watch_interval),
        ("engine.restart_window", engine.restart_window),
        ("engine.supervise_interval", engine.supervise_interval),
        ("engine.lease", engine.lease),
        ("desk.interval", engine.desk.interval),
        ("desk.idle", engine.desk.idle),
        ("desk.request_expires", engine.desk.request_expires),
        ("desk.answer_urgent", engine.desk.answer.urgent),
        ("desk.answer_high", engine.desk.answer.high),
        ("desk.answer_normal", engine.desk.answer.normal),
        ("desk.answer_low", engine.desk.answer.low),
    ];
    let reminds = engine.desk.request_reminds.iter().map(|wait| ("desk.request_reminds", *wait));
    for (key, value) in all.into_iter().chain(reminds) {
        ensure!(value >= Duration::from_millis(1), "{key} is {value:?}: give it a length such as \"300ms\" or \"10s\"");
    }
    Ok(())
}

fn numbers(config: &Config, engine: &EngineConfig) -> Result<()> {
    const MANY: i128 = i32::MAX as i128;
    let all = [
        ("database.connections", config.database.connections as i128, 10_000),
        ("database.intake_connections", config.database.intake_connections as i128, 10_000),
        ("outbound.max_body", config.outbound.max_body as i128, MANY),
        ("desk.file_bytes", engine.desk.file_bytes as i128, 10 << 20),
        ("desk.files_per_message", engine.desk.files_per_message as i128, 100),
        ("desk.upload_bytes_of_tenant", engine.desk.upload_bytes_of_tenant.into(), i64::MAX.into()),
        ("engine.arbiters", engine.arbiters as i128, 1_024),
        ("engine.page_size", engine.page_size.into(), 100),
        ("engine.request_burst", engine.request_burst.into(), MANY),
        ("engine.breaker_failures", engine.breaker_failures.into(), MANY),
        ("engine.delivery_attempts", engine.delivery_attempts.into(), MANY),
        ("engine.delivery_retention_days", engine.delivery_retention_days.into(), 36_500),
        ("engine.storm_limit", engine.storm_limit as i128, MANY),
        ("engine.recheck_attempts", engine.recheck_attempts.into(), MANY),
        ("engine.outbox_attempts", engine.outbox_attempts.into(), MANY),
        ("engine.outbox_batch", engine.outbox_batch as i128, 100),
        ("engine.inbox_batch", engine.inbox_batch.into(), MANY),
        ("engine.restart_limit", engine.restart_limit as i128, MANY),
        ("engine.commit_rows", engine.commit_rows as i128, MANY),
        ("engine.commit_bytes", engine.commit_bytes as i128, i128::MAX),
        ("engine.waiting_bytes", engine.waiting_bytes as i128, i128::MAX),
        ("engine.commits_at_once", engine.commits_at_once as i128, 1_024),
    ];
    for (key, value, most) in all {
        ensure!(value >= 1, "{key} is {value}: it must be at least 1");
        ensure!(value <= most, "{key} is {value}: it can be {most} at most");
    }
    Ok(())
}

/// The shorter one first.
fn in_order(config: &Config, engine: &EngineConfig) -> Result<()> {
    let all = [
        (
            ("outbound.connect_timeout", config.outbound.connect_timeout),
            ("outbound.total_timeout", config.outbound.total_timeout),
        ),
        (
            ("engine.request_interval_min", engine.request_interval_min),
            ("engine.request_interval_max", engine.request_interval_max),
        ),
        (
            ("engine.request_interval", engine.request_interval),
            ("engine.request_interval_max", engine.request_interval_max),
        ),
        (("engine.retry_base", engine.retry.base), ("engine.retry_cap", engine.retry.cap)),
        (("engine.restart_base", engine.restart.base), ("engine.restart_cap", engine.restart.cap)),
    ];
    for ((short, shorter), (long, longer)) in all {
        ensure!(shorter <= longer, "{short} ({shorter:?}) is longer than {long} ({longer:?}): change one of them");
    }
    Ok(())
}

fn addresses(config: &Config) -> Result<()> {
    let listen = config.server.listen;
    if listen.port() != 0 && config.metrics.listen == Some(listen) {
        bail!("server.listen and metrics.listen are both {listen}: choose another port for one of them");
    }
    if let Some(url) = &config.database.url {
        // What is wrong with it is not repeated: it may hold a password.
        let is_read = storewire_db::bootstrap::is_address(url.expose());
        ensure!(is_read, "database.url is no address such as \"postgresql://storewire@db.internal/storewire\"");
    }
    Ok(())
}
