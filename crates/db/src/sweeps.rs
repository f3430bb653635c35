//! Walks by id over everything that a store lists: where each stands, and what we hold of the ids that it passes.
//!
//! All walks of one purpose, made one after the other, are a run. Where a run stands is told by its rows alone.

use std::collections::HashMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_domain::{ManageStock, Purpose, RemoteId, Resource, StoreId, TenantId, UserId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, ReadTx, TenantTx, scope::Tx};

/// The walks of a run, in the order in which they are made. Customers have no trash, the list of coupons does not know theirs, and a
/// variation lies in its parent's.
pub const WALKS: [(Resource, &str); 7] = [
    (Resource::Orders, "any"),
    (Resource::Products, "any"),
    (Resource::Variations, "any"),
    (Resource::Coupons, "any"),
    (Resource::Customers, "any"),
    (Resource::Orders, "trash"),
    (Resource::Products, "trash"),
];

/// One walk: under way, or the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    pub purpose: Purpose,
    pub resource: Resource,
    /// `any`, or `trash` (which `any` never contains).
    pub listing: &'static str,
    /// The run that it belongs to; `None` before the first.
    pub run_id: Option<Uuid>,
    /// Since when another run is wanted.
    pub wanted_at: Option<Timestamp>,
    /// Who wants it, if a person does.
    pub wanted_by: Option<UserId>,
    /// When the run began.
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// When a whole run was last over, and all that it had found was asked about; before `started_at` for the run before.
    pub closed_at: Option<Timestamp>,
    /// The highest id seen; of variations, the last parent's.
    pub position: i64,
    /// Rows of the listing that were passed; of variations, parents.
    pub done: i64,
    /// Rows that the store last announced.
    pub expected: Option<i64>,
    /// Differences found.
    pub drifted: i64,
}

impl Sweep {
    /// A walk that was never made.
    #[must_use]
    pub const fn never(purpose: Purpose, resource: Resource, listing: &'static str) -> Self {
        Self {
            purpose,
            resource,
            listing,
            run_id: None,
            wanted_at: None,
            wanted_by: None,
            started_at: None,
            finished_at: None,
            closed_at: None,
            position: 0,
            done: 0,
            expected: None,
            drifted: 0,
        }
    }

    /// Whether it is still to be made in its run.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.run_id.is_some() && self.finished_at.is_none()
    }

    /// Whether the run that it belongs to is over.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed_at.is_some_and(|closed| self.started_at.is_some_and(|started| closed >= started))
    }
}

/// Every walk of a store, for its people: both purposes, those never made included.
///
/// # Errors
/// As every statement.
pub async fn list_of(tx: &ReadTx, tenant: TenantId, store: StoreId) -> Result<Vec<Sweep>, DbError> {
    list(tx, tenant, store).await
}

/// Every walk of a store, for its actor.
///
/// # Errors
/// As every statement.
pub async fn all(tx: &TenantTx, store: StoreId) -> Result<Vec<Sweep>, DbError> {
    list(tx, tx.tenant, store).await
}

async fn list(tx: &Tx, tenant: TenantId, store: StoreId) -> Result<Vec<Sweep>, DbError> {
    let of = |purpose: Purpose| WALKS.map(|(resource, listing)| Sweep::never(purpose, resource, listing));
    let mut sweeps: Vec<Sweep> = Purpose::ALL.iter().flat_map(|purpose| of(*purpose)).collect();
    for row in &tx.query(include_str!("../queries/sweep/list.sql"), &[&tenant.uuid(), &store.uuid()]).await? {
        let purpose: &str = row.try_get("purpose")?;
        let resource: &str = row.try_get("resource")?;
        let listing: &str = row.try_get("listing")?;
        let is_it = |known: &&mut Sweep| {
            (known.purpose.as_str(), known.resource.as_str(), known.listing) == (purpose, resource, listing)
        };
        let Some(sweep) = sweeps.iter_mut().find(is_it) else {
            return Err(DbError::Inconsistent { table: "sweep", column: "resource" });
        };
        sweep.run_id = row.try_get("run_id")?;
        sweep.wanted_at = row.try_get("wanted_at")?;
        sweep.wanted_by = row.try_get::<_, Option<Uuid>>("wanted_by")?.map(UserId);
        sweep.started_at = row.try_get("started_at")?;
        sweep.finished_at = row.try_get("finished_at")?;
        sweep.closed_at = row.try_get("closed_at")?;
        sweep.position = row.try_get("position")?;
        sweep.done = row.try_get("done")?;
        sweep.expected = row.try_get("expected")?;
        sweep.drifted = row.try_get("drifted")?;
    }
    Ok(sweeps)
}

