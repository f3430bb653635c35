//! `storewire inbox dead retry` and `discard`

use std::collections::{BTreeMap, BTreeSet};

use clap::{ArgGroup, Args};
use serde_json::{Value, json};
use storewire_db::{Db, dead_letters};
use storewire_domain::StoreId;
use uuid::Uuid;

use super::super::super::{Installation, server::Person, store::known};
use crate::failure::{Exit, Failure, Outcome};
use crate::output;
use crate::storage::{Storage, engine_runtime};

/// As many as the server takes in one request.
const AT_ONCE: usize = 1_000;

/// Which of what was given up on, and who decides.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("chosen").required(true).args(["ids", "cause"])))]
pub struct Decide {
    #[command(flatten)]
    installation: Installation,
    #[command(flatten)]
    person: Person,
    /// Their ids, as `inbox dead` shows them
    #[arg(value_name = "ID")]
    ids: Vec<Uuid>,
    /// All of this cause, of every store that has any; the oldest ten thousand of each
    #[arg(long)]
    cause: Option<String>,
    /// Of this store only
    #[arg(long, value_name = "ID", requires = "cause")]
    store: Option<StoreId>,
    /// Print the number as JSON
    #[arg(long)]
    json: bool,
}

impl Decide {
    /// Has the running server do it; `done` names the number in its answer.
    pub fn run(self, verb: &str, done: &str) -> Outcome {
        let config = self.installation.load_quietly()?;
        let runtime = engine_runtime(1)?;
        let storage = Storage::open(&config, &runtime)?;
        let wishes = runtime.block_on(async {
            match &self.cause {
                Some(cause) => of_cause(&storage.db, cause, self.store).await,
                None => named(&storage.db, &self.ids).await,
            }
        });
        let count = wishes.and_then(|wishes| {
            self.person.ask(&config, (&storage, &runtime), |server| {
                let mut count = 0;
                for wish in &wishes {
                    let answer = server.post(&format!("/api/v1/dead-letters/{verb}"), Some(wish))?;
                    count += answer[done].as_u64().unwrap_or(0);
                }
                Ok(count)
            })
        });
        let count = storage.close_after(count)?;
        if self.json {
            return Ok(output::json(&json!({ done: count }))?);
        }
        output::say(&format!("{done}: {count}"));
        Ok(())
    }
}

/// One wish per store that has any.
async fn of_cause(db: &Db, cause: &str, store: Option<StoreId>) -> Outcome<Vec<Value>> {
    let tx = db.staff().await?;
    if let Some(store) = store {
        known(&tx, store).await?;
    }
    let heaps = dead_letters::causes(&tx, store).await?;
    tx.commit().await?;
    let stores: BTreeSet<StoreId> =
        heaps.into_iter().filter(|heap| heap.cause == cause).map(|heap| heap.store_id).collect();
    if stores.is_empty() {
        return Err(Failure::new(
            Exit::Failed,
            format!("nothing waits for the cause {cause:?}; `inbox dead --by-cause` lists the causes"),
        ));
    }
    Ok(stores.into_iter().map(|store| json!({ "store_id": store, "cause": cause })).collect())
}

async fn named(db: &Db, ids: &[Uuid]) -> Outcome<Vec<Value>> {
    let mut by_store: BTreeMap<StoreId, Vec<Uuid>> = BTreeMap::new();
    let tx = db.staff().await?;
    for &id in ids {
        let found = dead_letters::find(&tx, id).await?;
        let (letter, _) = found.ok_or_else(|| {
            Failure::new(Exit::Failed, format!("there is no dead letter {id}; `inbox dead` lists them"))
        })?;
        by_store.entry(letter.store_id).or_default().push(id);
    }
    tx.commit().await?;
    let wishes = by_store
        .iter()
        .flat_map(|(store, ids)| ids.chunks(AT_ONCE).map(move |ids| json!({ "store_id": store, "ids": ids })));
    Ok(wishes.collect())
}
