//! Whether every change that people asked for was made in its shop once, or reported failed; and nothing else was written there.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context as _, Result};
use serde_json::Value;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::{Check, Sim, copy};

/// What was found about writes.
#[derive(Clone, Debug, Default)]
pub struct Writes {
    /// Changes that were made more than once.
    pub doubled: Check,
    /// Promised intents that are not there or have no end, done ones that were not made, writes that nobody asked for.
    pub unaccounted: Check,
    /// How many intents ended how.
    pub done: usize,
    pub failed: usize,
    /// Of the failed ones, those whose change was made all the same: reported as uncertain, made once.
    pub failed_but_made: usize,
    /// Intents by the reason why they failed.
    pub reasons: BTreeMap<String, usize>,
}

/// An intent as the database holds it.
struct Intent {
    id: Uuid,
    change: Value,
    remote_id: String,
    state: String,
    reason: String,
}

/// A write that did something, as the shop has it.
struct Made<'a> {
    write: &'a Value,
    is_claimed: bool,
}

/// Compares the write logs of all connected shops with the intents. `promised` are intents that callers were told of. It proves something
/// only where every intent wants a value that no other wants of the same record.
///
/// # Errors
/// If one of the sides does not answer.
pub async fn judge(sim: &Sim, admin: &Client, promised: &[Uuid]) -> Result<Writes> {
    let mut found = Writes {
        doubled: Check::new("writes doubled"),
        unaccounted: Check::new("writes unaccounted"),
        ..Writes::default()
    };
    let mut known = Vec::new();
    for shop in sim.stores().await? {
        let Some(store) = copy::find_store(admin, &shop.home_url).await? else { continue };
        let log = sim.get(&format!("/_sim/stores/{}/writes", shop.index)).await?;
        let writes = log.as_array().context("log of writes")?;
        let mut made: Vec<Made<'_>> = writes
            .iter()
            .filter(|write| write["effective"] == true && write["kind"] != "webhook")
            .map(|write| Made { write, is_claimed: false })
            .collect();
        for intent in intents(admin, store).await? {
            found.judge(&shop.name, &intent, &mut made);
            known.push(intent.id);
        }
        let unasked = made.iter().filter(|made| !made.is_claimed);
        found.unaccounted.broken.extend(unasked.map(|made| format!("{}: nobody asked for {}", shop.name, made.write)));
    }
    let forgotten = promised.iter().filter(|id| !known.contains(id));
    found.unaccounted.broken.extend(forgotten.map(|id| format!("intent {id} was promised and is not there")));
    found.unaccounted.counted = known.len();
    Ok(found)
}

async fn intents(admin: &Client, store: Uuid) -> Result<Vec<Intent>> {
    let sql = "SELECT id, change, remote_id, state, coalesce(reason, '') FROM intent WHERE store_id = $1 ORDER BY id";
    let rows = admin.query(sql, &[&store]).await?;
    rows.iter()
        .map(|row| {
            Ok(Intent {
                id: row.try_get(0)?,
                change: row.try_get(1)?,
                remote_id: row.try_get(2)?,
                state: row.try_get(3)?,
                reason: row.try_get(4)?,
            })
        })
        .collect()
}

impl Writes {
    fn judge(&mut self, shop: &str, intent: &Intent, made: &mut [Made<'_>]) {
        let mut times = 0;
        for made in made.iter_mut().filter(|made| is_of(intent, made.write)) {
            made.is_claimed = true;
            times += 1;
        }
        self.doubled.counted += times.min(1);
        let Intent { id, change, state, reason, .. } = intent;
        if times > 1 {
            self.doubled.broken.push(format!("{shop}: {change} was made {times} times (intent {id}, {state})"));
        }
        match state.as_str() {
            "done" => {
                self.done += 1;
                if times == 0 && reason != "already" {
                    self.unaccounted.broken.push(format!("{shop}: {change} is done but was never made (intent {id})"));
                }
            }
            "failed" => {
                self.failed += 1;
                self.failed_but_made += times.min(1);
                *self.reasons.entry(reason.clone()).or_default() += 1;
            }
            _ => self.unaccounted.broken.push(format!("{shop}: {change} is still {state} ({reason}; intent {id})")),
        }
    }
}

impl fmt::Display for Writes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "writes done {}, failed {}", self.done, self.failed)?;
        for (reason, times) in &self.reasons {
            write!(f, " {reason} {times}")?;
        }
        write!(f, " (made all the same {})", self.failed_but_made)
    }
}

/// Whether this write is what the intent wants.
fn is_of(intent: &Intent, write: &Value) -> bool {
    let (field, wanted) = match intent.change["kind"].as_str() {
        Some("product.stock") => ("stock_quantity", &intent.change["quantity"]),
        Some("product.price") => ("regular_price", &intent.change["regular"]),
        Some("order.note") => ("note", &intent.change["text"]),
        Some("order.status" | "product.status") => ("status", &intent.change["status"]),
        _ => return false,
    };
    // The shop's ids are numbers; ours are texts.
    let of = if field == "note" { write["parent_id"].to_string() } else { write["id"].to_string() };
    of == intent.remote_id && write["changed"].get(field).is_some_and(|change| same(&change["to"], wanted))
}

/// Numbers are told as numbers or as text.
fn same(one: &Value, other: &Value) -> bool {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let number = |text: &str| text.parse::<rust_decimal::Decimal>().ok().map(|number| number.normalize().to_string());
    let (one, other) = (text(one), text(other));
    one == other || number(&one).is_some_and(|one| Some(one) == number(&other))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn intent(state: &str) -> Intent {
        let change = json!({"kind": "product.stock", "quantity": "20.0"});
        Intent { id: Uuid::nil(), change, remote_id: "7".to_owned(), state: state.to_owned(), reason: String::new() }
    }

    fn write(to: i64) -> Value {
        json!({"kind": "product", "id": 7, "parent_id": 0, "changed": {"stock_quantity": {"from": 1, "to": to}}})
    }

    fn judged(state: &str, writes: &[Value]) -> Writes {
        let mut made: Vec<Made<'_>> = writes.iter().map(|write| Made { write, is_claimed: false }).collect();
        let mut found = Writes::default();
        found.judge("shop", &intent(state), &mut made);
        found
    }

    #[test]
    fn a_change_is_made_once_when_it_is_done_and_at_most_once_when_it_failed() {
        let once = judged("done", &[write(20), write(21)]);
        assert!(once.doubled.holds() && once.unaccounted.holds());
        assert!(!judged("done", &[write(20), write(20)]).doubled.holds());
        assert!(!judged("failed", &[write(20), write(20)]).doubled.holds());
        assert!(!judged("done", &[]).unaccounted.holds());
        assert!(judged("failed", &[]).unaccounted.holds());
        assert_eq!(judged("failed", &[write(20)]).failed_but_made, 1);
    }

    #[test]
    fn an_intent_without_an_end_is_unaccounted_for() {
        assert!(!judged("unknown", &[write(20)]).unaccounted.holds());
    }
}
