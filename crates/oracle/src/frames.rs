//! Whether live sockets were shown everything that the change log holds.

use std::collections::HashMap;

use anyhow::Result;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::Check;

/// What one frame told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub kind: String,
    pub entity: Uuid,
}

/// What one socket was shown, over all its connections.
#[derive(Clone, Debug, Default)]
pub struct Watcher {
    /// By store and number. Repeats are allowed and count once.
    pub seen: HashMap<(Uuid, i64), Shown>,
    /// How often it was told to load again, which it did not.
    pub reloads: usize,
}

/// Where each store's log stood at a moment.
pub type Heads = HashMap<Uuid, i64>;

/// The last number of every store's log.
///
/// # Errors
/// If the database does not answer.
pub async fn heads(admin: &Client) -> Result<Heads> {
    let rows = admin.query("SELECT store_id, max(seq) FROM change GROUP BY store_id", &[]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Compares each watcher with the log after `since`, which was taken once every watcher had been told that it has everything, up to `until`,
/// which was taken before the watchers were read for the last time.
///
/// # Errors
/// If the database does not answer.
pub async fn missing(admin: &Client, watchers: &[Watcher], since: &Heads, until: &Heads) -> Result<Check> {
    let mut check = Check::new("frames missing");
    let rows = admin.query("SELECT store_id, seq, kind, entity_id FROM change", &[]).await?;
    for row in rows {
        let (store, seq): (Uuid, i64) = (row.try_get(0)?, row.try_get(1)?);
        let is_before = since.get(&store).is_some_and(|head| seq <= *head);
        if is_before || until.get(&store).is_none_or(|head| seq > *head) {
            continue;
        }
        let logged = Shown { kind: row.try_get(2)?, entity: row.try_get(3)? };
        for (number, watcher) in watchers.iter().enumerate() {
            check.counted += 1;
            match watcher.seen.get(&(store, seq)) {
                Some(shown) if *shown == logged => {}
                Some(shown) => {
                    check
                        .broken
                        .push(format!("socket {number}, store {store} #{seq}: {shown:?} instead of {logged:?}"));
                }
                None => check.broken.push(format!("socket {number}, store {store} #{seq}: never shown {logged:?}")),
            }
        }
    }
    for (number, watcher) in watchers.iter().enumerate().filter(|(_, watcher)| watcher.reloads > 0) {
        check.broken.push(format!("socket {number} was told to reload {} times", watcher.reloads));
    }
    Ok(check)
}
