//! `storewire inbox replay`

use std::collections::BTreeMap;

use clap::{ArgGroup, Args};
use serde_json::json;
use storewire_db::{
    Db,
    deliveries::{self, DeliveryFilter},
};
use storewire_domain::{DeliveryId, StoreId};

use super::super::{Installation, server::Person};
use super::which::Which;
use crate::failure::{Exit, Failure, Outcome};
use crate::output;
use crate::storage::{Storage, engine_runtime};

/// As many as the server takes in one request.
const AT_ONCE: usize = 1_000;

/// As many are read of the list at a time.
const PAGE: u32 = 1_000;

/// Have the running server handle stored deliveries again, by today's code; `inbox list` tells the new verdicts
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("chosen").required(true).args(["ids", "store"])), after_help = "Examples:\n  \
    storewire inbox replay $ID --as admin@example.com\n  \
    storewire inbox replay --store $STORE --state ignored --since 1h --as admin@example.com\n\n\
    A replay is harmless: what is older than our copy, or the same, is ignored again.")]
pub struct Replay {
    #[command(flatten)]
    installation: Installation,
    #[command(flatten)]
    person: Person,
    /// The deliveries' ids, as `inbox list` shows them
    #[arg(value_name = "ID", conflicts_with_all = ["state", "topic", "since"])]
    ids: Vec<DeliveryId>,
    #[command(flatten)]
    which: Which,
    /// Print the number as JSON
    #[arg(long)]
    json: bool,
}

impl Replay {
    pub fn run(self) -> Outcome {
        let filter = self.which.filter(PAGE)?;
        let config = self.installation.load_quietly()?;
        let runtime = engine_runtime(1)?;
        let storage = Storage::open(&config, &runtime)?;
        let chosen = runtime.block_on(async {
            if self.ids.is_empty() {
                self.chosen(&storage.db, filter).await
            } else {
                named(&storage.db, &self.ids).await
            }
        });
        let replayed = chosen.and_then(|chosen| {
            self.person.ask(&config, (&storage, &runtime), |server| {
                let mut replayed = 0;
                for (store, ids) in &chosen {
                    for ids in ids.chunks(AT_ONCE) {
                        let wish = json!({ "store_id": store, "ids": ids });
                        let answer = server.post("/api/v1/deliveries/replay", Some(&wish))?;
                        replayed += answer["replayed"].as_u64().unwrap_or(0);
                    }
                }
                Ok(replayed)
            })
        });
        let replayed = storage.close_after(replayed)?;
        if self.json {
            return Ok(output::json(&json!({ "replayed": replayed }))?);
        }
        output::say(&format!("deliveries that are handled again: {replayed}"));
        Ok(())
    }

    async fn chosen(&self, db: &Db, mut filter: DeliveryFilter) -> Outcome<Chosen> {
        let mut chosen = Chosen::new();
        let tx = db.staff().await?;
        self.which.check(&tx).await?;
        loop {
            let rows = deliveries::list(&tx, &filter).await?;
            let Some(last) = rows.last() else { break };
            filter.before = Some(last.id.uuid());
            for row in rows {
                chosen.entry(row.store_id).or_default().push(row.id);
            }
        }
        tx.commit().await?;
        Ok(chosen)
    }
}

/// By store, since the server is asked store by store.
type Chosen = BTreeMap<StoreId, Vec<DeliveryId>>;

async fn named(db: &Db, ids: &[DeliveryId]) -> Outcome<Chosen> {
    let mut chosen = Chosen::new();
    let tx = db.staff().await?;
    for &id in ids {
        let found = deliveries::find(&tx, id).await?;
        let (row, _) = found.ok_or_else(|| {
            Failure::new(Exit::Failed, format!("there is no delivery {id}; `inbox list` shows those that are kept"))
        })?;
        chosen.entry(row.store_id).or_default().push(id);
    }
    tx.commit().await?;
    Ok(chosen)
}
