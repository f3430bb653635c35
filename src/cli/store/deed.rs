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
            let mut failed = Failed::default();
            for id in &self.stores {
                match server.post(&format!("/api/v1/stores/{id}/{verb}"), None) {
                    Ok(store) => stands.push(Stands::read(*id, &store)),
                    Err(failure) => failed.note(*id, &failure),
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
        failed.end(self.stores.len())
    }
}

/// Stores with which it did not work; the others are not held up by them.
#[derive(Default)]
pub(super) struct Failed {
    count: usize,
    last: Option<Exit>,
}

impl Failed {
    /// Says at once what is wrong with one.
    pub(super) fn note(&mut self, store: StoreId, failure: &Failure) {
        output::say(&format!("{store}: {failure}"));
        self.count += 1;
        self.last = Some(failure.exit);
    }

    /// How the command ends; with one store, or if all failed, as the failure says.
    pub(super) fn end(self, of: usize) -> Outcome {
        let Some(exit) = self.last else { return Ok(()) };
        let exit = if self.count == of { exit } else { Exit::Failed };
        Err(Failure::new(exit, format!("{} of {of} failed", self.count)))
    }
}

impl Stands {
    fn read(id: StoreId, store: &Value) -> Self {
        let text = |name: &str| store[name].as_str().unwrap_or_default().to_owned();
        Self { id, name: text("name"), state: text("state") }
    }
}
