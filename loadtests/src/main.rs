//! `loadtest`: the command line of the load tests.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use serde::Serialize;
use storewire_loadtests::ingest::{self, IngestOptions, IngestReport};
use storewire_loadtests::live::{self, LiveOptions, LiveReport};
use storewire_loadtests::rig::{RigOptions, find_storewire};
use storewire_loadtests::watch::Socket;
use storewire_loadtests::{floor, report};
use tokio::signal::unix::{SignalKind, signal};

/// Load tests of the storewire binary, with a private PostgreSQL and simulated stores
#[derive(Debug, Parser)]
#[command(after_help = "Examples:\n  \
    cargo build --locked --release --workspace --bins\n  \
    target/release/loadtest all\n  \
    target/release/loadtest ingest --concurrency 32 --rounds 1\n  \
    target/release/loadtest live --rate 200 --ladder 400,800,1600 --json loadtests/baselines/2026-11-21-live.json")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Deliveries acknowledged per second, beside the same rows inserted bare
    Ingest {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        ingest: IngestFlags,
    },
    /// Webhook to socket: p50, p99, CPU per event, the highest rate carried
    Live {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        live: LiveFlags,
    },
    /// Both, with their defaults
    All {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        ingest: IngestFlags,
        #[command(flatten)]
        live: LiveFlags,
    },
    /// The limit's own process, started by `live`
    #[command(hide = true)]
    Floor {
        #[arg(long)]
        listen: SocketAddr,
    },
}

#[derive(Debug, Args)]
struct Common {
    /// The binary under test [default: target/release/storewire, else target/debug/storewire]
    #[arg(long, value_name = "FILE")]
    storewire: Option<PathBuf>,
    #[arg(long, default_value_t = 10)]
    stores: usize,
    /// Orders per store that the deliveries change in turn
    #[arg(long, default_value_t = 1_000)]
    orders: u64,
    /// How long each step lasts
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Rounds whose median counts, product and limit in turn
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Do not analyze the tables first: the first minute of an installation, with the plans of empty tables
    #[arg(long)]
    fresh: bool,
    /// Where the private database lies: a disk, never memory [default: the temporary folder]
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Write the results here as well
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct IngestFlags {
    /// Numbers of connections, one after the other
    #[arg(long, value_delimiter = ',', default_values_t = [32, 128])]
    concurrency: Vec<usize>,
}

#[derive(Debug, Args)]
struct LiveFlags {
    /// Events per second at which the rounds are made
    #[arg(long, default_value_t = 200)]
    rate: u64,
    /// Higher rates to try in turn until one is not carried
    #[arg(long, value_delimiter = ',', default_values_t = [400, 800, 1_600, 3_200, 6_400])]
    ladder: Vec<u64>,
    /// Sockets, each of which sees every store
    #[arg(long, default_value_t = 20)]
    watchers: usize,
    /// Which socket they open
    #[arg(long, value_enum, default_value_t = Socket::Api)]
    socket: Socket,
}

/// What a results file holds.
#[derive(Serialize)]
struct Results {
    ingest: Option<IngestReport>,
    live: Option<LiveReport>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let ended = tokio::select! {
        ended = run(cli.command) => ended,
        stopped = stopped() => stopped,
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What is dropped when a signal came puts itself away.
async fn stopped() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    bail!("stopped by a signal")
}

async fn run(command: Command) -> Result<()> {
    match command {
        Command::Ingest { common, ingest } => {
            let ingest = Some(ingest::run(&common.rig()?, &ingest.options(&common)?).await?);
            common.keep(&Results { ingest, live: None })
        }
        Command::Live { common, live } => {
            let live = Some(live::run(&common.rig()?, &live.options(&common)?).await?);
            common.keep(&Results { ingest: None, live })
        }
        Command::All { common, ingest, live } => {
            let ingest = Some(ingest::run(&common.rig()?, &ingest.options(&common)?).await?);
            let live = Some(live::run(&common.rig()?, &live.options(&common)?).await?);
            common.keep(&Results { ingest, live })
        }
        Command::Floor { listen } => {
            let url = std::env::var(floor::DATABASE_VARIABLE).context("this is started by `loadtest live`")?;
            floor::serve(listen, &url).await
        }
    }
}

impl Common {
    fn rig(&self) -> Result<RigOptions> {
        if self.stores == 0 || self.orders == 0 || self.seconds == 0 || self.rounds == 0 {
            bail!("stores, orders, seconds and rounds start at 1");
        }
        let storewire = find_storewire(self.storewire.as_deref())?;
        eprintln!("testing {} (load of this machine: {})", storewire.display(), report::load());
        let folder = self.folder.clone().unwrap_or_else(std::env::temp_dir);
        Ok(RigOptions { storewire, stores: self.stores, orders: self.orders, folder })
    }

    fn time(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    fn keep(&self, results: &Results) -> Result<()> {
        self.json.as_deref().map_or(Ok(()), |path| report::write(path, results))
    }
}

impl IngestFlags {
    fn options(self, common: &Common) -> Result<IngestOptions> {
        if self.concurrency.contains(&0) {
            bail!("a concurrency of 0 posts nothing");
        }
        Ok(IngestOptions {
            concurrency: self.concurrency,
            time: common.time(),
            rounds: common.rounds,
            is_fresh: common.fresh,
        })
    }
}

impl LiveFlags {
    fn options(self, common: &Common) -> Result<LiveOptions> {
        if self.rate == 0 || self.watchers == 0 || self.ladder.contains(&0) {
            bail!("rates and watchers start at 1");
        }
        Ok(LiveOptions {
            rate: self.rate,
            ladder: self.ladder,
            time: common.time(),
            rounds: common.rounds,
            watchers: self.watchers,
            socket: self.socket,
            is_fresh: common.fresh,
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Cli::command().debug_assert();
    }
}
