//! `scale`: many stores on one node, on paper and by simulation.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, ensure};
use clap::{Args, Parser, Subcommand};
use storewire_loadtests::{report, rig, scale, stop};

/// How many stores a node bears: reckoned from measured costs, or measured
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reckons what numbers of stores need, and what of a machine they use up first
    Plan(Plan),
    /// Starts the binary with thousands of stores that have nothing to tell, and measures
    Run(Run),
}

#[derive(Debug, Args)]
struct Plan {
    /// Numbers of stores, a column each
    #[arg(long, value_delimiter = ',', default_values_t = [10, 1_000, 10_000, 100_000])]
    stores: Vec<u32>,
    /// Measured costs as JSON; those it leaves out are those of a program that does nothing else
    #[arg(long, value_name = "FILE")]
    costs: Option<PathBuf>,
    /// One cost, such as actor_bytes=9000; --show-costs names them all
    #[arg(long, value_name = "NAME=NUMBER")]
    cost: Vec<String>,
    /// Tell the costs that were reckoned with, as such a file
    #[arg(long)]
    show_costs: bool,
    #[command(flatten, next_help_heading = "What stores do")]
    habits: scale::Habits,
    #[command(flatten, next_help_heading = "The machine")]
    machine: scale::Machine,
}

#[derive(Debug, Args)]
struct Run {
    /// Numbers of stores, one after the other
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000])]
    stores: Vec<usize>,
    /// Addresses that the shops live on
    #[arg(long, default_value_t = 1_000)]
    hosts: usize,
    /// Seconds in which nothing is due, while transactions are counted
    #[arg(long, default_value_t = 30)]
    quiet: u64,
    /// Seconds over which first polls are spread, as `engine.pull_interval`; 0 leaves them out
    #[arg(long, default_value_t = 300)]
    poll: u64,
    /// The binary [default: target/release/storewire, then target/debug/storewire]
    #[arg(long, value_name = "FILE")]
    storewire: Option<PathBuf>,
    /// Where the private database lies [default: the temporary folder]
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Write the figures to a file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Plan(plan) => end(plan.tell()),
        Command::Run(run) => end(tokio::select! {
            ended = run.run() => ended,
            told = stop::told() => told,
        }),
    }
}

fn end(outcome: Result<bool>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Plan {
    fn tell(&self) -> Result<bool> {
        let mut costs = self.costs.as_deref().map_or_else(|| Ok(scale::Costs::floor()), scale::Costs::read)?;
        for changed in &self.cost {
            costs = costs.but(changed)?;
        }
        let needs: Vec<_> = self.stores.iter().map(|stores| scale::Needs::of(*stores, &self.habits, &costs)).collect();
        let (head, rows) = scale::rows(&needs, &self.machine);
        report::table(&head.iter().map(String::as_str).collect::<Vec<_>>(), &rows);
        if self.show_costs {
            println!("{}", serde_json::to_string_pretty(&costs)?);
        }
        Ok(true)
    }
}

impl Run {
    async fn run(self) -> Result<bool> {
        let storewire = rig::find_storewire(self.storewire.as_deref())?;
        ensure!(self.stores.iter().all(|stores| *stores > 0) && self.hosts > 0, "stores and hosts start at 1");
        let mut all = Vec::new();
        for stores in self.stores {
            let options = scale::Options {
                storewire: storewire.clone(),
                stores,
                hosts: self.hosts.min(stores),
                quiet: Duration::from_secs(self.quiet),
                poll: Duration::from_secs(self.poll),
                folder: self.folder.clone().unwrap_or_else(std::env::temp_dir),
            };
            let measured = scale::run(&options, &|line| eprintln!("{line}")).await?;
            println!("{measured}");
            all.push(measured);
        }
        let lines = scale::judge(&all, &scale::Bounds::default());
        for line in &lines {
            println!("{line}");
        }
        if let Some(path) = &self.json {
            report::write(path, &all)?;
        }
        Ok(lines.iter().all(|line| line.holds))
    }
}
