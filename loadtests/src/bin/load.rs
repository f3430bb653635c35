//! `load`: simulated shops trade, the binary keeps up or bends, and everything is counted.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Parser;
use storewire_loadtests::{load, report, rig, stop};

/// Lets simulated shops trade at a rate, watches the binary each second, and demands that nothing was lost or doubled
#[derive(Debug, Parser)]
#[command(after_help = "Example:\n  \
    make load STORES=200 RATE=50 SECONDS_TO_RUN=60")]
struct Cli {
    #[arg(long, default_value_t = 200)]
    stores: usize,
    /// Changes a second over all shops; each is told by one to three webhooks
    #[arg(long, default_value_t = 50)]
    rate: u32,
    /// How long they trade
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Something is wrong with five of the shops at any time
    #[arg(long)]
    faults: bool,
    /// Live sockets that watch
    #[arg(long, default_value_t = 3)]
    sockets: usize,
    /// The same seed gives the same shops and trouble
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Seconds within which every copy must be its shop once the trade is over
    #[arg(long, default_value_t = 180)]
    within: u64,
    /// The binary [default: target/release/storewire, then target/debug/storewire]
    #[arg(long, value_name = "FILE")]
    storewire: Option<PathBuf>,
    /// Where the private database lies [default: the temporary folder]
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Write the figures, second by second, to a file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let ended = tokio::select! {
        ended = run(Cli::parse()) => ended,
        told = stop::told() => told,
    };
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
    ensure!((1..=2_000).contains(&cli.stores), "from 1 to 2000 stores: for more there is `scale run`");
    ensure!(
        (1..=86_400).contains(&cli.seconds) && cli.rate > 0,
        "from a second to a day, and at least one change a second"
    );
    let options = load::Options {
        storewire: rig::find_storewire(cli.storewire.as_deref())?,
        stores: cli.stores,
        rate: cli.rate,
        time: Duration::from_secs(cli.seconds),
        has_faults: cli.faults,
        sockets: cli.sockets,
        seed: cli.seed,
        within: Duration::from_secs(cli.within),
        folder: cli.folder.unwrap_or_else(std::env::temp_dir),
    };
    let outcome = load::run(&options, &|line| eprintln!("{line}")).await?;
    print!("{outcome}");
    if let Some(path) = &cli.json {
        report::write(path, &outcome.figures)?;
    }
    Ok(outcome.holds())
}
