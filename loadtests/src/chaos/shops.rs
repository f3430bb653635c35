//! The simulated shops behind their networks, and how each was connected.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result, ensure};
use aws_lc_rs::rand;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};
use storesim::{Faults, Fleet, FleetConfig, StoreInfo};
use storewire_testkit::FaultProxy;
use storewire_testkit::fault_proxy::Faults as LineFaults;
use uuid::Uuid;

use super::faults::{Fault, Line, Road};
use super::node::Node;

/// Shops that share a host: enough for the host as a whole to be noticed down.
const SHOPS_PER_HOST: usize = 3;
const TENANTS: [&str; 2] = ["Anatolia Coffee", "Bosporus Books"];
const AT_ONCE: usize = 3;
/// Order states that no customer and no merchant of the simulator sets: they are for people's wishes.
pub const STATUSES: [&str; 2] = ["packed", "shipped"];

/// One connected shop.
#[derive(Clone, Debug)]
pub struct Shop {
    /// From 1, as the simulator counts.
    pub index: usize,
    pub info: StoreInfo,
    /// The last part of the address that it delivers to, and what it signs with.
    pub token: String,
    pub secret: String,
    /// Our store of it.
    pub store: Uuid,
}

/// See the module.
pub struct Shops {
    pub fleet: Arc<Fleet>,
    hosts: Vec<FaultProxy>,
    /// What is wrong with each shop, its clock included.
    troubles: Mutex<HashMap<usize, Faults>>,
}

/// How many hosts so many shops live on.
#[must_use]
pub const fn hosts(shops: usize) -> usize {
    shops.div_ceil(SHOPS_PER_HOST)
}

impl Shops {
    /// Shops whose certificates and records follow the seed, each behind the network of its host.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn open(count: usize, seed: u64) -> Result<Self> {
        let config = FleetConfig {
            listen: crate::port::free()?,
            stores: count,
            seed,
            orders_per_store: 12,
            products_per_store: 8,
            ..FleetConfig::default()
        };
        let fleet = Arc::new(Fleet::start(config).await?);
        let mut lines = Vec::new();
        for host in 0..hosts(count) {
            lines.push(FaultProxy::seeded(fleet.addr(), seed ^ host as u64).await?);
        }
        let shops = Self { fleet, hosts: lines, troubles: Mutex::default() };
        for index in 1..=count {
            let line = shops.hosts.get((index - 1) / SHOPS_PER_HOST).context("a shop without a host")?;
            let settings = json!({ "authority": line.addr().to_string(), "statuses": STATUSES });
            shops.pull(index, "POST", "settings", &settings).await?;
        }
        Ok(shops)
    }

    /// Pulls a lever of a shop and answers what it said.
    ///
    /// # Errors
    /// If the shop refuses.
    pub async fn pull(&self, index: usize, method: &str, lever: &str, body: &Value) -> Result<Value> {
        let (status, answer) = self.fleet.sim(method, &format!("stores/{index}/{lever}"), body).await;
        ensure!((200..300).contains(&status), "{lever} of shop {index}: {status} {answer}");
        Ok(answer)
    }

    /// Its records of a kind, as REST shows them.
    #[must_use]
    pub fn records(&self, index: usize, kind: &str) -> Vec<Value> {
        let shown = self.fleet.truth(index, kind).unwrap_or_default();
        serde_json::from_str(&shown).unwrap_or_default()
    }

    /// The ids of its records of a kind.
    #[must_use]
    pub fn ids(&self, index: usize, kind: &str) -> Vec<u64> {
        self.records(index, kind).iter().filter_map(|record| record["id"].as_u64()).collect()
    }

    /// Sets a shop's trouble, or ends it. Its clock is left as it is.
    pub fn trouble(&self, index: usize, fault: Option<(Fault, u64)>) {
        let switches = fault.map(|(fault, record)| fault.switches(record)).unwrap_or_default();
        self.change(index, |before| Faults { clock_skew_seconds: before.clock_skew_seconds, ..switches });
    }

    /// Sets a shop's clock to so many seconds ahead of the true time.
    pub fn set_clock(&self, index: usize, ahead: i64) {
        self.change(index, |before| Faults { clock_skew_seconds: ahead, ..before });
    }

    fn change(&self, index: usize, change: impl FnOnce(Faults) -> Faults) {
        let mut troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = change(troubles.remove(&index).unwrap_or_default());
        self.fleet.set_faults(index, changed.clone());
        troubles.insert(index, changed);
    }

    /// Sets the trouble of a host's network, or ends it; false for a host that is none of the shops'.
    #[must_use]
    pub fn line(&self, host: usize, line: Option<Line>) -> bool {
        let Some(proxy) = self.hosts.get(host) else { return false };
        proxy.set(line.map_or_else(LineFaults::default, |line| line.switches(Road::Host(host))));
        true
    }

    /// Connects every shop by the command line, with a token and a secret that we know too.
    ///
    /// # Errors
    /// If one is refused.
    pub async fn connect(&self, node: &Node, admin: &tokio_postgres::Client) -> Result<Vec<Shop>> {
        connect(self.fleet.stores(), node, admin).await
    }
}

/// Connects these shops by the command line, with a token and a secret that we know too.
///
/// # Errors
/// If one is refused.
pub async fn connect(shops: Vec<StoreInfo>, node: &Node, admin: &tokio_postgres::Client) -> Result<Vec<Shop>> {
    stream::iter(shops)
        .map(|info| async move {
            let (token, secret) = (random()?, random()?);
            let tenant = TENANTS.get(info.index % TENANTS.len()).copied().unwrap_or_default();
            let arguments = ["store", "add", "--tenant", tenant, "--url", &info.home_url, "--name", &info.name];
            let secrets = [
                ("STOREWIRE_CONSUMER_KEY", info.consumer_key.as_str()),
                ("STOREWIRE_CONSUMER_SECRET", &info.consumer_secret),
                ("STOREWIRE_WEBHOOK_TOKEN", &token),
                ("STOREWIRE_WEBHOOK_SECRET", &secret),
            ];
            node.run(&arguments, &secrets).await?;
            let store = storewire_oracle::store_of(admin, &info.home_url).await?.context("a store without a row")?;
            Ok(Shop { index: info.index, info, token, secret, store })
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

/// 256 bits for a token or a secret.
///
/// # Errors
/// If the system has no randomness.
pub fn random() -> Result<String> {
    let mut random = [0_u8; 32];
    rand::fill(&mut random).map_err(|_| anyhow::anyhow!("no randomness"))?;
    Ok(hex::encode(random))
}