/// Wants a run of this purpose. One that is under way is finished first: it may have passed what this wish is about.
///
/// # Errors
/// As every statement.
pub async fn want(
    tx: &TenantTx,
    store: StoreId,
    purpose: Purpose,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<(), DbError> {
    let (resources, listings) = walks();
    tx.execute(
        include_str!("../queries/sweep/want.sql"),
        &[&tx.tenant.uuid(), &store.uuid(), &purpose.as_str(), &resources, &listings, &now, &by.map(UserId::uuid)],
    )
    .await?;
    Ok(())
}

/// The JSON of these records as we last stored it, by our id; orders, products, customers and coupons alike.
///
/// # Errors
/// As every statement.
pub async fn contents(tx: &TenantTx, ids: &[Uuid]) -> Result<HashMap<Uuid, String>, DbError> {
    let rows = tx.query(include_str!("../queries/sweep/contents.sql"), &[&tx.tenant.uuid(), &ids]).await?;
    rows.iter().map(|row| Ok((row.try_get("id")?, row.try_get("raw")?))).collect()
}

/// Begins a run and answers its id.
///
/// # Errors
/// As every statement.
pub async fn begin(tx: &TenantTx, store: StoreId, purpose: Purpose, now: Timestamp) -> Result<Uuid, DbError> {
    let (resources, listings) = walks();
    let run = Uuid::now_v7();
    tx.execute(
        include_str!("../queries/sweep/begin.sql"),
        &[&tx.tenant.uuid(), &store.uuid(), &purpose.as_str(), &resources, &listings, &run, &now],
    )
    .await?;
    Ok(run)
}

/// Moves a walk, in the transaction that stored what its page found.
///
/// # Errors
/// As every statement.
pub async fn save(tx: &TenantTx, store: StoreId, sweep: &Sweep) -> Result<(), DbError> {
    tx.execute(
        include_str!("../queries/sweep/save.sql"),
        &[
            &tx.tenant.uuid(),
            &store.uuid(),
            &sweep.purpose.as_str(),
            &sweep.resource.as_str(),
            &sweep.listing,
            &sweep.position,
            &sweep.done,
            &sweep.expected,
            &sweep.drifted,
            &sweep.finished_at,
        ],
    )
    .await?;
    Ok(())
}

/// Ends a run whose walks are all made.
///
/// # Errors
/// As every statement.
pub async fn close(tx: &TenantTx, store: StoreId, purpose: Purpose, now: Timestamp) -> Result<(), DbError> {
    let sql = include_str!("../queries/sweep/close.sql");
    tx.execute(sql, &[&tx.tenant.uuid(), &store.uuid(), &purpose.as_str(), &now]).await?;
    Ok(())
}

/// What we hold of one record, as far as a light listing could show that it is not current. Fields that its kind does not have are
/// empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRow {
    pub remote_id: RemoteId,
    /// The same id as a number.
    pub number: i64,
    pub modified_at: Option<Timestamp>,
    /// When our copy was last written.
    pub saved_at: Timestamp,
    pub status: String,
    /// A product's type.
    pub kind: String,
    pub total: Option<Decimal>,
    /// An order's, by id, sorted as texts.
    pub refunds: Vec<String>,
    pub price: Option<Decimal>,
    pub manage_stock: Option<ManageStock>,
    pub stock_quantity: Option<Decimal>,
    pub stock_status: String,
}

/// A stretch of one listing's ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Excluded.
    pub after: i64,
    /// Included.
    pub up_to: i64,
}

