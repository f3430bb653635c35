//! How a WooCommerce store is spoken to: guarded client, wire types, lenient decoding, and what each answer means.

pub mod decode;

mod address;
mod answer;
mod client;
mod discover;
mod endpoint;
mod error;
mod fetched;
mod gate;
mod judge;
mod markers;
mod outbound;
mod page;
mod probe;
mod query;
mod reads;
mod resolver;
mod roots;
mod salvage;
mod site;
mod store_url;
mod webhooks;
mod zone;

pub use client::StoreClient;
pub use decode::{Delivered, delivery};
pub use discover::{Discovery, discover};
pub use error::{Failure, WooError};
pub use fetched::{Fetched, Item, Poison};
pub use gate::UrlRefused;
pub use outbound::{Outbound, OutboundConfig, SetupError};
pub use page::Page;
pub use probe::{Probe, probe};
pub use query::{ListQuery, Listing, OrderBy, Paging};
pub use site::{Keys, Site};
pub use store_url::normalise_store_url;
pub use webhooks::RemoteWebhook;
pub use zone::site_zone;
