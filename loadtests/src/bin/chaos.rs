//! `chaos`: breaks everything for a while, then counts.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use clap::Parser;
use storewire_loadtests::chaos::{self, Options};
use tokio::signal::unix::{SignalKind, signal};

/// Breaks shops, networks, the binary and its database by a seeded plan, then demands that nothing was lost
#[derive(Debug, Parser)]
#[command(after_help = "Example:\n  \
    make chaos STORES=20 SECONDS_TO_RUN=60 SEED=7")]
struct Cli {
    #[arg(long, default_value_t = 10)]
    stores: usize,
    /// How long things go wrong
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The same seed gives the same plan
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// How often the binary dies at most
    #[arg(long)]
    kills: Option<usize>,
    /// Changes per second over all shops [default: one for two shops, at least 5 and at most 50]
    #[arg(long)]
    rate: Option<u32>,
    /// Seconds within which everything must agree once all trouble is over; more for many stores on a busy machine
    #[arg(long, default_value_t = 60)]
    within: u64,
    /// The binary, a build with named places [default: target/debug/storewire]
    #[arg(long, value_name = "FILE")]
    storewire: Option<PathBuf>,
    /// Where the private database lies [default: the temporary folder]
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let again = format!("again: make chaos STORES={} SECONDS_TO_RUN={} SEED={}", cli.stores, cli.seconds, cli.seed);
    let ended = tokio::select! {
        ended = run(cli) => ended,
        stopped = stopped() => stopped,
    };
    eprintln!("{again}");
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<bool> {
    ensure!(cli.stores > 0 && cli.seconds > 0, "stores and seconds start at 1");
    let options = Options {
        storewire: chaos::find_storewire(cli.storewire.as_deref())?,
        stores: cli.stores,
        seed: cli.seed,
        time: Duration::from_secs(cli.seconds),
        kills: cli.kills,
        rate: cli.rate.unwrap_or(u32::try_from(cli.stores / 2)?.clamp(5, 50)),
        within: Duration::from_secs(cli.within),
        folder: cli.folder.unwrap_or_else(std::env::temp_dir),
    };
    let outcome = chaos::run(&options, &|line| eprintln!("{line}")).await?;
    print!("{outcome}");
    Ok(outcome.holds())
}

/// What is dropped when a signal came puts itself away.
async fn stopped() -> Result<bool> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    bail!("stopped by a signal")
}
