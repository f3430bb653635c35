//! Transactions, each in exactly one scope: the only door to a connection.

use std::{
    ops::Deref,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use deadpool_postgres::Object;
use storewire_domain::{ReadScope, StoreId, TenantId};
use tokio::time::timeout;
use tokio_postgres::{Row, types::ToSql};
use uuid::Uuid;

use crate::{
    Db, DbError,
    pipeline::{Pipeline, Turn},
    pool::Lane,
};

const ROLLBACK_TIMEOUT: Duration = Duration::from_secs(5);

const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A parameter of a statement.
pub(crate) type Param<'a> = &'a (dyn ToSql + Sync);

/// A transaction, begun with its first statement. Dropped unfinished, it is rolled back before its connection is used again.
pub struct Tx {
    client: Option<Object>,
    lane: Arc<Lane>,
    /// What begins it, until the first statement takes it along: one wait for both.
    begin: Mutex<Option<Begin>>,
    pipeline: Pipeline,
    /// A statement was refused or never answered: what is committed would not be what was asked.
    has_failed: AtomicBool,
    /// Ended, with its connection still at hand.
    is_over: AtomicBool,
}

/// What begins a transaction.
pub(crate) struct Begin {
    statements: String,
    fence: Option<Fence>,
}

/// The right to write a store's copy, as it was when the transaction was opened.
struct Fence {
    shard: i16,
    epoch: i64,
}

impl Tx {
    pub(crate) async fn open(lane: &Arc<Lane>, begin: impl Into<Begin>) -> Result<Self, DbError> {
        let client = Some(lane.pool.get().await?);
        Ok(Self {
            client,
            lane: Arc::clone(lane),
            begin: Mutex::new(Some(begin.into())),
            pipeline: Pipeline::default(),
            has_failed: AtomicBool::new(false),
            is_over: AtomicBool::new(false),
        })
    }

    fn take_begin(&self) -> Option<Begin> {
        self.begin.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn client(&self) -> Result<&Object, DbError> {
        self.client.as_ref().ok_or_else(finished)
    }

    /// Rows. Statements that are joined are sent one behind the other, in the order in which they are polled, and answered in one wait.
    pub(crate) async fn query(&self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, DbError> {
        let client = self.client()?;
        self.ask(|turn| async move {
            let statement = client.prepare_cached(sql).await?;
            turn.send(client.query(&statement, params)).await
        })
        .await
    }

    pub(crate) async fn query_opt(&self, sql: &str, params: &[Param<'_>]) -> Result<Option<Row>, DbError> {
        Ok(self.query(sql, params).await?.into_iter().next())
    }

    pub(crate) async fn query_one(&self, sql: &str, params: &[Param<'_>]) -> Result<Row, DbError> {
        self.query_opt(sql, params).await?.ok_or_else(|| DbError::Unavailable("statement answered no row".into()))
    }

    /// How many rows were written. Sent and answered as `query` is.
    pub(crate) async fn execute(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, DbError> {
        let client = self.client()?;
        self.ask(|turn| async move {
            let statement = client.prepare_cached(sql).await?;
            turn.send(client.execute(&statement, params)).await
        })
        .await
    }

    /// Sends a statement when it is its turn, the first behind what begins the transaction.
    async fn ask<'t, T, A>(&'t self, asked: impl FnOnce(Turn<'t>) -> A) -> Result<T, DbError>
    where
        A: Future<Output = Result<T, tokio_postgres::Error>>,
    {
        // Boxed: what asks many at once would else be as large as all of them together, and is moved about on the stack.
        let asked = Box::pin(async {
            let turn = self.pipeline.turn().await.ok_or_else(finished)?;
            // In a place of its own: what joins a dozen of them must not carry a dozen drivers' states on its stack, twice over.
            let asked = Box::pin(asked(turn));
            let Some(begin) = self.take_begin() else { return self.hear(asked).await };
            // Polled in this order, so sent in this order. Had the first failed, the others would find no scope and no right to anything.
            let (begun, holds, answer) = tokio::join!(
                biased;
                self.hear(self.client()?.batch_execute(&begin.statements)),
                Box::pin(self.holds(begin.fence)),
                self.hear(asked),
            );
            begun?;
            holds?;
            answer
        });
        let answer = asked.await;
        if answer.is_err() {
            self.has_failed.store(true, Ordering::Release);
        }
        answer
    }

    /// Whether the right to write is still what it was; until this transaction ends it cannot pass to anybody else.
    async fn holds(&self, fence: Option<Fence>) -> Result<(), DbError> {
        let Some(fence) = fence else { return Ok(()) };
        let client = self.client()?;
        let asked = async {
            let statement = client.prepare_cached("SELECT fence_holds($1, $2)").await?;
            client.query_one(&statement, &[&fence.shard, &fence.epoch]).await
        };
        if self.hear(asked).await?.try_get(0)? { Ok(()) } else { Err(DbError::Fenced) }
    }

    /// What the server answers. One that is silent for longer than it may take is given up, and the connection with it.
    async fn hear<T>(&self, asked: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, DbError> {
        let answer =
            timeout(self.lane.patience, asked).await.map_err(|silence| DbError::Unavailable(Box::new(silence)))?;
        answer.map_err(|error| {
            self.lane.note(&error);
            error.into()
        })
    }

    /// Notes that the server took a write.
    pub(crate) fn was_written(&self) {
        self.lane.learn(true);
    }

    /// Ends the transaction behind the statements that are under way, and what they wrote is durable: joined with them, and polled after
    /// them, it costs no wait of its own. What is asked later is refused. Ask the others first whether all went well: had one of them
    /// failed, nothing was written.
    ///
    /// # Errors
    /// `CommitUnknown` if the connection was lost meanwhile; `Unavailable` if a statement is known to have failed.
    pub async fn end(&self) -> Result<(), DbError> {
        let turn = self.pipeline.last_turn().await.ok_or_else(finished)?;
        if self.has_failed.load(Ordering::Acquire) {
            return Err(DbError::Unavailable("a statement of this transaction had failed".into()));
        }
        if self.take_begin().is_none() {
            match timeout(self.lane.patience, turn.send(self.client()?.batch_execute("COMMIT"))).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) if error.as_db_error().is_some() => return Err(error.into()),
                Ok(Err(error)) => return Err(DbError::CommitUnknown(Box::new(error))),
                Err(silence) => return Err(DbError::CommitUnknown(Box::new(silence))),
            }
        }
        self.is_over.store(true, Ordering::Release);
        Ok(())
    }

    /// Commits. The rows are durable when this returns.
    ///
    /// # Errors
    /// `CommitUnknown` if the connection was lost meanwhile; `Unavailable` if one of its statements had failed, which nobody can make
    /// good within it: nothing was written then.
    pub async fn commit(self) -> Result<(), DbError> {
        self.end().await
    }

    /// Commits right behind the last statement: one wait for both.
    ///
    /// # Errors
    /// What the statement was refused with, or as `commit`.
    pub async fn commit_behind<T>(&self, last: impl Future<Output = Result<T, DbError>>) -> Result<T, DbError> {
        match tokio::join!(biased; last, self.end()) {
            (Ok(answer), ended) => ended.map(|()| answer),
            // The answers to both are lost; the server may have carried out both.
            (Err(error), Err(unknown @ DbError::CommitUnknown(_))) if error.is_unavailable() => Err(unknown),
            (Err(error), _) => Err(error),
        }
    }
}

fn finished() -> DbError {
    DbError::Unavailable("transaction is finished".into())
}

impl<T: Into<String>> From<T> for Begin {
    fn from(statements: T) -> Self {
        Self { statements: statements.into(), fence: None }
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let is_idle = self.take_begin().is_some() || self.is_over.load(Ordering::Acquire);
        let Some(client) = self.client.take().filter(|_| !is_idle) else { return };
        // A cancelled statement may still be under way; the rollback queues behind it on the same connection.
        self.lane.drivers.spawn(async move {
            let rolled_back = timeout(ROLLBACK_TIMEOUT, client.batch_execute("ROLLBACK")).await;
            if !matches!(rolled_back, Ok(Ok(()))) {
                drop(Object::take(client));
            }
        });
    }
}

macro_rules! scoped {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty),* }),+ $(,)?) => {$(
        $(#[$doc])*
        pub struct $name { pub(crate) tx: Tx, $(pub(crate) $field: $kind),* }

        impl Deref for $name {
            type Target = Tx;
            fn deref(&self) -> &Tx { &self.tx }
        }

        impl $name {
            /// Ends the transaction and gives its connection back; what was written is durable.
            ///
            /// # Errors
            /// `CommitUnknown` if the connection was lost meanwhile.
            pub async fn commit(self) -> Result<(), DbError> { self.tx.commit().await }
        }
    )+};
}

scoped! {
    /// Reads within a reader's rows, all from one snapshot.
    ReadTx { stores: Option<Vec<StoreId>> },
    /// Reads and writes one tenant's rows.
    TenantTx { tenant: TenantId },
    /// Inserts deliveries of any tenant.
    IntakeTx {},
    /// Runs the named look-ups.
    AuthTx {},
    /// Deletes what has outlived its retention.
    JanitorTx {},
}

impl ReadTx {
    /// The stores that the reader is narrowed to, for a parameter; `None` for all of the scope.
    pub(crate) fn stores_in_sight(&self) -> Option<Vec<Uuid>> {
        Some(self.stores.as_ref()?.iter().map(|id| id.uuid()).collect())
    }
}

impl TenantTx {
    /// The tenant whose rows this transaction sees.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }
}

/// Reads and writes one tenant's rows, and those about it that only the platform's people have.
pub struct DeskTx(TenantTx);

impl Deref for DeskTx {
    type Target = TenantTx;
    fn deref(&self) -> &TenantTx {
        &self.0
    }
}

impl DeskTx {
    /// Ends the transaction and gives its connection back; what was written is durable.
    ///
    /// # Errors
    /// `CommitUnknown` if the connection was lost meanwhile.
    pub async fn commit(self) -> Result<(), DbError> {
        self.0.commit().await
    }
}

impl Db {
    /// A reader's transaction: read-only, one snapshot, only the rows of `scope`.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn read(&self, scope: &ReadScope) -> Result<ReadTx, DbError> {
        let (begin, stores) = match scope {
            ReadScope::Tenant(tenant) => (tenant_begin(READ, *tenant), None),
            ReadScope::Everything => {
                (format!("{READ}; SET LOCAL ROLE sw_platform; SET LOCAL app.sight = 'all'; {PLANNED_ONCE}"), None)
            }
            ReadScope::Platform { stores } => (format!("{READ}; SET LOCAL ROLE sw_platform"), stores.clone()),
        };
        Ok(ReadTx { tx: Tx::open(&self.main, &begin).await?, stores })
    }

    /// Reads across all tenants, those of rehearsals too, for the supervisor and the feed.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn platform(&self) -> Result<ReadTx, DbError> {
        self.read(&ReadScope::Everything).await
    }

    /// Reads across all real tenants, as staff do.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn staff(&self) -> Result<ReadTx, DbError> {
        self.read(&ReadScope::Platform { stores: None }).await
    }

    /// One tenant's rows, to write.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn tenant(&self, tenant: TenantId) -> Result<TenantTx, DbError> {
        Ok(TenantTx { tx: Tx::open(&self.main, &tenant_begin("BEGIN", tenant)).await?, tenant })
    }

    /// One tenant's rows, to write, with what only the platform's people have: every command of the desk is carried out in it, whoever
    /// gives it. What it answers must not reach a merchant unread.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn desk(&self, tenant: TenantId) -> Result<DeskTx, DbError> {
        let begin = begin_as("BEGIN", "sw_desk", tenant);
        Ok(DeskTx(TenantTx { tx: Tx::open(&self.main, &begin).await?, tenant }))
    }

    /// Inserts into the inbox, on connections of its own.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn intake(&self) -> Result<IntakeTx, DbError> {
        Ok(IntakeTx { tx: Tx::open(&self.intake, "BEGIN; SET LOCAL ROLE sw_intake").await? })
    }

    /// Whether a transaction may write now: not on a replica, nor where an administrator made the database read-only.
    ///
    /// # Errors
    /// As every statement.
    pub async fn takes_writes(&self) -> Result<bool, DbError> {
        let tx = self.auth().await?;
        let row = tx.query_one("SELECT current_setting('transaction_read_only')", &[]).await?;
        let takes_writes = row.try_get::<_, &str>(0)? == "off";
        tx.lane.learn(takes_writes);
        tx.commit().await?;
        Ok(takes_writes)
    }

    /// The named look-ups.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn auth(&self) -> Result<AuthTx, DbError> {
        Ok(AuthTx { tx: Tx::open(&self.main, "BEGIN; SET LOCAL ROLE sw_auth").await? })
    }

    /// Retention. It waits for no lock longer than others can wait for it: whoever comes after a waiting exclusive lock waits behind it.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn janitor(&self) -> Result<JanitorTx, DbError> {
        let begin = "BEGIN; SET LOCAL ROLE sw_janitor; SET LOCAL lock_timeout = '2s'";
        Ok(JanitorTx { tx: Tx::open(&self.main, begin).await? })
    }
}

/// For the few statements that the engine carries out all day, each made for an index: planned once, whatever their parameters, and for
/// the tables as they will be. Plans of an empty table read all of it until its statistics are first taken.
const PLANNED_ONCE: &str = "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off";

/// As `tenant_begin`, for a store's actor that has been given this epoch.
pub(crate) fn store_begin(tenant: TenantId, store: StoreId, epoch: i64) -> Begin {
    let fence = Fence { shard: i16::from(store.shard()), epoch };
    Begin { statements: tenant_begin(&format!("BEGIN; {PLANNED_ONCE}"), tenant), fence: Some(fence) }
}

fn tenant_begin(begin: &str, tenant: TenantId) -> String {
    begin_as(begin, "sw_tenant", tenant)
}

/// The tenant is a UUID, so its text holds nothing that could end the literal.
fn begin_as(begin: &str, role: &'static str, tenant: TenantId) -> String {
    format!("{begin}; SET LOCAL ROLE {role}; SET LOCAL app.tenant = '{tenant}'")
}
