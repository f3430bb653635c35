//! What a duty of a store works with: the store's rows, its client, its pace.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use storewire_db::{Db, DbError, TenantTx, stores, stores::secret};
use storewire_domain::{Clock, StoreId, TenantId};
use storewire_guard::seal::{Keyring, SealContext};
use storewire_woo::{Keys, Outbound, Site, StoreClient};

use super::pace::Pace;
use crate::{EngineConfig, engine::FeedNudge, lease::Epochs};

/// What every store's work shares.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) db: Db,
    pub(crate) outbound: Outbound,
    pub(crate) keyring: Keyring,
    pub(crate) clock: Clock,
    pub(crate) config: Arc<EngineConfig>,
    pub(crate) epochs: Epochs,
    pub(crate) feed: FeedNudge,
}

/// One store, loaded from its rows.
pub(crate) struct StoreContext {
    pub(crate) shared: Shared,
    pub(crate) tenant: TenantId,
    pub(crate) store: StoreId,
    pub(crate) client: StoreClient,
    pub(crate) pace: Pace,
    pub(crate) webhook_token: String,
    pub(crate) webhook_secret: String,
    /// The store's clock less ours, in seconds; `i64::MIN` while unknown. Rebuilt from any answer.
    skew: AtomicI64,
}

impl StoreContext {
    /// Reads the store's row and opens its secrets.
    pub(crate) async fn load(
        shared: Shared,
        tenant: TenantId,
        store: StoreId,
        pace: Pace,
    ) -> Result<Option<Self>, DbError> {
        let tx = shared.db.tenant(tenant).await?;
        let sealed = stores::secrets(&tx, store).await?;
        tx.commit().await?;
        let tx = shared.db.read(&storewire_domain::ReadScope::Tenant(tenant)).await?;
        let row = stores::find(&tx, store).await?;
        tx.commit().await?;
        let Some(row) = row else { return Ok(None) };
        let open = |kind: &'static str| open(&shared.keyring, tenant, store, kind, &sealed);
        let site = Site {
            rest_root: row.rest_root.parse().map_err(|_| inconsistent("rest_root"))?,
            auth: row.auth,
            keys: Keys {
                consumer_key: SecretString::from(open(secret::CONSUMER_KEY)?),
                consumer_secret: SecretString::from(open(secret::CONSUMER_SECRET)?),
            },
            timezone: row.timezone.clone(),
        };
        Ok(Some(Self {
            client: StoreClient::new(shared.outbound.clone(), site),
            webhook_token: open(secret::WEBHOOK_TOKEN)?,
            webhook_secret: open(secret::WEBHOOK_SECRET)?,
            skew: AtomicI64::new(i64::MIN),
            shared,
            tenant,
            store,
            pace,
        }))
    }

    /// A transaction that may write this store's copy.
    pub(crate) async fn write(&self) -> Result<TenantTx, DbError> {
        let epoch = self.shared.epochs.of(self.store).ok_or(DbError::Fenced)?;
        self.shared.db.store_write(self.tenant, self.store, epoch).await
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// Learns the store's clock from an answer's `Date`.
    pub(crate) fn learn_clock(&self, store_now: Option<Timestamp>) {
        if let Some(store_now) = store_now {
            self.skew.store(store_now.as_second() - self.now().as_second(), Ordering::Relaxed);
        }
    }

    /// The store's own time, if any answer has told it yet.
    pub(crate) fn store_now(&self) -> Option<Timestamp> {
        let skew = self.skew.load(Ordering::Relaxed);
        (skew != i64::MIN).then(|| self.now().saturating_add(SignedDuration::from_secs(skew)).ok()).flatten()
    }
}

fn open(
    keyring: &Keyring,
    tenant: TenantId,
    store: StoreId,
    kind: &'static str,
    sealed: &[(String, Vec<u8>)],
) -> Result<String, DbError> {
    let context = SealContext { tenant: tenant.uuid(), store: store.uuid(), column: kind };
    let (_, bytes) = sealed.iter().find(|(of, _)| of == kind).ok_or_else(|| inconsistent("sealed"))?;
    let plain = keyring.open(&context, bytes).map_err(|_| inconsistent("sealed"))?;
    String::from_utf8(plain.to_vec()).map_err(|_| inconsistent("sealed"))
}

const fn inconsistent(column: &'static str) -> DbError {
    DbError::Inconsistent { table: "store_secret", column }
}
