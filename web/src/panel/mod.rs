//! The panel: pages for people, and the fragments that keep them live.

mod alerts;
mod amount;
pub mod assets;
mod control;
mod customers;
mod dead_letters;
mod deliveries;
pub mod dom_id;
pub mod error_pages;
mod filters;
pub mod frame;
mod freshness;
mod intents;
mod listings;
mod narrow;
mod orders;
mod products;
mod propose;
mod rehearsals;
mod render;
mod respond;
mod routes;
pub mod said;
mod session;
mod stores;
mod theme;
mod together;
pub mod url;
pub mod view;
pub mod words;

pub use listings::Listings;
pub use render::PanelRenderer;
pub use routes::configure;

#[cfg(test)]
mod samples;
