//! The twins: simulated shops that resemble the chosen stores, on threads of their own, as if they were far away.

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context as _, Result};
use storesim::{Faults, Fleet, FleetConfig, ShopSettings, StoreInfo, Totals};
use storewire_db::StoreRow;
use tokio::runtime::Runtime;

use crate::storage::engine_runtime;

/// Shops that share a host: a merchant's host carries a handful, and the engine is careful with each.
const SHOPS_PER_HOST: usize = 4;
const MOST_HOSTS: usize = 50;
/// A twin is read within seconds, whatever the size of its original.
const MOST_ORDERS: usize = 60;
const MOST_PRODUCTS: usize = 30;
const FEWEST: usize = 8;

/// See the module.
pub struct Shops {
    fleet: Arc<Fleet>,
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
}

impl Shops {
    /// Opens so many twins of each store.
    pub async fn open(originals: &[StoreRow], factor: u32) -> Result<Self> {
        let runtime = engine_runtime(2).map_err(|failure| anyhow::anyhow!("{failure}"))?;
        let shops: Vec<ShopSettings> =
            originals.iter().flat_map(|original| (1..=factor).map(move |number| like(original, number))).collect();
        let config = FleetConfig {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            stores: shops.len(),
            hosts: shops.len().div_ceil(SHOPS_PER_HOST).clamp(1, MOST_HOSTS),
            seed: uuid::Uuid::new_v4().as_u64_pair().0,
            shops,
            ..FleetConfig::default()
        };
        let started = runtime.spawn(Fleet::start(config)).await;
        // Kept together from here on: a runtime must not be dropped where others run.
        let mut shops = Kept(Some(runtime));
        let fleet = Arc::new(started.context("the shops' start was cut off")?.context("cannot open the twins")?);
        Ok(Self { fleet, runtime: shops.0.take() })
    }

    pub fn all(&self) -> Vec<StoreInfo> {
        self.fleet.stores()
    }

    /// Where they listen.
    pub fn places(&self) -> &[SocketAddr] {
        self.fleet.hosts()
    }

    pub fn control(&self) -> SocketAddr {
        self.fleet.addr()
    }

    pub fn ca_pem(&self) -> Vec<u8> {
        self.fleet.ca_pem().as_bytes().to_vec()
    }

    /// Changes a second, over all.
    pub fn set_rate(&self, rate: u32) {
        self.fleet.set_rate(rate.into());
    }

    pub fn set_faults(&self, index: usize, faults: Faults) {
        self.fleet.set_faults(index, faults);
    }

    /// Ends the traffic, and waits until everything that was to be told has been told. On the shops' own threads.
    pub async fn quiesce(&self) -> Result<Totals> {
        let fleet = Arc::clone(&self.fleet);
        let runtime = self.runtime.as_ref().context("the shops are closed")?;
        runtime.spawn(async move { fleet.quiesce().await }).await.context("the shops' end was cut off")
    }
}

impl Drop for Shops {
    fn drop(&mut self) {
        drop(Kept(self.runtime.take()));
    }
}

/// Ends a runtime without waiting for it, which would not be allowed on another's thread.
struct Kept(Option<Runtime>);

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// A shop like `original`, as far as simulated shops can be: zone, currency, size and name. A zone or currency that they do not know is
/// left to the place.
fn like(original: &StoreRow, number: u32) -> ShopSettings {
    let bounded = |count: i64, most: usize| Some(usize::try_from(count).unwrap_or(0).clamp(FEWEST, most));
    ShopSettings {
        name: Some(format!("{}, twin {number}", original.name)),
        zone: Some(original.timezone.clone()).filter(|zone| ShopSettings::knows_zone(zone)),
        currency: Some(original.currency.clone()).filter(|code| ShopSettings::knows_currency(code)),
        orders: bounded(original.orders, MOST_ORDERS),
        products: bounded(original.products, MOST_PRODUCTS),
        ..ShopSettings::default()
    }
}
