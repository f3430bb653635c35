//! The one store that the product itself connects and reads, before it is copied.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use storewire_testkit::wait_until;

use crate::chaos::shops;
use crate::ground::Ground;

const READ_WITHIN: Duration = Duration::from_secs(120);

/// Connects the first shop and has it read to the end: import, webhooks, and the sweep that follows.
///
/// # Errors
/// If the binary does not start, or does not come to the end.
pub async fn connect(ground: &Ground) -> Result<()> {
    let quick = [("ENGINE__REQUEST_INTERVAL", "10ms".to_owned()), ("ENGINE__SUPERVISE_INTERVAL", "200ms".to_owned())];
    let mut node = ground.node(&quick)?;
    node.start(None)?;
    ensure!(node.is_ready().await?, "storewire ended at its start\n{}", node.tail());
    shops::connect(ground.fleet.stores(), &node, &ground.admin).await?;
    let sql = "SELECT state = 'live' AND hooks_checked_at IS NOT NULL
            AND EXISTS (SELECT FROM sweep WHERE purpose = 'sweep' AND closed_at IS NOT NULL)
            AND NOT EXISTS (SELECT FROM recheck)
        FROM store";
    let is_read = || async {
        let row = ground.admin.query_one(sql, &[]).await;
        row.is_ok_and(|row| row.try_get(0).unwrap_or(false))
    };
    wait_until(READ_WITHIN, "the first shop was read", is_read).await.with_context(|| node.tail())?;
    node.stop().await
}
