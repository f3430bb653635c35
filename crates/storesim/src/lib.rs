//! A fleet of simulated WooCommerce shops over real HTTP and HTTPS.
//!
//! They are the ground truth for tests, the demo and load tests: faithful where real shops were measured (dates, paging, keys, webhooks
//! and their oddities), deterministic by seed, and ready to tell what they hold, sent and were asked (`/_sim`).
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use storesim::{Fleet, FleetConfig};
//! let fleet = Fleet::start(FleetConfig { stores: 2, ..FleetConfig::default() }).await?;
//! for store in fleet.stores() {
//!     println!("{} {} {}", store.home_url, store.consumer_key, store.consumer_secret);
//! }
//! fleet.stop().await;
//! # Ok(())
//! # }
//! ```

mod clock;
mod dates;
mod faults;
mod fleet;
mod http;
mod info;
mod journal;
mod listener;
mod model;
mod money;
mod php_json;
mod query;
mod rest;
mod router;
mod shared;
mod shop;
mod store;
mod storm;
mod tls;
mod traffic;
mod truth;
mod view;
mod webhook;
mod writes;

pub use faults::{Damage, Faults, Redirect, Throttle};
pub use fleet::{DeliveryMode, Fleet, FleetConfig, StoreInfo, Totals};
pub use journal::Call;
pub use model::profile::Storage;
pub use model::settings::{InvalidSettings, ShopSettings};
pub use writes::{Verb, Write};
