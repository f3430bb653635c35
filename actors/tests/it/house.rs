//! A house for a test: simulated shops, a database, an engine between them at the laboratory's pace, and a door for webhooks.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::dev::ServerHandle;
use anyhow::{Context as _, Result, ensure};
use secrecy::SecretString;
use storesim::{Fleet, FleetConfig, StoreInfo};
use storewire_actors::{
    ConnectStore, Engine, EngineConfig, EngineParts,
    config::MailConfig,
    feed::{FeedEvent, Rendered, Renderer, View},
};
use storewire_db::{StoreRow, identity, stores};
use storewire_domain::{Clock, ReadScope, StoreId, TenantId, retry::RetryPolicy};
use storewire_files::Files;
use storewire_guard::seal::Keyring;
use storewire_oracle::{Sim, Verdict};
use storewire_post::{Post, Recorder};
use storewire_testkit::TestDb;
use storewire_woo::{Outbound, OutboundConfig};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// Long enough for a busy machine with two cores.
pub const PATIENCE: Duration = Duration::from_secs(60);

struct Blank;

impl Renderer for Blank {
    fn render(&self, _: &View, _: &FeedEvent) -> Option<Rendered> {
        None
    }
}

/// See the module. The engine can be stopped and started again on the same rows.
pub struct House {
    pub fleet: Fleet,
    pub sim: Sim,
    pub db: TestDb,
    pub admin: tokio_postgres::Client,
    pub tenant: TenantId,
    pub config: EngineConfig,
    pub outbound: Outbound,
    pub keyring: Keyring,
    /// Where an engine's letters go; at first, into `letters`.
    pub post: Post,
    pub letters: Recorder,
    /// What people attached, whichever engine runs.
    pub files: Files,
    engine: Arc<Mutex<Option<Engine>>>,
    node: Uuid,
    door: ServerHandle,
}

impl House {
    /// Shops with a short history, nothing connected yet.
    pub async fn open(shops: usize) -> Result<Self> {
        let fleet = FleetConfig { stores: shops, orders_per_store: 8, products_per_store: 6, ..FleetConfig::default() };
        Self::with(fleet, |_| ()).await
    }

    /// The same with other shops and another pace.
    pub async fn with(fleet: FleetConfig, adjust: impl FnOnce(&mut EngineConfig)) -> Result<Self> {
        let fleet = Fleet::start(fleet).await?;
        let db = TestDb::create().await?;
        let admin = db.admin().await?;
        let engine: Arc<Mutex<Option<Engine>>> = Arc::default();
        let current = Arc::clone(&engine);
        let (address, door) = crate::intake::open(move || current.lock().ok()?.clone()).await?;
        let mut config = laboratory(&format!("http://{address}"))?;
        adjust(&mut config);
        let outbound = Outbound::new(OutboundConfig {
            allow_networks: vec!["127.0.0.0/8".parse()?],
            ca_pem: Some(fleet.ca_pem().as_bytes().to_vec()),
            ..OutboundConfig::default()
        })
        .map_err(|error| anyhow::anyhow!("{error}"))?;
        let tenant = TenantId::fresh();
        let tx = db.db().tenant(tenant).await?;
        identity::create_tenant(&tx, "Anatolia Coffee").await?;
        tx.commit().await?;
        let (post, letters) = Post::recorder();
        let house = Self {
            sim: Sim::at(fleet.addr()),
            fleet,
            db,
            admin,
            tenant,
            config,
            outbound,
            keyring: Keyring::from_bytes([7; 32]),
            post,
            letters,
            files: Files::in_memory(),
            engine,
            node: Uuid::now_v7(),
            door,
        };
        house.start();
        Ok(house)
    }

    /// Starts an engine, on the rows that are there.
    pub fn start(&self) {
        let engine = Engine::start(EngineParts {
            db: self.db.db().clone(),
            outbound: self.outbound.clone(),
            keyring: self.keyring.clone(),
            clock: Clock::system(),
            config: self.config.clone(),
            renderer: Arc::new(Blank),
            post: self.post.clone(),
            files: self.files.clone(),
            node: self.node,
            runtime: self.db.drivers(),
        });
        if let Ok(mut current) = self.engine.lock() {
            *current = Some(engine);
        }
    }

    /// Stops the engine; webhooks are refused from now on.
    pub async fn stop(&self) {
        let engine = self.engine.lock().ok().and_then(|mut current| current.take());
        if let Some(engine) = engine {
            // One that is stopped while it asks for its leases is given them after the next one was, whose writes are then refused. A
            // process that dies takes its question along.
            let owned = "SELECT count(*) FROM shard_lease WHERE owner IS NOT NULL";
            let _ = self.until("somebody has the leases", || async { Ok(self.count(owned, &[]).await? > 0) }).await;
            engine.stop().await;
        }
    }

    /// The engine that runs.
    #[expect(clippy::expect_used, reason = "a test that asks for a stopped engine is wrong")]
    pub fn engine(&self) -> Engine {
        let engine = self.engine.lock().ok().and_then(|engine| engine.clone());
        engine.expect("the engine runs")
    }

    /// Shop `number`, from 1.
    #[expect(clippy::expect_used, reason = "a test that asks for a shop too many is wrong")]
    pub fn shop(&self, number: usize) -> StoreInfo {
        let shop = self.fleet.stores().into_iter().nth(number - 1);
        shop.expect("the shop is there")
    }

