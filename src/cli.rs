//! The command line: one file per command, the same configuration for all.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Overrides};
use crate::failure::{Failure, Outcome};
use crate::telemetry;

mod demo;
mod doctor;
mod inbox;
mod migrate;
mod secret;
mod serve;
mod server;
mod store;
mod user;

pub use demo::Demo;
pub use user::{Role, create as create_user, find_or_create_tenant};

#[derive(Debug, Parser)]
#[command(
    name = "storewire",
    version,
    about = "A self-hosted operations room for people who run many WooCommerce shops",
    after_help = "Examples:\n  \
        storewire demo                      simulated shops and a live panel, nothing to configure\n  \
        storewire serve                     the server, with a private PostgreSQL of its own\n  \
        storewire doctor                    what is missing or wrong, and what to do about it\n\n\
        Settings come from defaults, a file, the environment (STOREWIRE__SECTION__KEY) and flags, in this order.\n\
        Exit codes: 0 done, 1 failed, 2 wrong usage, 69 something needed is missing, 75 try again later, \
        78 wrong configuration."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Demo(Demo),
    Migrate(migrate::Migrate),
    Doctor(doctor::Doctor),
    User(user::User),
    Store(store::Store),
    Inbox(inbox::Inbox),
}

impl Cli {
    pub fn run(self) -> Outcome {
        match self.command {
            Command::Serve(command) => command.run(),
            Command::Demo(command) => command.run(),
            Command::Migrate(command) => command.run(),
            Command::Doctor(command) => command.run(),
            Command::User(command) => command.run(),
            Command::Store(command) => command.run(),
            Command::Inbox(command) => command.run(),
        }
    }
}

/// Flags of every command that works on an installation.
#[derive(Debug, Args)]
pub struct Installation {
    /// The configuration file [default: /etc/storewire/config.toml, if it exists]
    #[arg(long, value_name = "FILE", env = "STOREWIRE_CONFIG")]
    config: Option<PathBuf>,
    /// Where keys and the embedded database are kept
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

impl Installation {
    /// The configuration, with logging started as it says.
    pub fn load(&self, more: Overrides) -> Outcome<Config> {
        let mut overrides = more;
        if let Some(path) = &self.data_dir {
            overrides.push(("data_dir", path.to_string_lossy().into_owned()));
        }
        let config = Config::load(self.config.as_deref(), overrides).map_err(Failure::config)?;
        telemetry::start(&config.log)?;
        Ok(config)
    }

    /// The same for a command that prints its own answers: only warnings of the log are shown.
    pub fn load_quietly(&self) -> Outcome<Config> {
        self.load(vec![("log.level", "warn".to_owned())])
    }
}
