//! `storewire store pause`, `resume` and `reconcile`: one deed for each of several stores.

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use storewire_domain::StoreId;

use super::super::{Installation, server::Person};
use crate::failure::{Exit, Failure, Outcome};
use crate::output;
use crate::storage::{Storage, engine_runtime};

/// Which stores, and who wants it.
#[derive(Debug, Args)]
pub struct Deed {
    #[command(flatten)]
    installation: Installation,
    #[command(flatten)]
    person: Person,
    /// The stores' ids, as `store list` shows them
    #[arg(required = true, value_name = "ID")]
    stores: Vec<StoreId>,
    /// Print the stores as JSON
    #[arg(long)]
    json: bool,
}

/// A store after the deed.
#[derive(Serialize)]
struct Stands {
    id: StoreId,
    name: String,
    state: String,
}

impl Deed {
    /// Has the running server do it to every store; one that fails does not stop the others.
    pub fn run(&self, verb: &str) -> Outcome {
        let config = self.installation.load_quietly()?;
        let runtime = engine_runtime(1)?;
        let storage = Storage::open(&config, &runtime)?;
        let done = self.person.ask(&config, (&storage, &runtime), |server| {
            let mut stands = Vec::new();
            let mut failed = None;
            for id in &self.stores {
                match server.post(&format!("/api/v1/stores/{id}/{verb}"), None) {
                    Ok(store) => stands.push(Stands::read(*id, &store)),
                    Err(failure) => {
                        output::say(&format!("{id}: {failure}"));
                        failed = Some(failure.exit);
                    }
                }
            }
            Ok((stands, failed))
        });
        let (stands, failed) = storage.close_after(done)?;
        if self.json {
            output::json(&stands)?;
        } else {
            for store in &stands {
                output::line(&format!("{}  {}  {}", store.id, store.state, store.name))?;
            }
        }
        let missed = self.stores.len() - stands.len();
        failed.map_or(Ok(()), |exit| {
            Err(Failure::new(
                if stands.is_empty() { exit } else { Exit::Failed },
                format!("{missed} of {} failed", self.stores.len()),
            ))
        })
    }
}

impl Stands {
    fn read(id: StoreId, store: &Value) -> Self {
        let text = |name: &str| store[name].as_str().unwrap_or_default().to_owned();
        Self { id, name: text("name"), state: text("state") }
    }
}
