//! Webhook tokens in memory: which store a delivery is for, and which secrets may have signed it.
//!
//! Every token is known by heart from the start and all are read again now and then, so that a flood of made-up tokens never stands
//! between a true one and its store. Only a token that is not known is looked up, and few of those in a second.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, RwLock, Weak},
    time::{Duration, Instant},
};

use storewire_db::{
    Db, DbError,
    stores::{self, HookTarget, secret},
};
use storewire_domain::{StoreId, TenantId};
use storewire_guard::{
    seal::{Keyring, SealContext},
    token,
};
use tokio::runtime::Handle;

/// A webhook token's store. The secrets are wiped when the entry goes.
pub struct HookEntry {
    pub tenant_id: TenantId,
    pub store_id: StoreId,
    /// Secrets that are valid now, any of which may have signed.
    pub secrets: Vec<zeroize::Zeroizing<Vec<u8>>>,
    read_at: Instant,
}

/// The tokens of all stores. Cheap to clone.
#[derive(Clone)]
pub struct HookDirectory(Arc<Inner>);

struct Inner {
    known: RwLock<HashMap<[u8; 32], Arc<HookEntry>>>,
    look_ups: governor::DefaultDirectRateLimiter,
    db: Db,
    keyring: Keyring,
}

/// Look-ups of unknown tokens per second, so that guessing costs the database next to nothing.
const LOOK_UPS_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(49);

/// From one reading of all tokens to the next: so long a secret that ran out may still be taken for valid.
const READ_AGAIN: Duration = Duration::from_secs(30);
/// The same while they were never read.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// For so long the secrets of one token are not read again, however many signatures do not fit them.
const SECRETS_ARE_FRESH: Duration = Duration::from_secs(1);

impl HookDirectory {
    /// Reads every token, now and for as long as anyone holds the directory.
    pub(crate) fn start(db: Db, keyring: Keyring, engine: &Handle) -> Self {
        let look_ups = governor::RateLimiter::direct(governor::Quota::per_second(LOOK_UPS_PER_SECOND));
        let directory = Self(Arc::new(Inner { known: RwLock::default(), look_ups, db, keyring }));
        engine.spawn(keep_fresh(Arc::downgrade(&directory.0)));
        directory
    }

    /// The store of a token; `None` if there is none.
    ///
    /// # Errors
    /// `Unavailable` if the token is not in memory and the database does not answer, or too many such tokens were asked for just now.
    pub async fn find(&self, given: &str) -> Result<Option<Arc<HookEntry>>, DbError> {
        let digest = token::digest(given);
        let known = self.0.known.read().ok().and_then(|known| known.get(&digest).cloned());
        if known.is_some() {
            return Ok(known);
        }
        // A true token that is not in memory yet must not be told "unknown": the store would count that against us.
        if self.0.look_ups.check().is_err() {
            return Err(DbError::Unavailable("too many unknown webhook tokens at once".into()));
        }
        self.0.look_up(digest).await
    }

    /// The same, read anew: for a signature that none of the known secrets made, since another node may have exchanged them. `None` if
    /// they were read a moment ago; a forger makes us look once a second at most.
    ///
    /// # Errors
    /// `Unavailable` if the database does not answer.
    pub async fn find_anew(&self, given: &str, known: &HookEntry) -> Result<Option<Arc<HookEntry>>, DbError> {
        if known.read_at.elapsed() < SECRETS_ARE_FRESH {
            return Ok(None);
        }
        self.0.look_up(token::digest(given)).await
    }

    /// Reads every token again, at once: after a secret was exchanged.
    ///
    /// # Errors
    /// `Unavailable` if the database does not answer.
    pub(crate) async fn read_all(&self) -> Result<(), DbError> {
        self.0.read_all().await
    }
}

async fn keep_fresh(directory: Weak<Inner>) {
    loop {
        let Some(inner) = directory.upgrade() else { return };
        let wait = match inner.read_all().await {
            Ok(()) => READ_AGAIN,
            Err(error) => {
                tracing::warn!(%error, "webhook tokens could not be read");
                TRY_AGAIN
            }
        };
        drop(inner);
        tokio::time::sleep(wait).await;
    }
}

impl Inner {
    async fn read_all(&self) -> Result<(), DbError> {
        let tx = self.db.auth().await?;
        let found = stores::all_hooks(&tx).await?;
        tx.commit().await?;
        let all: HashMap<_, _> =
            found.iter().map(|(digest, target)| (*digest, Arc::new(self.unseal(target)))).collect();
        if let Ok(mut known) = self.known.write() {
            *known = all;
        }
        Ok(())
    }

    async fn look_up(&self, digest: [u8; 32]) -> Result<Option<Arc<HookEntry>>, DbError> {
        let tx = self.db.auth().await?;
        let found = stores::find_hook(&tx, &digest).await?;
        tx.commit().await?;
        let entry = found.map(|target| Arc::new(self.unseal(&target)));
        if let Ok(mut known) = self.known.write() {
            match &entry {
                Some(entry) => known.insert(digest, Arc::clone(entry)),
                None => known.remove(&digest),
            };
        }
        Ok(entry)
    }

    fn unseal(&self, target: &HookTarget) -> HookEntry {
        let context = SealContext {
            tenant: target.tenant_id.uuid(),
            store: target.store_id.uuid(),
            column: secret::WEBHOOK_SECRET,
        };
        let opened = target.sealed_secrets.iter().filter_map(|sealed| match self.keyring.open(&context, sealed) {
            Ok(secret) => Some(secret),
            Err(error) => {
                tracing::error!(store.id = %target.store_id, %error, "webhook secret does not open");
                None
            }
        });
        HookEntry {
            tenant_id: target.tenant_id,
            store_id: target.store_id,
            secrets: opened.collect(),
            read_at: Instant::now(),
        }
    }
}
