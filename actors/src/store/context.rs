//! What a duty of a store works with: the store's rows, its client, its pace.

mod call;

use std::sync::{
    Arc, PoisonError,
    atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64, Ordering},
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::SecretString;
use storewire_db::{Db, DbError, TenantTx, budgets, checkpoints, standing::Reach, stores, stores::secret};
use storewire_domain::{Clock, StoreId, TenantId};
use storewire_guard::seal::{Keyring, SealContext};
use storewire_woo::{Keys, Outbound, Site, StoreClient, site_zone};
use tokio::sync::{Mutex, MutexGuard};
use url::Url;

use super::{
    duty::Duty,
    hooks::Health,
    intake::Place,
    judge::Lost,
    outbox::Learned,
    pace::{Crowd, Pace},
    pull::Round,
    storm::Storms,
};
use crate::{EngineConfig, feed::FeedNudge, lease::Epochs, notifier::LetterNudge, twins::Twins};

/// What every store's work shares.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) db: Db,
    pub(crate) outbound: Outbound,
    /// The ways of rehearsals' stores, which have no other.
    pub(crate) twins: Twins,
    pub(crate) keyring: Keyring,
    pub(crate) clock: Clock,
    pub(crate) config: Arc<EngineConfig>,
    pub(crate) epochs: Epochs,
    pub(crate) crowd: Crowd,
    pub(crate) feed: FeedNudge,
    pub(crate) letters: LetterNudge,
}

impl Shared {
    /// How a tenant's stores are reached, and how they reach us; `None` for a rehearsal without twins.
    fn way(&self, tenant: TenantId) -> Option<(Outbound, Url)> {
        if tenant.is_rehearsal() {
            return self.twins.of(tenant).map(|way| (way.outbound, way.deliver_to));
        }
        Some((self.outbound.clone(), self.config.public_url.clone()))
    }
}

/// One store, loaded from its rows. What is shared outlives a reload of them, and is lost with the actor.
pub(crate) struct StoreContext {
    pub(crate) shared: Shared,
    pub(crate) tenant: TenantId,
    pub(crate) store: StoreId,
    pub(crate) client: StoreClient,
    pub(crate) pace: Pace,
    pub(crate) webhook_token: String,
    /// Under which address of ours the store reaches us.
    pub(crate) deliver_to: Url,
    /// How the store is reached, as found when it was connected or mended.
    pub(crate) reach: Reach,
    /// Where the store says it lives, as pinned when it was connected.
    pub(crate) home_url: String,
    /// The site's own time zone; UTC where it is not known.
    pub(crate) zone: TimeZone,
    /// The round of pulls under way; who loses it begins another.
    pub(crate) round: Arc<Mutex<Round>>,
    /// Records that are updated in a loop.
    pub(crate) storms: Arc<std::sync::Mutex<Storms>>,
    /// What is wrong with its webhooks.
    pub(crate) hooks: Arc<Health>,
    /// What writing to it has taught.
    pub(crate) learned: Arc<Learned>,
    /// What is to be found again.
    pub(crate) lost: Arc<std::sync::Mutex<Option<Lost>>>,
    desk: Arc<Mutex<()>>,
    signs: Arc<Signs>,
}

/// Small news between duties and their actor.
struct Signs {
    /// The store's clock less ours, in seconds; `i64::MIN` while unknown. Rebuilt from any answer.
    skew: AtomicI64,
    woken: AtomicU8,
    is_imported: AtomicBool,
    is_dirty: AtomicBool,
    is_outdated: AtomicBool,
    is_pull_wanted: AtomicBool,
    trusts_mail: AtomicBool,
    mail_place: std::sync::Mutex<Place>,
    /// Requests with our keys that the store answered as asked.
    answers: AtomicU64,
}

/// The right to compare with our copy and to change it: who holds it is the only one who does.
pub(crate) struct Desk<'a>(#[expect(dead_code, reason = "held, not read")] MutexGuard<'a, ()>);

