//! `storewire store sync`

use std::time::Duration;

use clap::Args;
use serde_json::json;
use storewire_db::rechecks::RecheckKind;
use storewire_domain::{RemoteId, Resource, StoreId};

use super::super::{Installation, server::Person};
use super::deed::Failed;
use super::wait::{Found, Wait, Wanted};
use crate::config::parse_duration;
use crate::failure::Outcome;
use crate::output;
use crate::storage::{Storage, engine_runtime};

/// Have the running server read stores, or one record of a store, now, without waiting for their turn
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    storewire store sync $STORE --as admin@example.com\n  \
    storewire store sync $STORE --record order:4711 --wait --as admin@example.com\n  \
    storewire store sync $STORE --wait=10m --orders --json --as admin@example.com\n\n\
    It is done in the name of --as, without their password: whoever holds the key file may.\n\
    Without --record a store is read whole, which is a few requests if little changed;\n\
    --orders and --products say what --wait waits for and prints.")]
pub struct Sync {
    #[command(flatten)]
    installation: Installation,
    #[command(flatten)]
    person: Person,
    /// The stores' ids, as `store list` shows them
    #[arg(required = true, value_name = "ID")]
    stores: Vec<StoreId>,
    /// Read this record only: order, product, customer, coupon, refunds or variations, and the store's own id
    #[arg(long, value_name = "KIND:ID", value_parser = parse_record)]
    record: Option<(RecheckKind, RemoteId)>,
    /// Wait until it is read and print what was found; for so long at most [default: 5m]
    #[arg(
        long, value_name = "DURATION", num_args = 0..=1, require_equals = true, default_missing_value = "5m",
        value_parser = parse_duration
    )]
    wait: Option<Duration>,
    /// Wait for orders only
    #[arg(long, requires = "wait", conflicts_with = "record")]
    orders: bool,
    /// Wait for products only
    #[arg(long, requires = "wait", conflicts_with = "record")]
    products: bool,
    /// Print what was found as JSON
    #[arg(long, requires = "wait")]
    json: bool,
}

impl Sync {
    pub fn run(self) -> Outcome {
        let config = self.installation.load_quietly()?;
        let runtime = engine_runtime(1)?;
        let storage = Storage::open(&config, &runtime)?;
        let body = self
            .record
            .as_ref()
            .map(|(kind, remote_id)| json!({ "record": { "kind": kind.as_str(), "remote_id": remote_id.as_str() } }));
        let asked = self.person.ask(&config, (&storage, &runtime), |server| {
            let mut waits = Vec::new();
            let mut failed = Failed::of(self.stores.len());
            for &store in &self.stores {
                // What is found is told from here on, so this comes before the question.
                let wait = runtime.block_on(Wait::begin(&storage.db, store, self.wanted()));
                let asked = wait
                    .and_then(|wait| server.post(&format!("/api/v1/stores/{store}/sync"), body.as_ref()).map(|_| wait));
                match asked {
                    Ok(wait) => waits.push(wait),
                    Err(failure) => failed.note(store, failure),
                }
            }
            if !waits.is_empty() {
                output::say("asked the server to read now");
            }
            Ok((waits, failed))
        });
        let found = asked.and_then(|(waits, failed)| match self.wait {
            Some(within) => Ok((runtime.block_on(Wait::all(&storage.db, waits, within))?, failed)),
            None => Ok((Vec::new(), failed)),
        });
        let (found, failed) = storage.close_after(found)?;
        if self.wait.is_some() {
            print(&found, self.json)?;
        }
        failed.end()
    }

    fn wanted(&self) -> Wanted {
        match &self.record {
            Some((kind, remote_id)) => Wanted::Record(*kind, remote_id.clone()),
            None => {
                let named = [(self.orders, Resource::Orders), (self.products, Resource::Products)];
                Wanted::Listings(named.into_iter().filter_map(|(is_named, one)| is_named.then_some(one)).collect())
            }
        }
    }
}

fn print(found: &[Found], as_json: bool) -> Outcome {
    if as_json {
        return Ok(output::json(&found)?);
    }
    if found.is_empty() {
        return Ok(());
    }
    for one in found.iter().filter(|one| one.is_there == Some(false)) {
        output::say(&format!("{} has no such record", one.store));
    }
    if found.iter().all(|one| one.changes.is_empty()) {
        if found.iter().any(|one| one.is_there != Some(false)) {
            output::say("read; nothing was new");
        }
        return Ok(());
    }
    let rows: Vec<Vec<String>> = found
        .iter()
        .flat_map(|one| {
            one.changes.iter().map(|(kind, count)| vec![one.store.to_string(), kind.to_string(), count.to_string()])
        })
        .collect();
    Ok(output::table(&["STORE", "FOUND", "COUNT"], &rows)?)
}

fn parse_record(text: &str) -> Result<(RecheckKind, RemoteId), String> {
    let (kind, id) = text.split_once(':').ok_or("say KIND:ID, such as order:4711")?;
    let known = RecheckKind::ALL.into_iter().find(|known| known.as_str() == kind);
    let known = known.ok_or_else(|| {
        format!("{kind:?} is no kind of record: order, product, customer, coupon, refunds, variations")
    })?;
    if !(1..=18).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("{id:?} is no id of a store's: a number of at most 18 digits"));
    }
    Ok((known, RemoteId::from(id)))
}
