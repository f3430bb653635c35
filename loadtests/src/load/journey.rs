//! From a delivery being sent by its shop to its change being seen: the shops' journals, the inbox and the sockets put together.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use serde::Deserialize;
use serde_json::Value;
use storesim::Fleet;
use tokio_postgres::Client;
use uuid::Uuid;

use super::arrivals::Arrival;
use super::lags::Lags;
use crate::chaos::shops::Shop;

/// A delivery as its shop remembers it.
#[derive(Deserialize)]
struct Sent {
    at_ms: i64,
    body_sha256: String,
}

/// When deliveries of a body were sent, by store and hash.
type Journals = HashMap<(Uuid, String), Vec<i64>>;

/// The delays of all changes that a delivery brought: found by when it was received, which is in the frame and in the inbox, and by its
/// body, which is in the inbox and in the journal. A delivery that changed nothing has no frame, and of several that were applied as one
/// change the frame is the last one's.
///
/// # Errors
/// If the database or the fleet does not answer.
pub async fn lags(fleet: &Fleet, shops: &[Shop], admin: &Client, arrivals: &[Arrival]) -> Result<Lags> {
    let journals = journals(fleet, shops).await?;
    let rows = admin.query("SELECT store_id, received_at, encode(body_sha256, 'hex') FROM inbox", &[]).await?;
    let mut bodies: HashMap<(Uuid, i64), String> = HashMap::with_capacity(rows.len());
    for row in rows {
        let received_at: jiff::Timestamp = row.try_get(1)?;
        bodies.insert((row.try_get(0)?, received_at.as_microsecond()), row.try_get(2)?);
    }
    let delays = arrivals.iter().filter_map(|arrival| {
        let body = bodies.get(&(arrival.store, arrival.received_at.as_microsecond()))?;
        let sent = journals.get(&(arrival.store, body.clone()))?;
        let sent_ms = sent.iter().copied().filter(|at| *at <= arrival.received_at.as_millisecond()).max()?;
        Some(arrival.seen_at.as_microsecond() - sent_ms * 1_000)
    });
    Ok(Lags::of(delays))
}

async fn journals(fleet: &Fleet, shops: &[Shop]) -> Result<Journals> {
    let mut journals = Journals::new();
    for shop in shops {
        let (status, told) = fleet.sim("GET", &format!("stores/{}/deliveries", shop.index), &Value::Null).await;
        ensure!(status == 200, "shop {} does not tell its deliveries: {status}", shop.index);
        let sent: Vec<Sent> = serde_json::from_value(told)?;
        for Sent { at_ms, body_sha256 } in sent {
            journals.entry((shop.store, body_sha256)).or_default().push(at_ms);
        }
    }
    Ok(journals)
}
