//! Webhook tokens in memory: which store a delivery is for, and which secrets may have signed it.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
    time::{Duration, Instant},
};

use storewire_db::{Db, DbError, stores::HookTarget};
use storewire_domain::{StoreId, TenantId};
use storewire_guard::{
    seal::{Keyring, SealContext},
    token,
};

/// A webhook token's store. The secrets are wiped when the entry goes.
pub struct HookEntry {
    pub tenant_id: TenantId,
    pub store_id: StoreId,
    /// What the store calls itself; a delivery from elsewhere is a clone's.
    pub home_url: String,
    /// Secrets that are valid now, any of which may have signed.
    pub secrets: Vec<zeroize::Zeroizing<Vec<u8>>>,
    read_at: Instant,
}

/// The tokens seen so far. A token that is not there is looked up once in the database.
#[derive(Clone)]
pub struct HookDirectory {
    known: Arc<RwLock<HashMap<[u8; 32], Arc<HookEntry>>>>,
    look_ups: Arc<governor::DefaultDirectRateLimiter>,
    db: Db,
    keyring: Keyring,
}

/// Look-ups of unknown tokens per second, so that guessing costs the database next to nothing.
const LOOK_UPS_PER_SECOND: std::num::NonZeroU32 = std::num::NonZeroU32::MIN.saturating_add(49);

/// For so long the secrets of a token are not read again.
const SECRETS_ARE_FRESH: Duration = Duration::from_secs(60);

impl HookDirectory {
    pub(crate) fn new(db: Db, keyring: Keyring) -> Self {
        let quota = governor::Quota::per_second(LOOK_UPS_PER_SECOND);
        Self { known: Arc::default(), look_ups: Arc::new(governor::RateLimiter::direct(quota)), db, keyring }
    }

    /// The store of a token; `None` if there is none.
    ///
    /// # Errors
    /// `Unavailable` if the token is not in memory and the database does not answer, or too many such tokens were asked for just now.
    pub async fn find(&self, given: &str) -> Result<Option<Arc<HookEntry>>, DbError> {
        let digest = token::digest(given);
        let known = self.known.read().ok().and_then(|known| known.get(&digest).cloned());
        if known.is_some() {
            return Ok(known);
        }
        self.look_up(digest).await
    }

    /// The same, read anew: for a signature that none of the known secrets made, since another process may have added one. `None` if
    /// they were read a short while ago; a forger makes us look once a minute at most.
    ///
    /// # Errors
    /// `Unavailable` if the database does not answer.
    pub async fn find_anew(&self, given: &str, known: &HookEntry) -> Result<Option<Arc<HookEntry>>, DbError> {
        if known.read_at.elapsed() < SECRETS_ARE_FRESH {
            return Ok(None);
        }
        self.look_up(token::digest(given)).await
    }

    async fn look_up(&self, digest: [u8; 32]) -> Result<Option<Arc<HookEntry>>, DbError> {
        // A true token that is not in memory yet must not be told "unknown": the store would count that against us.
        if self.look_ups.check().is_err() {
            return Err(DbError::Unavailable("too many unknown webhook tokens at once".into()));
        }
        let tx = self.db.auth().await?;
        let found = storewire_db::stores::find_hook(&tx, &digest).await?;
        tx.commit().await?;
        let Some(target) = found else { return Ok(None) };
        let entry = Arc::new(self.unseal(&target));
        if let Ok(mut known) = self.known.write() {
            known.insert(digest, Arc::clone(&entry));
        }
        Ok(Some(entry))
    }

    fn unseal(&self, target: &HookTarget) -> HookEntry {
        let context = SealContext {
            tenant: target.tenant_id.uuid(),
            store: target.store_id.uuid(),
            column: storewire_db::stores::secret::WEBHOOK_SECRET,
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
            home_url: target.home_url.clone(),
            secrets: opened.collect(),
            read_at: Instant::now(),
        }
    }
}
