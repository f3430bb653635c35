//! Compares versions of records with what we hold and sorts them by what is to be done.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use storewire_db::{DbError, TenantTx, coupons, customers, orders, products};
use storewire_domain::{RemoteId, Source};
use uuid::Uuid;

use super::{
    context::{Desk, StoreContext},
    decide::{Decision, Trust, decide},
    record::{Held, Key, Noun, Record},
};

/// A version of a record that reached us.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub(crate) record: Record,
    pub(crate) trust: Trust,
    pub(crate) source: Source,
    pub(crate) received_at: Timestamp,
}

/// A version that replaces what we hold.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) incoming: Incoming,
    pub(crate) content_hash: [u8; 32],
    pub(crate) held: Option<Held>,
    /// The id of its row if it has none yet.
    pub(crate) fresh_id: Uuid,
}

/// What is to be done, nothing of it done yet.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) store: Vec<Planned>,
    /// Same content, later modification time.
    pub(crate) touch: Vec<Planned>,
    /// Gone in the store, held by us.
    pub(crate) delete: Vec<(Key, Held, Source, Timestamp)>,
    /// Only the store can tell; where word of them came from.
    pub(crate) ask: Vec<(Key, Source)>,
    /// Changes nothing, and why.
    pub(crate) ignored: BTreeMap<Key, &'static str>,
}

impl Planned {
    fn new(incoming: Incoming, content_hash: [u8; 32], held: Option<Held>) -> Self {
        Self { incoming, content_hash, held, fresh_id: Uuid::now_v7() }
    }
}

/// Decides about each version. At most one version per record. What it finds holds as long as the desk does.
pub(crate) async fn compare(
    context: &StoreContext,
    _desk: &Desk<'_>,
    incoming: Vec<Incoming>,
) -> Result<Plan, DbError> {
    let keys = keys(&incoming);
    Ok(plan(holdings(context, &keys).await?, incoming))
}

/// The same within a transaction that is to write what comes of it.
pub(crate) async fn compare_within(
    tx: &TenantTx,
    context: &StoreContext,
    incoming: Vec<Incoming>,
) -> Result<Plan, DbError> {
    let keys = keys(&incoming);
    Ok(plan(holdings_within(tx, context, &keys).await?, incoming))
}

fn keys(incoming: &[Incoming]) -> Vec<Key> {
    incoming.iter().map(|version| version.record.key()).collect()
}

/// The same against holdings that were read already. Pure.
pub(crate) fn plan(mut held: HashMap<Key, Held>, incoming: Vec<Incoming>) -> Plan {
    let mut plan = Plan::default();
    for version in incoming {
        let key = version.record.key();
        let held = held.remove(&key);
        if held.is_none() && version.record.is_draft() {
            plan.ignored.insert(key, "draft");
            continue;
        }
        let content_hash = version.record.content_hash();
        let holding = held.as_ref().map(Held::holding);
        let modified_at = version.record.modified_at();
        match decide(holding, modified_at, &content_hash, version.trust) {
            Decision::Store => plan.store.push(Planned::new(version, content_hash, held)),
            Decision::Touch => plan.touch.push(Planned::new(version, content_hash, held)),
            Decision::Ignore(reason) => {
                plan.ignored.insert(key, reason);
            }
            Decision::Ask => plan.ask.push((key, version.source)),
        }
    }
    plan
}

/// What we hold of these records.
pub(crate) async fn holdings(context: &StoreContext, keys: &[Key]) -> Result<HashMap<Key, Held>, DbError> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let tx = context.shared.db.tenant(context.tenant).await?;
    let held = holdings_within(&tx, context, keys).await?;
    tx.commit().await?;
    Ok(held)
}

async fn holdings_within(tx: &TenantTx, context: &StoreContext, keys: &[Key]) -> Result<HashMap<Key, Held>, DbError> {
    let of = |noun: Noun| -> Vec<&RemoteId> { keys.iter().filter(|(of, _)| *of == noun).map(|(_, id)| id).collect() };
    let (orders, products) = (of(Noun::Order), of(Noun::Product));
    let (customers, coupons) = (of(Noun::Customer), of(Noun::Coupon));
    let (orders, products, customers, coupons) = tokio::try_join!(
        biased;
        orders::versions(tx, context.store, &orders),
        products::versions(tx, context.store, &products),
        customers::versions(tx, context.store, &customers),
        coupons::versions(tx, context.store, &coupons),
    )?;
    let mut held = HashMap::with_capacity(keys.len());
    held.extend(orders.into_iter().map(|(id, version)| ((Noun::Order, id), Held::from(version))));
    held.extend(products.into_iter().map(|(id, version)| ((Noun::Product, id), Held::from(version))));
    held.extend(customers.into_iter().map(|(id, version)| ((Noun::Customer, id), Held::from(version))));
    held.extend(coupons.into_iter().map(|(id, version)| ((Noun::Coupon, id), Held::from(version))));
    Ok(held)
}
