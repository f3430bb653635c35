//! `loadtest`: the command line of the load tests.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use storewire_loadtests::backfill::{self, BackfillFlags};
use storewire_loadtests::common::Common;
use storewire_loadtests::converge::{self, ConvergeFlags};
use storewire_loadtests::crash::{self, CrashFlags};
use storewire_loadtests::fanout::{self, FanoutFlags};
use storewire_loadtests::ingest::{self, IngestFlags};
use storewire_loadtests::isolation::{self, IsolationFlags};
use storewire_loadtests::live::{self, LiveFlags};
use storewire_loadtests::page::{self, PageFlags};
use storewire_loadtests::results::Results;
use storewire_loadtests::{floor, stop};

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
    /// B1: deliveries acknowledged per second, beside the same rows inserted bare
    Ingest(With<IngestFlags>),
    /// B2: one change to a thousand sockets and more, and what an idle one weighs
    Fanout(With<FanoutFlags>),
    /// B3: the first import of a shop, beside its rows written bare
    Backfill(With<BackfillFlags>),
    /// B4: webhook to socket: p50, p99, CPU per event, the highest rate carried
    Live(With<LiveFlags>),
    /// B5: the newest orders of a store with very many, as a page, beside the same bytes from memory
    Page(With<PageFlags>),
    /// B6: quiet shops while one floods, beside the same without the flood
    Isolation(With<IsolationFlags>),
    /// B7: kill -9 of the binary, then of PostgreSQL, in the middle of load
    Crash(With<CrashFlags>),
    /// B9: orders change while the binary is down: until our copy equals the shops again
    Converge(With<ConvergeFlags>),
    /// All of them, and one table
    All(With<AllFlags>),
    /// A limit's own process, started by the others
    #[command(hide = true)]
    Floor {
        kind: floor::Kind,
        #[arg(long)]
        listen: SocketAddr,
    },
}

/// A command's own flags beside those of every command.
#[derive(Args, Debug)]
struct With<Flags: Args> {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Args, Debug)]
struct AllFlags {
    #[command(flatten)]
    ingest: IngestFlags,
    #[command(flatten)]
    fanout: FanoutFlags,
    #[command(flatten)]
    backfill: BackfillFlags,
    #[command(flatten)]
    live: LiveFlags,
    #[command(flatten)]
    page: PageFlags,
    #[command(flatten)]
    isolation: IsolationFlags,
    #[command(flatten)]
    crash: CrashFlags,
    #[command(flatten)]
    converge: ConvergeFlags,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let ended = tokio::select! {
        ended = run(cli.command) => ended,
        told = stop::told() => told,
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<()> {
    let mut results = Results::default();
    let common = match command {
        Command::Floor { kind, listen } => return floor::serve(kind, listen).await,
        Command::Ingest(With { common, flags }) => {
            let (rig, timing) = common.read()?;
            results.ingest = Some(ingest::run(&rig, timing, &flags).await?);
            common
        }
        Command::Fanout(With { common, flags }) => {
            let (rig, timing) = common.read()?;
            results.fanout = Some(fanout::run(&rig, timing, &flags).await?);
            common
        }
        Command::Backfill(With { common, flags }) => {
            let (rig, timing) = common.read()?;
            results.backfill = Some(backfill::run(&rig, timing, &flags).await?);
            common
        }
        Command::Live(With { common, flags }) => {
            let (rig, timing) = common.read()?;
            results.live = Some(live::run(&rig, timing, &flags).await?);
            common
        }
        Command::Page(With { common, flags }) => {
            let (rig, timing) = common.read()?;
            results.page = Some(page::run(&rig, timing, &flags).await?);
            common
        }
        Command::Isolation(With { common, flags }) => {
            let (rig, timing) = common.read()?;
            results.isolation = Some(isolation::run(&rig, timing, &flags).await?);
            common
        }
        Command::Crash(With { common, flags }) => {
            let (rig, timing) = common.read()?;
            results.crash = Some(crash::run(&rig, timing, &flags).await?);
            common
        }
        Command::Converge(With { common, flags }) => {
            let (rig, timing) = common.read()?;
            results.converge = Some(converge::run(&rig, timing, &flags).await?);
            common
        }
        Command::All(With { common, flags }) => {
            let (rig, timing) = common.read()?;
            results.ingest = results.attempt("ingest", ingest::run(&rig, timing, &flags.ingest)).await;
            results.fanout = results.attempt("fanout", fanout::run(&rig, timing, &flags.fanout)).await;
            results.backfill = results.attempt("backfill", backfill::run(&rig, timing, &flags.backfill)).await;
            results.live = results.attempt("live", live::run(&rig, timing, &flags.live)).await;
            results.page = results.attempt("page", page::run(&rig, timing, &flags.page)).await;
            results.isolation = results.attempt("isolation", isolation::run(&rig, timing, &flags.isolation)).await;
            results.crash = results.attempt("crash", crash::run(&rig, timing, &flags.crash)).await;
            results.converge = results.attempt("converge", converge::run(&rig, timing, &flags.converge)).await;
            common
        }
    };
    results.end(common.json.as_deref())
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
