//! What every command is told.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use crate::report;
use crate::rig::{RigOptions, find_storewire};
use crate::timing::Timing;

/// See the module.
#[derive(Debug, Args)]
pub struct Common {
    /// The binary under test [default: target/release/storewire, else target/debug/storewire]
    #[arg(long, value_name = "FILE")]
    storewire: Option<PathBuf>,
    #[arg(long, default_value_t = 10)]
    stores: usize,
    /// Orders per store that the deliveries change in turn
    #[arg(long, default_value_t = 1_000)]
    orders: u64,
    /// How long each step lasts
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Rounds whose median counts, product and limit in turn
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// One round of two seconds: whether everything runs, not how fast
    #[arg(long)]
    quick: bool,
    /// Do not analyze the tables first: the first minute of an installation, with the plans of empty tables
    #[arg(long)]
    fresh: bool,
    /// Where the private database lies: a disk, never memory [default: the temporary folder]
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Write the results here as well
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

impl Common {
    /// What to set up, and how long to measure.
    ///
    /// # Errors
    /// If a number makes no sense, or there is no binary to test.
    pub fn read(&self) -> Result<(RigOptions, Timing)> {
        if self.stores == 0 || self.orders == 0 || self.seconds == 0 || self.rounds == 0 {
            bail!("stores, orders, seconds and rounds start at 1");
        }
        let storewire = find_storewire(self.storewire.as_deref())?;
        eprintln!("testing {} (load of this machine: {})", storewire.display(), report::load());
        let folder = self.folder.clone().unwrap_or_else(std::env::temp_dir);
        let rig = RigOptions { storewire, stores: self.stores, orders: self.orders, folder };
        let (seconds, rounds) = if self.quick { (2, 1) } else { (self.seconds, self.rounds) };
        Ok((rig, Timing { seconds, rounds, is_fresh: self.fresh }))
    }
}
