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
            let mut failed = Failed::of(self.stores.len());
            for id in &self.stores {
                match server.post(&format!("/api/v1/stores/{id}/{verb}"), None) {
                    Ok(store) => stands.push(Stands::read(*id, &store)),
                    Err(failure) => failed.note(*id, failure),
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
        failed.end()
    }
}

/// Stores with which it did not work; the others are not held up by them.
pub(super) struct Failed {
    of: usize,
    count: usize,
    last: Option<Failure>,
}

impl Failed {
    /// None yet of so many.
    pub(super) const fn of(of: usize) -> Self {
        Self { of, count: 0, last: None }
    }

    /// Says at once what is wrong with one of several.
    pub(super) fn note(&mut self, store: StoreId, failure: Failure) {
        if self.of > 1 {
            output::say(&format!("{store}: {failure}"));
        }
        self.count += 1;
        self.last = Some(failure);
    }

    /// How the command ends: if all failed, as the last of them.
    pub(super) fn end(self) -> Outcome {
        match self.last {
            None => Ok(()),
            Some(failure) if self.of == 1 => Err(failure),
            Some(failure) => {
                let exit = if self.count == self.of { failure.exit } else { Exit::Failed };
                Err(Failure::new(exit, format!("{} of {} failed", self.count, self.of)))
            }
        }
    }
}

impl Stands {
    fn read(id: StoreId, store: &Value) -> Self {
        let text = |name: &str| store[name].as_str().unwrap_or_default().to_owned();
        Self { id, name: text("name"), state: text("state") }
    }
}
