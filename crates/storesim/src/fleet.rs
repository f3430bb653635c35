//! A fleet of shops: started, asked, slowed down and stopped as one.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use anyhow::Context as _;
use hyper::Method;
use jiff::Timestamp;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::clock::{self, Clock};
use crate::faults::Faults;
use crate::journal::Call;
use crate::model::profile::Profile;
use crate::model::seed::Amounts;
use crate::model::settings::ShopSettings;
use crate::php_json::Json;
use crate::router::Router;
use crate::shared::Shared;
use crate::store::{Common, Store, lock};
use crate::tls::Identity;
use crate::webhook::sender::Sender;
use crate::writes::Write;
use crate::{listener, shop, traffic, truth};

pub use crate::info::{StoreInfo, Totals};
pub use crate::store::DeliveryMode;

/// How to build a fleet.
#[derive(Clone, Debug)]
pub struct FleetConfig {
    /// Port 0 takes any free one.
    pub listen: SocketAddr,
    pub stores: usize,
    /// Loopback addresses that the shops live on, by turns: `listen` and those after it, all with its port.
    pub hosts: usize,
    /// The same seed gives the same shops and keys.
    pub seed: u64,
    /// Changes per second over all shops; 0 is none.
    pub rate: f64,
    /// Where the certificates live, so that a restart keeps the trust; in memory without it.
    pub ca_dir: Option<PathBuf>,
    pub delivery: DeliveryMode,
    pub orders_per_store: usize,
    pub products_per_store: usize,
    /// What the first shops have of their own; shop 1 takes the first entry.
    pub shops: Vec<ShopSettings>,
    /// What the shops' clocks show at the start; the machine's time without it. The history of a shop ends when somebody first looks at
    /// it.
    pub now: Option<Timestamp>,
}

impl Default for FleetConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            stores: 4,
            hosts: 1,
            seed: 1,
            rate: 0.0,
            ca_dir: None,
            delivery: DeliveryMode::Fast,
            orders_per_store: 40,
            products_per_store: 16,
            shops: Vec::new(),
            now: None,
        }
    }
}

/// A running fleet. Dropping it without [`Fleet::stop`] ends its tasks as well.
pub struct Fleet {
    addr: SocketAddr,
    hosts: Vec<SocketAddr>,
    ca_pem: String,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Fleet {
    /// Starts the shops and their traffic.
    ///
    /// # Errors
    /// When the address is taken, the certificates cannot be made or read, or a shop's settings make no sense.
    pub async fn start(config: FleetConfig) -> anyhow::Result<Self> {
        let listeners = listener::bind(config.listen, config.hosts.max(1)).await?;
        let hosts: Vec<SocketAddr> = listeners.iter().map(TcpListener::local_addr).collect::<Result<_, _>>()?;
        let addr = *hosts.first().context("a first host")?;
        let names = hosts.iter().skip(1).map(|host| host.ip().to_string());
        let identity = Identity::load_or_create(config.ca_dir.as_deref(), names)?;
        let acceptor = TlsAcceptor::from(Arc::new(identity.server()?));
        let sender = Sender::new(Arc::new(identity.client()?));

        let (stop, stopping) = watch::channel(false);
        let common = Arc::new(Common {
            seed: config.seed,
            amounts: Amounts { orders: config.orders_per_store, products: config.products_per_store },
            started_ms: clock::machine_ms(),
            clock: Clock::default(),
            delivery: config.delivery,
            sender,
            outstanding: AtomicUsize::new(0),
            stopping,
        });
        if let Some(now) = config.now {
            common.clock.set(now);
        }
        let mut stores = Vec::with_capacity(config.stores);
        for (index, host) in (1..=config.stores).zip(hosts.iter().cycle()) {
            let mut profile = Profile::new(config.seed, index, &authority(*host));
            if let Some(settings) = config.shops.get(index - 1) {
                profile = profile.with(settings).with_context(|| format!("settings of shop {index}"))?;
            }
            stores.push(Arc::new(Store::new(profile, Arc::clone(&common))));
        }
        let shared = Arc::new(Shared::new(stores, config.rate, common));
        let router = Arc::new(Router { fleet: Arc::clone(&shared) });
        let serve = |listener| tokio::spawn(listener::serve(listener, acceptor.clone(), Arc::clone(&router)));
        let mut tasks: Vec<JoinHandle<()>> = listeners.into_iter().map(serve).collect();
        tasks.push(tokio::spawn(traffic::run(Arc::clone(&shared), config.seed)));
        Ok(Self { addr, hosts, ca_pem: identity.ca_pem, shared, stop, tasks })
    }

    /// Where the fleet listens: its first host.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Its hosts, each of which answers for all shops.
    #[must_use]
    pub fn hosts(&self) -> &[SocketAddr] {
        &self.hosts
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

    /// What there is and was told so far, over all shops that anybody has opened.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.shared.totals()
    }

    /// Stops the traffic and waits until every delivery has had its turn.
    pub async fn quiesce(&self) -> Totals {
        self.shared.quiesce().await
    }

    /// Every object of a kind (`orders`, `products`, `customers`, `coupons`, `refunds`, `webhooks`) of shop `index` (from 1), trashed ones
    /// too, as REST v3 shows it: the JSON text of a list.
    #[must_use]
    pub fn truth(&self, index: usize, kind: &str) -> Option<String> {
        let shown = truth::every(self.shared.store(index)?.as_ref(), kind)?;
        Some(Json::from(shown).to_text())
    }

    /// A customer buys one product or variation in shop `index` (anything in stock when none is named); the order's id.
    #[must_use]
    pub fn buy(&self, index: usize, product_id: Option<u64>, quantity: i64) -> Option<u64> {
        let store = self.shared.store(index)?;
        shop::buy(&store, product_id, quantity).ok()
    }

    /// Sets all fault switches of shop `index`.
    pub fn set_faults(&self, index: usize, faults: Faults) {
        if let Some(store) = self.shared.store(index) {
            store.set_faults(faults);
        }
    }

    /// The calls that shop `index` was asked and has answered, oldest first; the last ten thousand.
    #[must_use]
    pub fn calls(&self, index: usize) -> Vec<Call> {
        self.shared.store(index).map(|store| store.journal().calls()).unwrap_or_default()
    }

    /// What REST has written in shop `index`, oldest first; the last twenty thousand records.
    #[must_use]
    pub fn writes(&self, index: usize) -> Vec<Write> {
        self.shared.store(index).map(|store| lock(&store.writes).all()).unwrap_or_default()
    }

    /// Now, by the fleet's clock. A shop with a skew of its own shows another time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        clock::at(self.shared.common.clock.now())
    }

    /// Puts the shops' clocks to a moment, from where they go on. Records keep their dates.
    pub fn set_now(&self, moment: Timestamp) {
        self.shared.common.clock.set(moment);
    }

    /// Copies shop `index` to the next number, as when somebody makes a staging site: another address, the same records, keys, webhooks
    /// and secrets.
    #[must_use]
    pub fn copy_store(&self, index: usize) -> Option<StoreInfo> {
        let copy = self.shared.copy(self.shared.store(index)?.as_ref());
        Some(StoreInfo::of(&copy.profile()))
    }

    /// The levers of `/_sim` without a socket: `sim("POST", "stores/1/edit", &body)`. The status and the JSON of its answer.
    pub async fn sim(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let Ok(method) = Method::from_bytes(method.as_bytes()) else { return (405, Value::Null) };
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let reply = truth::answer(&self.shared, &truth::Lever { method: &method, path, body: body.as_bytes() }).await;
        (reply.status, serde_json::from_str(&reply.body).unwrap_or_default())
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
