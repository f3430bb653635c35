//! Whether every change that people asked for was made in its shop once, or reported failed; and nothing else was written there.

mod wanted;

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context as _, Result};
use serde_json::Value;
use tokio_postgres::Client;
use uuid::Uuid;

use self::wanted::{is_of, wish};
use crate::{Check, Sim, copy};

/// What was found about writes.
#[derive(Clone, Debug, Default)]
pub struct Writes {
    /// Changes that were made more often than they were asked for.
    pub doubled: Check,
    /// Promised intents that are not there or have no end, done ones that were not made, writes that nobody asked for.
    pub unaccounted: Check,
    /// How many intents ended how.
    pub done: usize,
    pub failed: usize,
    /// How many there were of each kind.
    pub kinds: BTreeMap<String, usize>,
    /// Intents by the reason why they failed.
    pub reasons: BTreeMap<String, usize>,
    /// Of the failed ones, those whose change was made all the same, by the reason that was told: made once, and then no longer to be
    /// proven, since the record was changed or went away before it was read.
    pub made_all_the_same: BTreeMap<String, usize>,
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

/// Compares the write logs of all connected shops with the intents. `promised` are intents that callers were told of. Intents that want the
/// same of one record are judged together: as many writes as intents at most, and one at least if any of them is done. So it proves most
/// where every intent wants a value that no other wants and that nobody else sets.
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
        let intents = intents(admin, store).await?;
        known.extend(intents.iter().map(|intent| intent.id));
        for same in alike(&intents) {
            found.judge(&shop.name, &same, &mut made);
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

/// Intents by what they want of which record.
fn alike(intents: &[Intent]) -> Vec<Vec<&Intent>> {
    let mut groups: BTreeMap<(&str, String), Vec<&Intent>> = BTreeMap::new();
    for intent in intents {
        groups.entry((&intent.remote_id, wish(intent))).or_default().push(intent);
    }
    groups.into_values().collect()
}

impl Writes {
    /// Judges intents that want the same of one record.
    fn judge(&mut self, shop: &str, same: &[&Intent], made: &mut [Made<'_>]) {
        let Some(first) = same.first() else { return };
        let mut times = 0;
        for made in made.iter_mut().filter(|made| is_of(first, made.write)) {
            made.is_claimed = true;
            times += 1;
        }
        self.doubled.counted += times.min(same.len());
        let Intent { change, .. } = first;
        if times > same.len() {
            let told: Vec<String> = same.iter().map(|intent| format!("{} {}", intent.id, intent.state)).collect();
            self.doubled.broken.push(format!("{shop}: {change} was made {times} times ({})", told.join(", ")));
        }
        let mut left = times;
        for Intent { id, change, state, reason, .. } in same {
            *self.kinds.entry(change["kind"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
            match state.as_str() {
                "done" => {
                    self.done += 1;
                    left = left.saturating_sub(usize::from(reason != "already"));
                    if times == 0 && reason != "already" {
                        let line = format!("{shop}: {change} is done but was never made (intent {id})");
                        self.unaccounted.broken.push(line);
                    }
                }
                "failed" => {
                    self.failed += 1;
                    *self.reasons.entry(reason.clone()).or_default() += 1;
                }
                _ => self.unaccounted.broken.push(format!("{shop}: {change} is still {state} ({reason}; intent {id})")),
            }
        }
        for intent in same.iter().filter(|intent| intent.state == "failed").take(left) {
            *self.made_all_the_same.entry(intent.reason.clone()).or_default() += 1;
        }
    }
}

impl fmt::Display for Writes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "writes done {}, reported failed {}", self.done, self.failed)?;
        list(f, &self.reasons)?;
        write!(f, ", of these made all the same {}", self.made_all_the_same.values().sum::<usize>())?;
        list(f, &self.made_all_the_same)?;
        write!(f, "; kinds")?;
        list(f, &self.kinds)
    }
}

fn list(f: &mut fmt::Formatter<'_>, counts: &BTreeMap<String, usize>) -> fmt::Result {
    let told: Vec<String> = counts.iter().map(|(name, times)| format!("{name} {times}")).collect();
    if told.is_empty() { Ok(()) } else { write!(f, " ({})", told.join(", ")) }
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

    fn judged(states: &[&str], writes: &[Value]) -> Writes {
        let mut made: Vec<Made<'_>> = writes.iter().map(|write| Made { write, is_claimed: false }).collect();
        let intents: Vec<Intent> = states.iter().map(|state| intent(state)).collect();
        let mut found = Writes::default();
        for same in alike(&intents) {
            found.judge("shop", &same, &mut made);
        }
        found
    }

    #[test]
    fn a_change_is_made_once_when_it_is_done_and_at_most_once_when_it_failed() {
        let once = judged(&["done"], &[write(20), write(21)]);
        assert!(once.doubled.holds() && once.unaccounted.holds());
        assert!(!judged(&["done"], &[write(20), write(20)]).doubled.holds());
        assert!(!judged(&["failed"], &[write(20), write(20)]).doubled.holds());
        assert!(!judged(&["done"], &[]).unaccounted.holds());
        assert!(judged(&["failed"], &[]).unaccounted.holds());
        assert_eq!(judged(&["failed"], &[write(20)]).made_all_the_same.values().sum::<usize>(), 1);
    }

    #[test]
    fn intents_that_want_the_same_are_made_as_often_as_they_are_at_most() {
        let both = judged(&["done", "done"], &[write(20), write(20)]);
        assert!(both.doubled.holds() && both.unaccounted.holds() && both.made_all_the_same.is_empty());
        assert!(judged(&["done", "done"], &[write(20)]).unaccounted.holds());
        assert!(!judged(&["done", "done"], &[]).unaccounted.holds());
        assert!(!judged(&["done", "failed"], &[write(20), write(20), write(20)]).doubled.holds());
        assert_eq!(judged(&["done", "failed"], &[write(20), write(20)]).made_all_the_same.values().sum::<usize>(), 1);
    }

    #[test]
    fn an_intent_without_an_end_is_unaccounted_for() {
        assert!(!judged(&["unknown"], &[write(20)]).unaccounted.holds());
    }
}
