//! Waits for a condition, not for a time.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Asks `condition` again and again until it holds; an error, with `what` was awaited, when it does not `within`.
///
/// # Errors
/// If the time is over.
pub async fn wait_until<C, F>(within: Duration, what: &str, mut condition: C) -> Result<()>
where
    C: FnMut() -> F,
    F: Future<Output = bool>,
{
    let deadline = Instant::now() + within;
    while !condition().await {
        if Instant::now() >= deadline {
            bail!("not within {within:?}: {what}");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}
