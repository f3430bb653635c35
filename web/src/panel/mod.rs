//! The panel: pages for people, and the fragments that keep them live.

pub mod assets;
pub mod dom_id;
pub mod error_pages;
mod filters;
pub mod frame;
mod freshness;
mod narrow;
mod orders;
mod products;
mod render;
mod respond;
mod routes;
mod session;
mod stores;
mod theme;
pub mod url;
pub mod view;
pub mod words;

pub use render::PanelRenderer;
pub use routes::configure;

#[cfg(test)]
mod samples;
