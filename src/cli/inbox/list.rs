//! `storewire inbox list`

use clap::Args;
use serde::Serialize;
use storewire_db::deliveries::{self, DeliveryRow};

use super::super::Installation;
use super::which::Which;
use crate::failure::Outcome;
use crate::output;
use crate::storage::{Storage, engine_runtime};

/// List received deliveries, newest first
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    storewire inbox list\n  \
    storewire inbox list --state ignored --since 1h\n  \
    storewire inbox list --json | jq -r '.[] | select(.reason == \"storm\") | .id'")]
pub struct List {
    #[command(flatten)]
    installation: Installation,
    #[command(flatten)]
    which: Which,
    /// How many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// Print the list as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Listed {
    id: String,
    store: String,
    store_id: String,
    received_at: String,
    topic: String,
    state: String,
    reason: Option<String>,
    attempts: i16,
    bytes: i64,
}

impl List {
    pub fn run(self) -> Outcome {
        let filter = self.which.filter(self.limit)?;
        let config = self.installation.load_quietly()?;
        let runtime = engine_runtime(1)?;
        let storage = Storage::open(&config, &runtime)?;
        let rows = runtime.block_on(async {
            let tx = storage.db.staff().await?;
            self.which.check(&tx).await?;
            let rows = deliveries::list(&tx, &filter).await?;
            tx.commit().await?;
            Ok(rows)
        });
        let listed: Vec<Listed> = storage.close_after(rows)?.into_iter().map(Listed::from).collect();
        if self.json {
            return Ok(output::json(&listed)?);
        }
        let rows: Vec<Vec<String>> = listed
            .into_iter()
            .map(|one| vec![one.id, one.received_at, one.store, one.topic, one.state, one.reason.unwrap_or_default()])
            .collect();
        Ok(output::table(&["ID", "RECEIVED", "STORE", "TOPIC", "STATE", "REASON"], &rows)?)
    }
}

impl From<DeliveryRow> for Listed {
    fn from(row: DeliveryRow) -> Self {
        Self {
            id: row.id.to_string(),
            store: row.store_name,
            store_id: row.store_id.to_string(),
            received_at: row.received_at.to_string(),
            topic: row.topic,
            state: row.state,
            reason: row.reason,
            attempts: row.attempts,
            bytes: row.bytes,
        }
    }
}
