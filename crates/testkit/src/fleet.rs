//! Simulated stores for a test: on a free port, without traffic unless it is asked for.

use std::path::Path;

use anyhow::Result;
use storesim::{Fleet, FleetConfig};

/// Starts `stores` shops whose history is short, so that a first import takes no time. With `ca_dir` a restart keeps
/// their certificates.
///
/// # Errors
/// If no port is free or the certificates cannot be made.
pub async fn start_fleet(stores: usize, ca_dir: Option<&Path>) -> Result<Fleet> {
    Fleet::start(FleetConfig {
        stores,
        ca_dir: ca_dir.map(Path::to_path_buf),
        orders_per_store: 8,
        products_per_store: 6,
        ..FleetConfig::default()
    })
    .await
}
