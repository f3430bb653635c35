//! The panel: pages for people, and the fragments that keep them live.

mod alerts;
mod amount;
pub mod assets;
mod cards;
mod control;
mod customers;
mod dead_letters;
mod deliveries;
pub mod dom_id;
pub mod error_pages;
mod filters;
pub mod frame;
mod freshness;
mod here;
mod intents;
mod inventory;
mod letters;
mod listings;
mod merge;
mod narrow;
mod notices;
mod orders;
mod overtaken;
mod products;
mod propose;
mod rehearsals;
mod render;
mod requests;
mod respond;
mod returns;
mod routes;
pub mod said;
mod session;
mod share;
mod stores;
mod support;
mod table;
mod theme;
mod together;
mod upload;
pub mod url;
pub mod view;
pub mod words;

pub use listings::Listings;
pub use render::PanelRenderer;
pub use routes::{configure, rows};
pub use table::Row;

#[cfg(test)]
mod samples;
