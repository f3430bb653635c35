//! Puts the parts together in the order in which they need each other, and takes them apart in the reverse one.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use storewire_actors::{Engine, EngineConfig, EngineParts};
use storewire_db::rehearsals;
use storewire_domain::Clock;
use storewire_files::Files;
use storewire_guard::session_token::SessionKeys;
use storewire_web::{AppState, DemoLogin, PanelRenderer, Sockets, WebSettings};
use storewire_woo::{Outbound, OutboundConfig};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use url::Url;

use crate::config::Config;
use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure, Outcome};
use crate::lifecycle::Lifecycle;
use crate::loopback;
use crate::output::say;
use crate::rehearse::{self, Rehearsals};
use crate::storage::{DATABASE, Reach, Storage, engine_runtime};

mod listen;
mod serving;

pub use listen::{bind, bind_near};

const WORK_ENDS_WITHIN: Duration = Duration::from_secs(10);
const SOCKETS_END_WITHIN: Duration = Duration::from_secs(5);
const REQUESTS_END_WITHIN: Duration = Duration::from_secs(15);
const LOOK_AT_DATABASE_EVERY: Duration = Duration::from_secs(1);

/// What a node is made of, besides its configuration.
pub struct NodeParts<'a> {
    pub config: &'a Config,
    pub storage: &'a Storage,
    pub runtime: Handle,
    pub listener: TcpListener,
    pub metrics: Option<TcpListener>,
    pub public_url: Url,
    pub outbound: OutboundConfig,
    pub engine: EngineConfig,
    pub demo: Option<DemoLogin>,
}

/// A running node: its engine and its listeners.
pub struct Node {
    pub engine: Engine,
    pub sessions: Arc<SessionKeys>,
    pub address: SocketAddr,
    sockets: Sockets,
    servers: Vec<(ServerHandle, JoinHandle<std::io::Result<()>>)>,
}

/// Runs until a signal, and puts everything away.
pub fn serve(config: &Config) -> Outcome {
    let data_dir = DataDir::lock(&config.data_dir()?)?;
    let outbound = config.outbound.client_config().map_err(Failure::config)?;
    // Before the slow parts, so that a busy port is told at once.
    let listener = bind(config.server.listen)?;
    let metrics = config.metrics.listen.map(bind).transpose()?;
    let public_url = config.server.public_url(listener.local_addr()?).map_err(Failure::config)?;
    let mut engine = EngineConfig::new(public_url.clone());
    config.engine.apply(&mut engine);
    config.desk.apply(&mut engine.desk);

    let runtime = engine_runtime(std::thread::available_parallelism().map_or(2, usize::from))?;
    let storage = Reach::alone(config, data_dir, DATABASE, false)?.open(config, &runtime)?;
    let parts = NodeParts {
        config,
        storage: &storage,
        runtime: runtime.handle().clone(),
        listener,
        metrics,
        public_url,
        outbound,
        engine,
        demo: None,
    };
    let served = actix_rt::System::new().block_on(async {
        let lifecycle = Lifecycle::listen()?;
        let node = Node::start(parts).await?;
        say(&format!("storewire serves http://{}", node.address));
        let ended = lives(&lifecycle, &storage).await;
        node.stop(&lifecycle).await;
        ended
    });
    storage.close_after(served)
}

/// Ends well when we are told to stop, and badly when the embedded database ended by itself.
pub async fn lives(lifecycle: &Lifecycle, storage: &Storage) -> Outcome {
    let database_ends = async {
        while storage.is_running() {
            tokio::time::sleep(LOOK_AT_DATABASE_EVERY).await;
        }
    };
    tokio::select! {
        () = lifecycle.stopping() => Ok(()),
        () = database_ends => Err(Failure::new(Exit::Unavailable, "the embedded PostgreSQL has ended: see its log")),
    }
}

/// What people attach lies beside everything else that is kept.
fn open_files(config: &Config) -> Outcome<Files> {
    let folder = config.data_dir().map_err(Failure::config)?.join("files");
    Files::open(folder).map_err(|error| Failure::config(error.into()))
}

impl Node {
    /// Must be called on an actix system.
    pub async fn start(parts: NodeParts<'_>) -> Outcome<Self> {
        let address = parts.listener.local_addr()?;
        let recorder = storewire_web::metrics::install()?;
        let clock = Clock::system();
        let node = parts.storage.node()?;
        // Before anything is asked of twins that are gone.
        rehearsals::interrupt(&parts.storage.db, node, clock.now()).await?;
        let engine = Engine::start(EngineParts {
            db: parts.storage.db.clone(),
            outbound: Outbound::new(parts.outbound).map_err(|error| Failure::config(error.into()))?,
            keyring: parts.storage.keyring.clone(),
            clock: clock.clone(),
            config: parts.engine,
            renderer: Arc::new(PanelRenderer),
            files: open_files(parts.config)?,
            post: parts.config.mail.post().map_err(Failure::config)?,
            node,
            runtime: parts.runtime.clone(),
        });
        let rehearsals = Rehearsals::new(rehearse::Parts {
            db: parts.storage.db.clone(),
            engine: engine.clone(),
            clock: clock.clone(),
            runtime: parts.runtime,
            node,
            app_url: parts.storage.app_url.clone(),
            address: loopback::reachable(address),
        });
        let sessions = Arc::new(SessionKeys::from_keyring(&parts.storage.keyring));
        let state = AppState {
            db: parts.storage.db.for_people(),
            engine: engine.clone(),
            clock,
            sessions: Arc::clone(&sessions),
            settings: Arc::new(WebSettings {
                public_url: parts.public_url,
                trusted_proxies: parts.config.server.trusted_proxies.clone(),
                session_ttl: parts.config.session.ttl,
                delivery_deadline: parts.config.server.delivery_deadline,
                demo: parts.demo,
            }),
            rehearsals: Arc::new(rehearsals),
            logins: Arc::default(),
            listings: Default::default(),
        };
        let (panel, sockets) = serving::panel(parts.listener, state)?;
        let mut servers = vec![spawn(panel)];
        if let Some(listener) = parts.metrics {
            servers.push(spawn(serving::metrics(listener, recorder)?));
        }
        Ok(Self { engine, sessions, address, sockets, servers })
    }

    /// Store actors end their work in hand and sockets are told; then the listeners close. Webhooks are taken until
    /// then, on purpose: a store counts every refusal and gives up on a webhook after a handful.
    pub async fn stop(self, lifecycle: &Lifecycle) {
        say("stopping (once more to hurry)");
        let Self { engine, sockets, servers, .. } = self;
        lifecycle.finish("store actors", WORK_ENDS_WITHIN, engine.stop()).await;
        lifecycle.finish("sockets", SOCKETS_END_WITHIN, sockets.ended()).await;
        for (handle, task) in servers {
            let ended = lifecycle.finish("requests", REQUESTS_END_WITHIN, handle.stop(true)).await;
            if !ended {
                handle.stop(false).await;
            }
            if let Ok(Err(error)) = task.await {
                tracing::error!(%error, "a listener ended badly");
            }
        }
    }
}

fn spawn(server: Server) -> (ServerHandle, JoinHandle<std::io::Result<()>>) {
    (server.handle(), actix_rt::spawn(server))
}