    /// Connects a shop, from 1, without waiting for its import.
    pub async fn connect(&self, number: usize) -> Result<StoreId> {
        let shop = self.shop(number);
        let wanted = ConnectStore {
            tenant_id: self.tenant,
            url: shop.home_url,
            consumer_key: SecretString::from(shop.consumer_key),
            consumer_secret: SecretString::from(shop.consumer_secret),
            allow_plain_http: false,
            name: Some(shop.name),
            webhook_token: None,
            webhook_secret: None,
        };
        self.engine().connect_store(wanted).await.map_err(|error| anyhow::anyhow!("{error}"))
    }

    /// Connects a shop and waits until it was read whole and its webhooks are registered.
    pub async fn import(&self, number: usize) -> Result<StoreId> {
        let store = self.connect(number).await?;
        self.until("the store is live with its webhooks", || async {
            let row = self.row(store).await?;
            Ok(row.state.as_str() == "live" && row.hooks_checked_at.is_some())
        })
        .await?;
        Ok(store)
    }

    /// A store's row as staff see it.
    pub async fn row(&self, store: StoreId) -> Result<StoreRow> {
        let tx = self.db.db().read(&ReadScope::Platform { stores: None }).await?;
        let row = stores::find(&tx, store).await?;
        tx.commit().await?;
        row.context("the store is there")
    }

    /// Waits for a condition.
    pub async fn until<F>(&self, what: &str, mut condition: impl FnMut() -> F) -> Result<()>
    where
        F: Future<Output = Result<bool>>,
    {
        let deadline = std::time::Instant::now() + PATIENCE;
        loop {
            if condition().await? {
                return Ok(());
            }
            if std::time::Instant::now() > deadline {
                anyhow::bail!("not within {PATIENCE:?}: {what}; {}", self.tell().await);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until a query that counts answers this number.
    pub async fn count_is(&self, sql: &str, params: &[&(dyn ToSql + Sync)], wanted: i64) -> Result<()> {
        self.until(&format!("{wanted} of {sql}"), || async { Ok(self.count(sql, params).await? == wanted) }).await
    }

    /// What a query that counts answers; row security does not apply.
    pub async fn count(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<i64> {
        Ok(self.admin.query_one(sql, params).await?.try_get(0)?)
    }

    /// Waits until every shop that is connected equals its copy, with nothing waiting anywhere.
    pub async fn converges(&self) -> Result<Verdict> {
        let verdict = Mutex::new(None);
        self.until("shops and copies are equal", || async {
            let waiting = "SELECT (SELECT count(*) FROM inbox WHERE state = 'pending')
                + (SELECT count(*) FROM recheck) + (SELECT count(*) FROM intent WHERE finished_at IS NULL)";
            if self.count(waiting, &[]).await? > 0 {
                return Ok(false);
            }
            let found = storewire_oracle::compare(&self.sim, &self.admin).await?;
            let is_equal = found.is_equal();
            if let Ok(mut verdict) = verdict.lock() {
                *verdict = Some(found);
            }
            Ok(is_equal)
        })
        .await
        .with_context(|| match verdict.lock().ok().and_then(|mut verdict| verdict.take()) {
            Some(found) => found.to_string(),
            None => "something was waiting all the time".to_owned(),
        })?;
        let verdict = verdict.into_inner().ok().flatten().context("a verdict")?;
        ensure!(!verdict.findings.is_empty(), "nothing was compared");
        Ok(verdict)
    }

    /// The diary's entries of a kind, oldest first.
    pub async fn diary(&self, store: StoreId, kind: &str) -> Result<Vec<serde_json::Value>> {
        let sql = "SELECT detail FROM diary WHERE store_id = $1 AND kind = $2 ORDER BY id";
        let rows = self.admin.query(sql, &[&store.uuid(), &kind]).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// How the stores stand, for messages.
    pub async fn tell(&self) -> String {
        let sql = "SELECT name || ' ' || state || ' ' || coalesce(state_reason, '') || ' ' || coalesce(last_error, '') FROM store";
        match self.admin.query(sql, &[]).await {
            Ok(rows) => rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>().join("; "),
            Err(error) => error.to_string(),
        }
    }

    /// Ends everything; a test that fails before leaves it to the process's end.
    pub async fn close(self) {
        self.stop().await;
        self.door.stop(false).await;
        self.fleet.stop().await;
    }
}

/// The same code at another pace.
fn laboratory(public_url: &str) -> Result<EngineConfig> {
    let millis = Duration::from_millis;
    Ok(EngineConfig {
        arbiters: 1,
        pull_interval: millis(500),
        pull_overlap: Duration::from_secs(10),
        request_interval: millis(2),
        request_interval_min: millis(1),
        request_interval_max: millis(200),
        request_burst: 50,
        retry: RetryPolicy { base: millis(50), cap: millis(500) },
        attention_interval: millis(500),
        hooks_interval: millis(700),
        supervise_interval: millis(100),
        watch_interval: millis(200),
        mail: MailConfig { interval: millis(50), ..MailConfig::default() },
        storm_rest: millis(500),
        ..EngineConfig::new(public_url.parse()?)
    })
}
