//! Whether every delivery that was answered with success is in the inbox.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::Sim;

/// How many deliveries were acknowledged, and those of them that are missing. Byte-identical deliveries are counted, not merged.
pub(crate) async fn lost(sim: &Sim, index: u64, admin: &Client, store: Uuid) -> Result<(usize, Vec<String>)> {
    let mut held: HashMap<String, usize> = HashMap::new();
    for row in admin.query("SELECT encode(body_sha256, 'hex') FROM inbox WHERE store_id = $1", &[&store]).await? {
        *held.entry(row.get(0)).or_default() += 1;
    }
    let log = sim.get(&format!("/_sim/stores/{index}/deliveries")).await?;
    let (mut acknowledged, mut lost) = (0, Vec::new());
    for delivery in log.as_array().context("delivery log")? {
        let is_success = delivery["status"].as_u64().is_some_and(|status| (200..300).contains(&status));
        let topic = delivery["topic"].as_str().unwrap_or_default();
        if !is_success || topic.is_empty() || topic == "ping" {
            continue;
        }
        acknowledged += 1;
        let sha = delivery["body_sha256"].as_str().context("body hash")?;
        match held.get_mut(sha) {
            Some(left) if *left > 0 => *left -= 1,
            _ => lost.push(format!("store {index}: {delivery}")),
        }
    }
    Ok((acknowledged, lost))
}
