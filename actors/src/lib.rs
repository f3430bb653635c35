#![doc = include_str!("../README.md")]

pub mod config;
pub mod connect;
pub mod desk;
mod engine;
pub mod failpoint;
pub mod feed;
mod hooks;
mod inbox_writer;
mod janitor;
mod lease;
mod notifier;
mod registry;
mod spread;
mod store;
mod supervisor;
mod twins;
mod watch;

pub use config::EngineConfig;
pub use connect::{ConnectError, ConnectStore, Connection};
pub use desk::{Desk, DeskError, Hand};
pub use engine::{
    DeadSelection, Engine, EngineParts, Faster, Overtaken, OwnersError, Proposal, ProposeError, Settings,
};
pub use hooks::{HookDirectory, HookEntry};
pub use inbox_writer::{InboxWriter, SaveDelivery, SaveError};
pub use twins::{Opened, TwinsError};
