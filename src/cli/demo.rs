//! `storewire demo`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::config::parse_duration;
use crate::demo;
use crate::failure::{Exit, Failure, Outcome};

/// Run simulated shops and a live panel for them, with nothing to configure
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    storewire demo\n  \
    storewire demo --stores 20 --rate 5\n  \
    storewire demo --for 60s            run so long, compare every copy with its shop, exit 0 if all was right\n\n\
    The password of every login is random and printed; STOREWIRE_DEMO_PASSWORD chooses it instead.\n\
    Shops and database start afresh each time.")]
pub struct Demo {
    /// How many shops
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=2000))]
    pub stores: u16,
    /// Changes per second over all shops: purchases, stock, prices, refunds
    #[arg(long, default_value_t = 1.0)]
    pub rate: f64,
    /// The panel's address; a busy port takes the next free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where keys and the database are kept
    #[arg(long, value_name = "DIR", default_value = ".storewire/demo")]
    pub data_dir: PathBuf,
    /// Stop after this time, such as 60s or 5m, and say how it went
    #[arg(long = "for", value_name = "DURATION", value_parser = parse_duration)]
    pub duration: Option<Duration>,
}

impl Demo {
    pub fn run(self) -> Outcome {
        if !self.rate.is_finite() || self.rate < 0.0 {
            return Err(Failure::new(Exit::Config, "--rate must be a number from 0"));
        }
        demo::run(&self)
    }
}
