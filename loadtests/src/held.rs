//! Whether our copy holds what was acknowledged: each order as its last acknowledged delivery told it, or later.

use std::collections::HashMap;
use std::ops::Range;

use anyhow::Result;
use tokio_postgres::Client;

use crate::source::{FIRST_ORDER, Place, Source};

/// The totals of the orders that deliveries were about: by its total the event is known that made an order what it is.
const TOTALS: &str =
    "SELECT total::bigint FROM orders WHERE deleted_at IS NULL AND remote_id::bigint >= $1 AND total = trunc(total)";

/// How many orders are older in our copy than what was acknowledged of them, or not there at all. `own` are the numbers that may be
/// this source's: another's orders are left out by theirs.
///
/// # Errors
/// If the database is gone.
pub async fn behind(
    admin: &Client,
    source: &Source,
    own: Range<u64>,
    acknowledged: impl Iterator<Item = u64>,
) -> Result<u64> {
    let totals = admin.query(TOTALS, &[&i64::try_from(FIRST_ORDER)?]).await?;
    let mut held = Vec::with_capacity(totals.len());
    for row in totals {
        held.extend(u64::try_from(row.try_get::<_, i64>(0)?)?.checked_sub(1).filter(|event| own.contains(event)));
    }
    let (held, wanted) = (newest(source, held.into_iter()), newest(source, acknowledged));
    let is_behind = |(place, event): &(&Place, &u64)| held.get(place).is_none_or(|held| held < event);
    Ok(u64::try_from(wanted.iter().filter(is_behind).count())?)
}

/// The last event of each order.
fn newest(source: &Source, events: impl Iterator<Item = u64>) -> HashMap<Place, u64> {
    let mut newest = HashMap::new();
    for event in events {
        let last = newest.entry(source.place(event)).or_insert(event);
        *last = event.max(*last);
    }
    newest
}