impl StoreContext {
    /// Reads the store's row and opens its secrets; `before` is what was loaded until now.
    pub(crate) async fn load(
        shared: Shared,
        tenant: TenantId,
        store: StoreId,
        pace: Pace,
        before: Option<Arc<Self>>,
    ) -> Result<Option<Self>, DbError> {
        let tx = shared.db.tenant(tenant).await?;
        let sealed = stores::secrets(&tx, store).await?;
        let is_imported = checkpoints::list(&tx, store).await?.iter().all(|one| one.backfilled_at.is_some());
        tx.commit().await?;
        let tx = shared.db.read(&storewire_domain::ReadScope::Tenant(tenant)).await?;
        let row = stores::find(&tx, store).await?;
        let budget = budgets::of_store(&tx, tenant, store).await?;
        tx.commit().await?;
        let Some(row) = row else { return Ok(None) };
        // A rehearsal that this node does not carry out has no twins here.
        let Some((outbound, deliver_to)) = shared.way(tenant) else { return Ok(None) };
        let open = |kind: &'static str| open(&shared.keyring, tenant, store, kind, &sealed);
        let rest_root: Url = row.rest_root.parse().map_err(|_| inconsistent("rest_root"))?;
        pace.restore(&host_of(&rest_root), budget.as_ref(), shared.clock.now());
        let site = Site {
            rest_root,
            home_url: row.home_url.parse().map_err(|_| inconsistent("home_url"))?,
            auth: row.auth,
            keys: Keys {
                consumer_key: SecretString::from(open(secret::CONSUMER_KEY)?),
                consumer_secret: SecretString::from(open(secret::CONSUMER_SECRET)?),
            },
            plain_http: row.plain_http,
            timezone: row.timezone.clone(),
        };
        let signs = match &before {
            Some(before) => Arc::clone(&before.signs),
            None => Arc::new(Signs::new(is_imported)),
        };
        Ok(Some(Self {
            client: StoreClient::new(outbound, site),
            webhook_token: open(secret::WEBHOOK_TOKEN)?,
            deliver_to,
            reach: Reach { auth: row.auth, rest_root: row.rest_root, plain_http: row.plain_http },
            home_url: row.home_url,
            zone: site_zone(&row.timezone).unwrap_or(TimeZone::UTC),
            round: before.as_ref().map_or_else(Arc::default, |before| Arc::clone(&before.round)),
            storms: before.as_ref().map_or_else(Arc::default, |before| Arc::clone(&before.storms)),
            hooks: before.as_ref().map_or_else(Arc::default, |before| Arc::clone(&before.hooks)),
            learned: before.as_ref().map_or_else(Arc::default, |before| Arc::clone(&before.learned)),
            lost: before.as_ref().map_or_else(Arc::default, |before| Arc::clone(&before.lost)),
            desk: before.as_ref().map_or_else(Arc::default, |before| Arc::clone(&before.desk)),
            signs,
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

    /// Waits until nobody else compares with our copy or changes it. No request is made while it is held.
    pub(crate) async fn desk(&self) -> Desk<'_> {
        Desk(self.desk.lock().await)
    }

    /// Requests with our keys that the store answered as asked, so far.
    pub(crate) fn answers(&self) -> u64 {
        self.signs.answers.load(Ordering::Acquire)
    }

    /// Says that another duty has something to do, once this step has ended.
    pub(crate) fn wake(&self, duty: Duty) {
        self.signs.woken.fetch_or(1 << duty as u8, Ordering::AcqRel);
    }

    /// The duties that were woken since this was last asked.
    pub(crate) fn woken(&self) -> impl Iterator<Item = Duty> + use<> {
        let woken = self.signs.woken.swap(0, Ordering::AcqRel);
        Duty::ALL.into_iter().filter(move |duty| woken & (1 << *duty as u8) != 0)
    }

    /// Says that the rows hold something else than what was loaded from them.
    pub(crate) fn outdate(&self) {
        self.signs.is_outdated.store(true, Ordering::Release);
    }

    /// Whether that was said since this was last asked.
    pub(crate) fn is_outdated(&self) -> bool {
        self.signs.is_outdated.swap(false, Ordering::AcqRel)
    }

    /// Says that a person wants everything read from now on, whatever a round under way has read by now.
    pub(crate) fn want_pull(&self) {
        self.signs.is_pull_wanted.store(true, Ordering::Release);
    }

    /// Whether that was said since this was last asked.
    pub(crate) fn is_pull_wanted(&self) -> bool {
        self.signs.is_pull_wanted.swap(false, Ordering::AcqRel)
    }

    /// Whether nothing waits in the inbox that may have ended an actor before. A new actor does not know; so a delivery that kills whoever
    /// tries it is counted from its second time on.
    pub(crate) fn trusts_mail(&self) -> bool {
        self.signs.trusts_mail.load(Ordering::Acquire)
    }

    /// Says that all that waited was applied.
    pub(crate) fn trust_mail(&self) {
        self.signs.trusts_mail.store(true, Ordering::Release);
    }

    /// Says that something was refused.
    pub(crate) fn distrust_mail(&self) {
        self.signs.trusts_mail.store(false, Ordering::Release);
    }

    /// From where waiting mail is looked for.
    pub(crate) fn mail_place(&self) -> std::sync::MutexGuard<'_, Place> {
        self.signs.mail_place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether everything was read once.
    pub(crate) fn is_imported(&self) -> bool {
        self.signs.is_imported.load(Ordering::Acquire)
    }

    pub(crate) fn set_imported(&self, is_imported: bool) {
        self.signs.is_imported.store(is_imported, Ordering::Release);
    }

    /// Whether the last listing came with noise around its JSON: the store's PHP is not well.
    pub(crate) fn is_dirty(&self) -> bool {
        self.signs.is_dirty.load(Ordering::Acquire)
    }

    pub(crate) fn set_dirty(&self, is_dirty: bool) {
        self.signs.is_dirty.store(is_dirty, Ordering::Release);
    }

    /// Learns the store's clock from an answer's `Date`.
    pub(crate) fn learn_clock(&self, store_now: Option<Timestamp>) {
        if let Some(store_now) = store_now {
            self.signs.skew.store(store_now.as_second() - self.now().as_second(), Ordering::Relaxed);
        }
    }

    /// How many seconds the store's clock is ahead of ours, if any answer has told it yet.
    pub(crate) fn clock_ahead(&self) -> Option<i64> {
        let skew = self.signs.skew.load(Ordering::Relaxed);
        (skew != i64::MIN).then_some(skew)
    }

    /// The store's own time, if any answer has told it yet.
    pub(crate) fn store_now(&self) -> Option<Timestamp> {
        let skew = self.signs.skew.load(Ordering::Relaxed);
        (skew != i64::MIN).then(|| self.now().saturating_add(SignedDuration::from_secs(skew)).ok()).flatten()
    }
}

impl Signs {
    fn new(is_imported: bool) -> Self {
        Self {
            skew: AtomicI64::new(i64::MIN),
            woken: AtomicU8::new(0),
            is_imported: AtomicBool::new(is_imported),
            is_dirty: AtomicBool::new(false),
            is_outdated: AtomicBool::new(false),
            is_pull_wanted: AtomicBool::new(false),
            trusts_mail: AtomicBool::new(false),
            mail_place: std::sync::Mutex::default(),
            answers: AtomicU64::new(0),
        }
    }
}

/// What names a store's host: stores with the same name share its fate.
fn host_of(rest_root: &Url) -> String {
    let port = rest_root.port_or_known_default().unwrap_or_default();
    format!("{}:{port}", rest_root.host_str().unwrap_or_default())
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
