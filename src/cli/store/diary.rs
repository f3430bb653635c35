//! `storewire store diary`

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use storewire_db::diary::{self, Entry};
use storewire_domain::StoreId;

use super::{super::Installation, known};
use crate::failure::Outcome;
use crate::output;
use crate::storage::{Storage, engine_runtime};

/// Tell what happened to a store, newest first
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    storewire store diary $STORE\n  \
    storewire store diary $STORE --json | jq '.[] | select(.kind == \"webhooks_healed\")'")]
pub struct Diary {
    #[command(flatten)]
    installation: Installation,
    /// The store's id, as `store list` shows it
    id: StoreId,
    /// How many entries
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// Print the list as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Told {
    at: String,
    kind: String,
    detail: Value,
    by: Option<String>,
}

impl Diary {
    pub fn run(self) -> Outcome {
        let config = self.installation.load_quietly()?;
        let runtime = engine_runtime(1)?;
        let storage = Storage::open(&config, &runtime)?;
        let read = runtime.block_on(async {
            let tx = storage.db.staff().await?;
            let store = known(&tx, self.id).await?;
            let entries = diary::list(&tx, store.tenant_id, store.id, None, self.limit).await?;
            tx.commit().await?;
            Ok(entries)
        });
        let told: Vec<Told> = storage.close_after(read)?.into_iter().map(Told::from).collect();
        if self.json {
            return Ok(output::json(&told)?);
        }
        let rows: Vec<Vec<String>> = told
            .into_iter()
            .map(|entry| vec![entry.at, entry.kind, in_words(&entry.detail), entry.by.unwrap_or_default()])
            .collect();
        Ok(output::table(&["AT", "WHAT", "DETAIL", "BY"], &rows)?)
    }
}

impl From<Entry> for Told {
    fn from(entry: Entry) -> Self {
        Self { at: entry.at.to_string(), kind: entry.kind, detail: entry.detail, by: entry.user_name }
    }
}

/// `name=value` pairs; texts without their quotes.
fn in_words(detail: &Value) -> String {
    let Some(fields) = detail.as_object() else { return String::new() };
    let fields = fields.iter().filter(|(_, value)| !value.is_null());
    let words: Vec<String> = fields
        .map(|(name, value)| value.as_str().map_or_else(|| format!("{name}={value}"), |text| format!("{name}={text}")))
        .collect();
    words.join(" ")
}
