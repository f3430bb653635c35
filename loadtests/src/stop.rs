//! Being told to stop.

use anyhow::{Result, bail};
use tokio::signal::unix::{SignalKind, signal};

/// Waits for somebody to interrupt or to end this process, which is an error of whatever was under way: dropped then, it puts itself
/// away.
///
/// # Errors
/// Always.
pub async fn told<T>() -> Result<T> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    bail!("stopped by a signal")
}
