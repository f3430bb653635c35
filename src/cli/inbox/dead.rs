//! `storewire inbox dead`

use clap::{Args, Subcommand};
use serde::Serialize;
use storewire_db::dead_letters::{self, DeadCause, DeadFilter, DeadLetter};
use storewire_domain::StoreId;

use super::super::{Installation, store::known};
use crate::failure::Outcome;
use crate::output;
use crate::storage::{Storage, engine_runtime};

mod decide;

/// List what was given up on, newest first; try it again or discard it
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
        storewire inbox dead --by-cause\n  \
        storewire inbox dead --cause undecodable\n  \
        storewire inbox dead retry --cause undecodable --as admin@example.com\n  \
        storewire inbox dead discard $ID --as admin@example.com"
)]
pub struct Dead {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try them again: deliveries are handled anew, records asked of their store anew
    #[command(after_help = "Examples:\n  \
        storewire inbox dead retry --cause undecodable --as admin@example.com\n  \
        storewire inbox dead retry $ID --as admin@example.com\n\n\
        What fails again is set aside again.")]
    Retry(decide::Decide),
    /// Close them for good; their bytes are kept
    #[command(after_help = "Examples:\n  \
        storewire inbox dead discard --cause crashed --store $STORE --as admin@example.com\n  \
        storewire inbox dead discard $ID --as admin@example.com")]
    Discard(decide::Decide),
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    installation: Installation,
    /// Of this store only
    #[arg(long, value_name = "ID")]
    store: Option<StoreId>,
    /// Of this cause only
    #[arg(long)]
    cause: Option<String>,
    /// Count them by store, cause and topic
    #[arg(long)]
    by_cause: bool,
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
    set_aside_at: String,
    origin: String,
    topic: String,
    remote_id: Option<String>,
    cause: String,
    reason: String,
}

#[derive(Serialize)]
struct Heap {
    count: i64,
    cause: String,
    topic: String,
    store: String,
    store_id: String,
    newest: String,
    sample_reason: String,
}

impl Dead {
    pub fn run(self) -> Outcome {
        match self.command {
            None => self.list.run(),
            Some(Command::Retry(command)) => command.run("retry", "retried"),
            Some(Command::Discard(command)) => command.run("discard", "discarded"),
        }
    }
}

impl List {
    fn run(self) -> Outcome {
        let config = self.installation.load_quietly()?;
        let runtime = engine_runtime(1)?;
        let storage = Storage::open(&config, &runtime)?;
        let filter =
            DeadFilter { store: self.store, cause: self.cause.clone(), limit: self.limit, ..DeadFilter::default() };
        let read = runtime.block_on(async {
            let tx = storage.db.staff().await?;
            if let Some(store) = self.store {
                known(&tx, store).await?;
            }
            let heaps = if self.by_cause { dead_letters::causes(&tx, self.store).await? } else { Vec::new() };
            let letters = if self.by_cause { Vec::new() } else { dead_letters::list(&tx, &filter).await? };
            tx.commit().await?;
            Ok((heaps, letters))
        });
        let (heaps, letters) = storage.close_after(read)?;
        if !self.by_cause {
            return self.print_letters(letters.into_iter().map(Listed::from).collect());
        }
        let is_wanted = |heap: &DeadCause| self.cause.as_ref().is_none_or(|cause| *cause == heap.cause);
        self.print_heaps(heaps.into_iter().filter(is_wanted).map(Heap::from).collect())
    }

    fn print_letters(&self, letters: Vec<Listed>) -> Outcome {
        if self.json {
            return Ok(output::json(&letters)?);
        }
        let rows: Vec<Vec<String>> = letters
            .into_iter()
            .map(|one| vec![one.id, one.set_aside_at, one.store, one.topic, one.cause, one.reason])
            .collect();
        Ok(output::table(&["ID", "SET ASIDE", "STORE", "TOPIC", "CAUSE", "REASON"], &rows)?)
    }

    fn print_heaps(&self, heaps: Vec<Heap>) -> Outcome {
        if self.json {
            return Ok(output::json(&heaps)?);
        }
        let rows: Vec<Vec<String>> = heaps
            .into_iter()
            .map(|heap| {
                vec![heap.count.to_string(), heap.cause, heap.topic, heap.store, heap.newest, heap.sample_reason]
            })
            .collect();
        Ok(output::table(&["COUNT", "CAUSE", "TOPIC", "STORE", "NEWEST", "SUCH AS"], &rows)?)
    }
}

impl From<DeadLetter> for Listed {
    fn from(letter: DeadLetter) -> Self {
        Self {
            id: letter.id.to_string(),
            store: letter.store_name,
            store_id: letter.store_id.to_string(),
            set_aside_at: letter.created_at.to_string(),
            origin: letter.origin,
            topic: letter.topic,
            remote_id: letter.remote_id,
            cause: letter.cause,
            reason: letter.reason,
        }
    }
}

impl From<DeadCause> for Heap {
    fn from(heap: DeadCause) -> Self {
        Self {
            count: heap.count,
            cause: heap.cause,
            topic: heap.topic,
            store: heap.store_name,
            store_id: heap.store_id.to_string(),
            newest: heap.newest.to_string(),
            sample_reason: heap.sample_reason,
        }
    }
}
