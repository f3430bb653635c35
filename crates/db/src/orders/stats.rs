//! What orders add up to: store by store, by each store's own days, and never across currencies.

use std::collections::{BTreeMap, HashMap};

use jiff::{Timestamp, tz::TimeZone};
use rust_decimal::Decimal;
use storewire_domain::{
    StoreId,
    order::is_sale,
    zone::{Days, site_zone},
};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, ReadTx};

/// What is added up.
#[derive(Clone, Copy, Debug, Default)]
pub struct SalesFilter {
    pub store: Option<StoreId>,
    /// By each store's own clock; `None` for the last 30 days, today among them.
    pub days: Option<Days>,
}

/// What the orders of one store in one currency add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sales {
    pub store_id: StoreId,
    pub store_name: String,
    /// ISO 4217; the store's own for a store that sold nothing.
    pub currency: String,
    pub days: Days,
    /// How many orders were sold: those whose status [`is_sale`].
    pub orders: i64,
    /// What they came to, less what was given back of them; in `currency`.
    pub gross: Decimal,
    /// How many orders have each status, whatever it means.
    pub by_status: BTreeMap<String, i64>,
}

/// The days that are added up if nobody says which.
const USUAL_DAYS: u16 = 30;

/// A store and the time that is added up there.
struct Asked {
    tenant: Uuid,
    store: StoreId,
    name: String,
    currency: String,
    days: Days,
    bounds: (Timestamp, Timestamp),
}

/// The orders of one store that have one currency and one status.
struct Counted {
    currency: String,
    status: String,
    orders: i64,
    total: Decimal,
    given_back: Decimal,
}

/// Adds up what the stores in the reader's sight sold: by name of the store, then by currency. A store that sold nothing is there with none.
///
/// # Errors
/// As every statement.
pub async fn sales(tx: &ReadTx, filter: &SalesFilter, now: Timestamp) -> Result<Vec<Sales>, DbError> {
    let stores = tx.stores_in_sight();
    let asked: Vec<Asked> = tx
        .query(include_str!("../../queries/order/stats_stores.sql"), &[&stores, &filter.store.map(StoreId::uuid)])
        .await?
        .iter()
        .map(|row| asked(row, filter.days, now))
        .collect::<Result<_, _>>()?;
    let column = |value: fn(&Asked) -> Uuid| asked.iter().map(value).collect::<Vec<_>>();
    let moments = |value: fn(&Asked) -> Timestamp| asked.iter().map(value).collect::<Vec<_>>();
    let rows = tx
        .query(
            include_str!("../../queries/order/stats.sql"),
            &[
                &column(|one| one.tenant),
                &column(|one| one.store.uuid()),
                &moments(|one| one.bounds.0),
                &moments(|one| one.bounds.1),
            ],
        )
        .await?;
    let mut found: HashMap<StoreId, Vec<Counted>> = HashMap::new();
    for row in &rows {
        found.entry(StoreId(row.try_get("store_id")?)).or_default().push(counted(row)?);
    }
    Ok(asked.iter().flat_map(|one| one.summed(found.remove(&one.store).unwrap_or_default())).collect())
}

fn asked(row: &Row, days: Option<Days>, now: Timestamp) -> Result<Asked, DbError> {
    // A store whose zone nobody knows any more has days all the same.
    let zone = site_zone(row.try_get("timezone")?).unwrap_or(TimeZone::UTC);
    let days = days.unwrap_or_else(|| Days::until(now, &zone, USUAL_DAYS));
    Ok(Asked {
        tenant: row.try_get("tenant_id")?,
        store: StoreId(row.try_get("id")?),
        name: row.try_get("name")?,
        currency: row.try_get("currency")?,
        days,
        bounds: days.bounds(&zone).unwrap_or((now, now)),
    })
}

fn counted(row: &Row) -> Result<Counted, DbError> {
    Ok(Counted {
        currency: row.try_get("currency")?,
        status: row.try_get("status")?,
        orders: row.try_get("orders")?,
        total: row.try_get("total")?,
        given_back: row.try_get("given_back")?,
    })
}

impl Asked {
    /// One entry per currency, in the order in which they come; one of nothing if nothing does.
    fn summed(&self, counted: Vec<Counted>) -> Vec<Sales> {
        let mut all: Vec<Sales> = Vec::new();
        for one in counted {
            if all.last().is_none_or(|sales| sales.currency != one.currency) {
                all.push(self.nothing(&one.currency));
            }
            if let Some(sales) = all.last_mut() {
                sales.add(one);
            }
        }
        if all.is_empty() {
            all.push(self.nothing(&self.currency));
        }
        all
    }

    fn nothing(&self, currency: &str) -> Sales {
        Sales {
            store_id: self.store,
            store_name: self.name.clone(),
            currency: currency.to_owned(),
            days: self.days,
            orders: 0,
            gross: Decimal::ZERO,
            by_status: BTreeMap::new(),
        }
    }
}

impl Sales {
    fn add(&mut self, one: Counted) {
        if is_sale(&one.status) {
            self.orders = self.orders.saturating_add(one.orders);
            self.gross = self.gross.saturating_add(one.total).saturating_sub(one.given_back);
        }
        self.by_status.insert(one.status, one.orders);
    }
}