/// What we hold of a listing between two ids, in order of id, at most `limit` rows. Variations are read by [`held_variations`].
///
/// # Errors
/// As every statement.
pub async fn held(
    tx: &TenantTx,
    store: StoreId,
    resource: Resource,
    listing: &str,
    stretch: Stretch,
    limit: u32,
) -> Result<Vec<HeldRow>, DbError> {
    let (tenant, store, limit) = (tx.tenant.uuid(), store.uuid(), i64::from(limit));
    let (after, up_to, is_trash) = (stretch.after, stretch.up_to, listing == "trash");
    let rows = match resource {
        Resource::Orders => {
            let sql = include_str!("../queries/sweep/held_orders.sql");
            tx.query(sql, &[&tenant, &store, &after, &up_to, &is_trash, &limit]).await?
        }
        Resource::Products => {
            let sql = include_str!("../queries/sweep/held_products.sql");
            tx.query(sql, &[&tenant, &store, &after, &up_to, &is_trash, &limit]).await?
        }
        Resource::Coupons => {
            let sql = include_str!("../queries/sweep/held_coupons.sql");
            tx.query(sql, &[&tenant, &store, &after, &up_to, &is_trash, &limit]).await?
        }
        Resource::Customers => {
            let sql = include_str!("../queries/sweep/held_customers.sql");
            tx.query(sql, &[&tenant, &store, &after, &up_to, &limit]).await?
        }
        Resource::Variations => Vec::new(),
    };
    rows.iter().map(|row| held_row(row, resource)).collect()
}

/// The variations of one parent that we hold outside the trash.
///
/// # Errors
/// As every statement.
pub async fn held_variations(tx: &TenantTx, store: StoreId, parent: &RemoteId) -> Result<Vec<HeldRow>, DbError> {
    let sql = include_str!("../queries/sweep/held_variations.sql");
    let rows = tx.query(sql, &[&tx.tenant.uuid(), &store.uuid(), &parent.as_str()]).await?;
    rows.iter().map(|row| held_row(row, Resource::Variations)).collect()
}

fn held_row(row: &Row, resource: Resource) -> Result<HeldRow, DbError> {
    let bare = HeldRow {
        remote_id: RemoteId(row.try_get("remote_id")?),
        number: row.try_get("remote_number")?,
        modified_at: row.try_get("remote_modified_at")?,
        saved_at: row.try_get("saved_at")?,
        status: String::new(),
        kind: String::new(),
        total: None,
        refunds: Vec::new(),
        price: None,
        manage_stock: None,
        stock_quantity: None,
        stock_status: String::new(),
    };
    Ok(match resource {
        Resource::Orders => HeldRow {
            status: row.try_get("status")?,
            total: Some(row.try_get("total")?),
            refunds: row.try_get("refunds")?,
            ..bare
        },
        Resource::Products => HeldRow {
            status: row.try_get("status")?,
            kind: row.try_get("kind")?,
            price: row.try_get("price")?,
            manage_stock: row.try_get::<_, &str>("manage_stock")?.parse().ok(),
            stock_quantity: row.try_get("stock_quantity")?,
            stock_status: row.try_get("stock_status")?,
            ..bare
        },
        Resource::Coupons => HeldRow { status: row.try_get("status")?, ..bare },
        Resource::Customers | Resource::Variations => bare,
    })
}

/// The next variable product after an id, outside the trash: its id, and the same as a number.
///
/// # Errors
/// As every statement.
pub async fn next_parent(tx: &TenantTx, store: StoreId, after: i64) -> Result<Option<(RemoteId, i64)>, DbError> {
    let sql = include_str!("../queries/sweep/next_parent.sql");
    let row = tx.query_opt(sql, &[&tx.tenant.uuid(), &store.uuid(), &after]).await?;
    row.map(|row| Ok((RemoteId(row.try_get("remote_id")?), row.try_get("remote_number")?))).transpose()
}

/// How many variable products there are.
///
/// # Errors
/// As every statement.
pub async fn count_parents(tx: &TenantTx, store: StoreId) -> Result<i64, DbError> {
    let sql = include_str!("../queries/sweep/count_parents.sql");
    Ok(tx.query_one(sql, &[&tx.tenant.uuid(), &store.uuid()]).await?.try_get("parents")?)
}

fn walks() -> (Vec<&'static str>, Vec<&'static str>) {
    WALKS.iter().map(|(resource, listing)| (resource.as_str(), *listing)).unzip()
}
