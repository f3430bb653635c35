//! `storewire inbox`

use clap::{Args, Subcommand};

use crate::failure::Outcome;

mod dead;
mod list;
mod replay;
mod which;

/// What stores delivered, and what was given up on
#[derive(Debug, Args)]
pub struct Inbox {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Replay(replay::Replay),
    Dead(dead::Dead),
}

impl Inbox {
    pub fn run(self) -> Outcome {
        match self.command {
            Command::List(command) => command.run(),
            Command::Replay(command) => command.run(),
            Command::Dead(command) => command.run(),
        }
    }
}
