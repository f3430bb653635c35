//! The engine: every actor of a node, started in order, stopped in order; and what people ask of it, one file per subject.

mod control;
mod deed;
mod faster;
mod hooks;
mod judge;
mod mail;
mod outbox;
mod owners;
mod rehearsal;

pub use control::Settings;
pub(crate) use faster::overtaken;
pub use faster::{Faster, Overtaken};
pub(crate) use judge::judge_edit;
pub use mail::DeadSelection;
pub(crate) use outbox::{Again, Wish, log, write_again, write_down};
pub use outbox::{Proposal, ProposeError};
pub use owners::OwnersError;

use std::sync::Arc;

use actix::{Actor, Addr, Arbiter};
use storewire_db::{Db, DbError};
use storewire_domain::{Clock, SessionId, StoreId};
use storewire_files::Files;
use storewire_guard::seal::Keyring;
use storewire_post::Post;
use storewire_woo::Outbound;
use tokio::runtime::Handle;
use uuid::Uuid;

use crate::{
    ConnectError, ConnectStore, Connection, Desk, EngineConfig, HookDirectory, InboxWriter, connect,
    connect::Trial,
    desk::{DeskShared, files::Cabinet, presence::Presence},
    feed::{Close, Feed, FeedNudge, News, Renderer, Revoke},
    janitor::Janitor,
    lease::Epochs,
    notifier::{self, LetterNudge, Notifier, Office},
    registry::Registry,
    store::{Crowd, Duty, Shared},
    supervisor::{Look, Shutdown, Supervisor},
    twins::Twins,
};

/// What an engine is made of.
pub struct EngineParts {
    pub db: Db,
    pub outbound: Outbound,
    pub keyring: Keyring,
    pub clock: Clock,
    pub config: EngineConfig,
    /// Turns changes into pieces of pages.
    pub renderer: Arc<dyn Renderer>,
    /// Where letters go.
    pub post: Post,
    /// This node's lasting identity: a restart takes its own leases over at once.
    pub node: Uuid,
    /// Where what people attach is kept.
    pub files: Files,
    /// The runtime that drives database and HTTP.
    pub runtime: Handle,
}

/// The running engine. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    db: Db,
    outbound: Outbound,
    twins: Twins,
    keyring: Keyring,
    clock: Clock,
    registry: Registry,
    hooks: HookDirectory,
    inbox: Addr<InboxWriter>,
    feed: Addr<Feed>,
    supervisor: Addr<Supervisor>,
    notifier: Addr<Notifier>,
    feed_nudge: FeedNudge,
    letter_nudge: LetterNudge,
    desk: Desk,
    runtime: Handle,
}

