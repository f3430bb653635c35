//! A fleet of shops: started, asked, slowed down and stopped as one.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::faults::Faults;
use crate::model::profile::Profile;
use crate::model::seed::Amounts;
use crate::php_json::Json;
use crate::router::Router;
use crate::store::{Common, Store};
use crate::tls::Identity;
use crate::webhook::sender::Sender;
use crate::{clock, listener, shop, traffic, truth};

pub use crate::info::{StoreInfo, Totals};
pub use crate::store::DeliveryMode;

/// How to build a fleet.
#[derive(Clone, Debug)]
pub struct FleetConfig {
    /// Port 0 takes any free one.
    pub listen: SocketAddr,
    pub stores: usize,
    /// The same seed gives the same shops and keys.
    pub seed: u64,
    /// Changes per second over all shops; 0 is none.
    pub rate: f64,
    /// Where the certificates live, so that a restart keeps the trust; in memory without it.
    pub ca_dir: Option<PathBuf>,
    pub delivery: DeliveryMode,
    pub orders_per_store: usize,
    pub products_per_store: usize,
}

impl Default for FleetConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            stores: 4,
            seed: 1,
            rate: 0.0,
            ca_dir: None,
            delivery: DeliveryMode::Fast,
            orders_per_store: 40,
            products_per_store: 16,
        }
    }
}

/// What the fleet's parts share.
pub(crate) struct Shared {
    pub stores: Vec<Arc<Store>>,
    /// Changes per second, as the bits of an `f64`.
    rate: AtomicU64,
    /// Held while traffic changes shops.
    pub traffic: tokio::sync::Mutex<()>,
    pub common: Arc<Common>,
}

impl Shared {
    pub fn rate(&self) -> f64 {
        f64::from_bits(self.rate.load(Ordering::Relaxed))
    }

    pub fn set_rate(&self, rate: f64) {
        self.rate.store(rate.max(0.0).to_bits(), Ordering::Relaxed);
    }

    pub fn infos(&self) -> Vec<StoreInfo> {
        self.stores.iter().map(|store| StoreInfo::of(&store.profile)).collect()
    }

    /// Stops the traffic and waits until every delivery has had its turn.
    pub async fn quiesce(&self) -> Totals {
        self.set_rate(0.0);
        // Traffic that had already begun ends first.
        drop(self.traffic.lock().await);
        while self.common.outstanding.load(Ordering::Acquire) > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.totals()
    }

    fn totals(&self) -> Totals {
        let mut totals = Totals {
            stores: self.stores.len(),
            outstanding: self.common.outstanding.load(Ordering::Acquire),
            ..Totals::default()
        };
        // A shop nobody has opened has neither changed nor told anything.
        for store in self.stores.iter().filter(|store| store.is_open()) {
            store.read(|view| {
                totals.orders += view.records.orders.len();
                totals.products += view.records.products.len();
                totals.customers += view.records.customers.len();
                totals.refunds += view.records.refunds.len();
            });
            let counts = store.journal().counts.clone();
            totals.deliveries += counts.deliveries;
            totals.delivered += counts.delivered;
            totals.failed += counts.failed;
            totals.dropped += counts.dropped;
        }
        totals
    }
}

/// A running fleet. Dropping it without [`Fleet::stop`] ends its tasks as well.
pub struct Fleet {
    addr: SocketAddr,
    ca_pem: String,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Fleet {
    /// Starts the shops and their traffic.
    ///
    /// # Errors
    /// When the address is taken or the certificates cannot be made or read.
    pub async fn start(config: FleetConfig) -> anyhow::Result<Self> {
        let identity = Identity::load_or_create(config.ca_dir.as_deref())?;
        let acceptor = TlsAcceptor::from(Arc::new(identity.server()?));
        let sender = Sender::new(Arc::new(identity.client()?));
        let listener =
            TcpListener::bind(config.listen).await.with_context(|| format!("listen on {}", config.listen))?;
        let addr = listener.local_addr().context("learn the own address")?;

        let (stop, stopping) = watch::channel(false);
        let common = Arc::new(Common {
            seed: config.seed,
            amounts: Amounts { orders: config.orders_per_store, products: config.products_per_store },
            started: clock::now(),
            delivery: config.delivery,
            sender,
            outstanding: AtomicUsize::new(0),
            stopping,
        });
        let authority = authority(addr);
        let stores = (1..=config.stores)
            .map(|index| Arc::new(Store::new(Profile::new(config.seed, index, &authority), Arc::clone(&common))))
            .collect();
        let shared = Arc::new(Shared {
            stores,
            rate: AtomicU64::new(config.rate.max(0.0).to_bits()),
            traffic: tokio::sync::Mutex::default(),
            common,
        });
        let router = Arc::new(Router { fleet: Arc::clone(&shared) });
        let tasks = vec![
            tokio::spawn(listener::serve(listener, acceptor, router)),
            tokio::spawn(traffic::run(Arc::clone(&shared), config.seed)),
        ];
        Ok(Self { addr, ca_pem: identity.ca_pem, shared, stop, tasks })
    }

    /// Where the fleet listens.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The authority to trust (`outbound.ca_file`).
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    #[must_use]
    pub fn stores(&self) -> Vec<StoreInfo> {
        self.shared.infos()
    }

    /// Changes per second over all shops.
    pub fn set_rate(&self, per_second: f64) {
        self.shared.set_rate(per_second);
    }

    /// Stops the traffic and waits until every delivery has had its turn.
    pub async fn quiesce(&self) -> Totals {
        self.shared.quiesce().await
    }

    /// Every object of a kind (`orders`, `products`, `customers`, `coupons`, `refunds`, `webhooks`) of shop `index` (from 1), trashed ones
    /// too, as REST v3 shows it: the JSON text of a list.
    #[must_use]
    pub fn truth(&self, index: usize, kind: &str) -> Option<String> {
        let shown = truth::every(self.store(index)?, kind)?;
        Some(Json::from(shown).to_text())
    }

    /// A customer buys one product or variation in shop `index` (anything in stock when none is named); the order's id.
    #[must_use]
    pub fn buy(&self, index: usize, product_id: Option<u64>, quantity: i64) -> Option<u64> {
        shop::buy(self.store(index)?, product_id, quantity).ok()
    }

    /// Sets all fault switches of shop `index`.
    pub fn set_faults(&self, index: usize, faults: Faults) {
        if let Some(store) = self.store(index) {
            store.set_faults(faults);
        }
    }

    fn store(&self, index: usize) -> Option<&Arc<Store>> {
        self.shared.stores.get(index.checked_sub(1)?)
    }

    /// Closes the shops; waiting deliveries are lost, as when a host goes down.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        for task in self.tasks.drain(..) {
            task.abort();
            // It was told to end: how it ended says nothing.
            let _ = task.await;
        }
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// How the shops name themselves: a wildcard address is reached by loopback.
fn authority(addr: SocketAddr) -> String {
    if addr.ip().is_unspecified() { format!("127.0.0.1:{}", addr.port()) } else { addr.to_string() }
}
