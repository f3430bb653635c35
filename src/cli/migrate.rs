//! `storewire migrate`

use clap::Args;
use serde::Serialize;

use super::Installation;
use crate::failure::Outcome;
use crate::output;
use crate::storage::{Storage, engine_runtime};

/// Bring the database's schema up to date, or list what it has
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    storewire migrate                   apply what is missing\n  \
    storewire migrate --status --json   list migrations, change nothing\n\n\
    `serve` migrates by itself; run this before it when a deployment does both apart.")]
pub struct Migrate {
    #[command(flatten)]
    installation: Installation,
    /// Only list the migrations
    #[arg(long)]
    status: bool,
    /// Print the list as JSON
    #[arg(long, requires = "status")]
    json: bool,
}

#[derive(Serialize)]
struct Listed {
    version: i32,
    name: String,
    is_applied: bool,
}

impl Migrate {
    pub fn run(self) -> Outcome {
        let config = self.installation.load_quietly()?;
        let runtime = engine_runtime(1)?;
        if !self.status {
            let storage = Storage::open(&config, &runtime)?;
            output::say(&format!("{} migrations applied", storage.applied));
            return storage.close();
        }
        let reach = Storage::reach(&config)?;
        let list = runtime.block_on(async {
            let target = reach.admin_url.expose().parse().map_err(storewire_db::DbError::Driver)?;
            let mut client = storewire_db::bootstrap::connect(&target, runtime.handle()).await?;
            storewire_db::migrations::status(&mut client).await
        });
        let list = reach.close_after(list.map_err(Into::into))?;
        let list: Vec<Listed> = list
            .into_iter()
            .map(|found| Listed { version: found.version, name: found.name, is_applied: found.is_applied })
            .collect();
        if self.json {
            return Ok(output::json(&list)?);
        }
        let rows: Vec<Vec<String>> = list
            .iter()
            .map(|one| {
                let state = if one.is_applied { "applied" } else { "missing" };
                vec![one.version.to_string(), one.name.clone(), state.to_owned()]
            })
            .collect();
        Ok(output::table(&["VERSION", "NAME", "STATE"], &rows)?)
    }
}