impl Engine {
    /// Starts every actor. Must be called on an actix system.
    #[must_use]
    pub fn start(parts: EngineParts) -> Self {
        let config = Arc::new(parts.config);
        let registry = Registry::default();
        let news = Arc::<News>::default();
        let feed = Feed::new(
            parts.db.clone(),
            parts.runtime.clone(),
            parts.clock.clone(),
            parts.renderer,
            config.resume_limit,
            Arc::clone(&news),
        );
        let feed = Feed::start_in_arbiter(&Arbiter::new().handle(), move |_| feed);
        let writer =
            InboxWriter::new(parts.db.clone(), parts.runtime.clone(), registry.clone(), EngineConfig::clone(&config));
        let inbox = InboxWriter::start_in_arbiter(&Arbiter::new().handle(), move |_| writer);
        let janitor = Janitor {
            db: parts.db.clone(),
            engine: parts.runtime.clone(),
            clock: parts.clock.clone(),
            keep_days: config.delivery_retention_days,
            files: parts.files.clone(),
        };
        janitor.start();
        let feed_nudge = FeedNudge::new(feed.clone(), news);
        let (db, clock) = (parts.db.clone(), parts.clock.clone());
        let office = Office { db, clock, post: parts.post, config: config.mail.clone() };
        let notifier = Notifier::new(office, parts.runtime.clone()).start();
        let letter_nudge = LetterNudge::new(notifier.clone());
        let desk = Desk::start(DeskShared {
            db: parts.db.clone(),
            clock: parts.clock.clone(),
            feed: feed_nudge.clone(),
            letters: letter_nudge.clone(),
            registry: registry.clone(),
            engine: parts.runtime.clone(),
            config: Arc::new(config.desk.clone()),
            cabinet: Cabinet::new(parts.files.clone()),
            presence: Presence::default(),
        });
        let twins = Twins::default();
        let shared = Shared {
            db: parts.db.clone(),
            outbound: parts.outbound.clone(),
            twins: twins.clone(),
            keyring: parts.keyring.clone(),
            clock: parts.clock.clone(),
            crowd: Crowd::new(&config),
            config,
            epochs: Epochs::none(),
            feed: feed_nudge.clone(),
            letters: letter_nudge.clone(),
        };
        let supervisor = Supervisor::new(shared, registry.clone(), parts.runtime.clone(), parts.node).start();
        Self {
            hooks: HookDirectory::start(parts.db.clone(), parts.keyring.clone(), &parts.runtime),
            db: parts.db,
            outbound: parts.outbound,
            twins,
            keyring: parts.keyring,
            clock: parts.clock,
            registry,
            inbox,
            feed,
            supervisor,
            notifier,
            feed_nudge,
            letter_nudge,
            desk,
            runtime: parts.runtime,
        }
    }

    /// Connects a store; its actor starts at once.
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub async fn connect_store(&self, wanted: ConnectStore) -> Result<StoreId, ConnectError> {
        let outbound = match wanted.tenant_id {
            tenant if tenant.is_rehearsal() => self.twins.of(tenant).ok_or(ConnectError::NoTenant)?.outbound,
            _ => self.outbound.clone(),
        };
        let (db, keyring, clock) = (self.db.clone(), self.keyring.clone(), self.clock.clone());
        let work = self.runtime.spawn(async move { connect::connect(&db, &outbound, &keyring, &clock, wanted).await });
        let store = work.await.map_err(interrupted)??;
        self.look();
        // One that was known already waits for its new keys.
        let _ = self.registry.hurry(store, Duty::Pull);
        Ok(store)
    }

    /// Finds a store and proves its keys without writing anything.
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub async fn test_connection(&self, trial: Trial) -> Result<Connection, ConnectError> {
        let outbound = self.outbound.clone();
        let work = self.runtime.spawn(async move { connect::test(&outbound, trial).await });
        work.await.map_err(interrupted)?
    }

    /// Has the supervisor look at the rows now.
    pub fn look(&self) {
        // A full mailbox loses nothing: it looks on a timer too.
        let _ = self.supervisor.try_send(Look);
    }

    /// Closes the sockets of a login that ended.
    pub fn revoke(&self, session: SessionId) {
        let _ = self.feed.try_send(Revoke { session });
    }

    /// What merchants and the platform's people decide together.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Webhook tokens.
    #[must_use]
    pub fn hooks(&self) -> &HookDirectory {
        &self.hooks
    }

    /// Where deliveries are stored.
    #[must_use]
    pub fn inbox(&self) -> &Addr<InboxWriter> {
        &self.inbox
    }

    /// Where sockets listen.
    #[must_use]
    pub fn feed(&self) -> &Addr<Feed> {
        &self.feed
    }

    /// Ends the desk and the store actors, then the feed; returns when all have heard it. A duty under way is cut when its runtime ends: its rows say where
    /// to go on. Deliveries are taken until the process ends, because a store counts every refusal.
    pub async fn stop(&self) {
        self.desk.stop().await;
        let _ = self.notifier.send(notifier::Stop).await;
        let _ = self.supervisor.send(Shutdown).await;
        let _ = self.feed.send(Close).await;
    }
}

fn interrupted(_: tokio::task::JoinError) -> ConnectError {
    ConnectError::Db(DbError::Unavailable("the node is stopping".into()))
}
