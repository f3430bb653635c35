//! Transactions, each in exactly one scope: the only door to a connection.

use std::{ops::Deref, time::Duration};

use deadpool_postgres::{Object, Pool};
use storewire_domain::{ReadScope, StoreId, TenantId};
use tokio::runtime::Handle;
use tokio_postgres::{Row, types::ToSql};
use uuid::Uuid;

use crate::{Db, DbError};

const ROLLBACK_TIMEOUT: Duration = Duration::from_secs(5);

/// A parameter of a statement.
pub(crate) type Param<'a> = &'a (dyn ToSql + Sync);

/// An open transaction. Dropped unfinished, it is rolled back before its connection is used again.
pub struct Tx {
    client: Option<Object>,
    drivers: Handle,
}

impl Tx {
    async fn open(pool: &Pool, drivers: &Handle, begin: &str) -> Result<Self, DbError> {
        let tx = Self { client: Some(pool.get().await?), drivers: drivers.clone() };
        tx.client()?.batch_execute(begin).await?;
        Ok(tx)
    }

    fn client(&self) -> Result<&Object, DbError> {
        self.client.as_ref().ok_or_else(|| DbError::Unavailable("transaction is finished".into()))
    }

    pub(crate) async fn query(&self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, DbError> {
        let client = self.client()?;
        let statement = client.prepare_cached(sql).await?;
        Ok(client.query(&statement, params).await?)
    }

    pub(crate) async fn query_opt(&self, sql: &str, params: &[Param<'_>]) -> Result<Option<Row>, DbError> {
        Ok(self.query(sql, params).await?.into_iter().next())
    }

    pub(crate) async fn query_one(&self, sql: &str, params: &[Param<'_>]) -> Result<Row, DbError> {
        self.query_opt(sql, params).await?.ok_or_else(|| DbError::Unavailable("statement answered no row".into()))
    }

    pub(crate) async fn execute(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, DbError> {
        let client = self.client()?;
        let statement = client.prepare_cached(sql).await?;
        Ok(client.execute(&statement, params).await?)
    }

    /// Commits. The rows are durable when this returns.
    ///
    /// # Errors
    /// `CommitUnknown` if the connection was lost meanwhile.
    pub async fn commit(mut self) -> Result<(), DbError> {
        let outcome = self.client()?.batch_execute("COMMIT").await;
        match outcome {
            Ok(()) => {
                self.client = None;
                Ok(())
            }
            Err(error) if error.as_db_error().is_some() => Err(error.into()),
            Err(error) => Err(DbError::CommitUnknown(error)),
        }
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        // A cancelled statement may still be under way; the rollback queues behind it on the same connection.
        self.drivers.spawn(async move {
            let rolled_back = tokio::time::timeout(ROLLBACK_TIMEOUT, client.batch_execute("ROLLBACK")).await;
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

impl Db {
    /// A reader's transaction: read-only, one snapshot, only the rows of `scope`.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn read(&self, scope: &ReadScope) -> Result<ReadTx, DbError> {
        let (begin, stores) = match scope {
            ReadScope::Tenant(tenant) => {
                (tenant_begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", *tenant), None)
            }
            ReadScope::Platform { stores } => (
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL ROLE sw_platform".to_owned(),
                stores.clone(),
            ),
        };
        Ok(ReadTx { tx: Tx::open(&self.main, &self.drivers, &begin).await?, stores })
    }

    /// Reads across tenants, for the supervisor, the feed and staff.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn platform(&self) -> Result<ReadTx, DbError> {
        self.read(&ReadScope::Platform { stores: None }).await
    }

    /// One tenant's rows, to write.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn tenant(&self, tenant: TenantId) -> Result<TenantTx, DbError> {
        Ok(TenantTx { tx: Tx::open(&self.main, &self.drivers, &tenant_begin("BEGIN", tenant)).await?, tenant })
    }

    /// Inserts into the inbox, on connections of its own.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn intake(&self) -> Result<IntakeTx, DbError> {
        Ok(IntakeTx { tx: Tx::open(&self.intake, &self.drivers, "BEGIN; SET LOCAL ROLE sw_intake").await? })
    }

    /// The named look-ups.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn auth(&self) -> Result<AuthTx, DbError> {
        Ok(AuthTx { tx: Tx::open(&self.main, &self.drivers, "BEGIN; SET LOCAL ROLE sw_auth").await? })
    }

    /// Retention. It waits for no lock longer than others can wait for it: whoever comes after a waiting exclusive lock waits behind it.
    ///
    /// # Errors
    /// `Unavailable` if no connection can be had.
    pub async fn janitor(&self) -> Result<JanitorTx, DbError> {
        let begin = "BEGIN; SET LOCAL ROLE sw_janitor; SET LOCAL lock_timeout = '2s'";
        Ok(JanitorTx { tx: Tx::open(&self.main, &self.drivers, begin).await? })
    }
}

/// The tenant is a UUID, so its text holds nothing that could end the literal.
fn tenant_begin(begin: &str, tenant: TenantId) -> String {
    format!("{begin}; SET LOCAL ROLE sw_tenant; SET LOCAL app.tenant = '{tenant}'")
}
