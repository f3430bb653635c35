//! The engine against simulated shops and a real database, in this process.

mod control;
mod desk;
mod edited;
mod freshness;
mod hook_addresses;
mod hostile;
mod house;
mod intake;
mod leases;
mod manners;
mod network;
mod oracle;
mod overload;
mod pulls;
mod push;
mod restarts;
mod shop;
mod smoke;
mod storms;
mod sweeps;
mod unreadable;
mod webhooks;
