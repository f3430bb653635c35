//! The log: for people on a terminal, JSON lines otherwise. Nothing secret is ever an argument of a log line.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::failure::{Failure, Outcome};

mod queue;

pub use queue::{Queue, flush};

static CRASHED: AtomicBool = AtomicBool::new(false);

/// Starts logging to stderr, and notes every panic there.
pub fn start(log: &Log) -> Outcome {
    let filter = EnvFilter::try_new(&log.level)
        .with_context(|| format!("log.level {:?}", log.level))
        .map_err(Failure::config)?;
    let human = match log.format {
        LogFormat::Human => true,
        LogFormat::Json => false,
        LogFormat::Auto => std::io::stderr().is_terminal(),
    };
    let queue = Queue::of_process().clone();
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(queue);
    // A second start in one process changes nothing.
    if human {
        let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        subscriber.with_ansi(color).with_target(false).try_init().ok();
    } else {
        subscriber.json().flatten_event(true).try_init().ok();
    }
    std::panic::set_hook(Box::new(|panic| {
        CRASHED.store(true, Ordering::Relaxed);
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(place, message, "a part of the program crashed");
    }));
    Ok(())
}

/// True after any panic, also one that supervision healed: a service manager should hear of it.
pub fn has_crashed() -> bool {
    CRASHED.load(Ordering::Relaxed)
}
