//! How many products stores hold, and in which state.

use std::collections::{BTreeMap, HashMap};

use storewire_domain::StoreId;
use uuid::Uuid;

use crate::{DbError, ReadTx, scope::Param};

/// The products of one store. Variations are counted with the product that they belong to, but where something is low.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assortment {
    pub store_id: StoreId,
    pub store_name: String,
    pub products: i64,
    /// How many are `publish`, `draft` and so on.
    pub by_status: BTreeMap<String, i64>,
    /// How many are `instock`, `outofstock` and so on.
    pub by_stock_status: BTreeMap<String, i64>,
    /// How many products and variations are at or below their level.
    pub low: i64,
}

/// What each store in the reader's sight holds, by name of the store.
///
/// # Errors
/// As every statement.
pub async fn stats(tx: &ReadTx, store: Option<StoreId>) -> Result<Vec<Assortment>, DbError> {
    let sight = tx.stores_in_sight();
    let one = store.map(StoreId::uuid);
    let (of_held, of_low): ([Param<'_>; 2], [Param<'_>; 1]) = ([&sight, &one], [&sight]);
    let (held, low) = tokio::join!(
        biased;
        tx.query(include_str!("../../queries/product/stats.sql"), &of_held),
        tx.query(include_str!("../../queries/product/stats_low.sql"), &of_low),
    );
    let mut few: HashMap<Uuid, i64> = HashMap::new();
    for row in &low? {
        few.insert(row.try_get("store_id")?, row.try_get("low")?);
    }
    let mut all: Vec<Assortment> = Vec::new();
    for row in &held? {
        let store_id = StoreId(row.try_get("id")?);
        if all.last().is_none_or(|one| one.store_id != store_id) {
            all.push(Assortment {
                store_id,
                store_name: row.try_get("name")?,
                products: 0,
                by_status: BTreeMap::new(),
                by_stock_status: BTreeMap::new(),
                low: few.get(&store_id.uuid()).copied().unwrap_or_default(),
            });
        }
        // A store without products has one row without a status.
        let (Some(one), Some(status)) = (all.last_mut(), row.try_get::<_, Option<String>>("status")?) else { continue };
        let count: i64 = row.try_get("products")?;
        one.products += count;
        *one.by_status.entry(status).or_default() += count;
        *one.by_stock_status.entry(row.try_get("stock_status")?).or_default() += count;
    }
    Ok(all)
}
