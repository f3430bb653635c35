//! Compares every copy with its shop: by count, and field by field.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use storesim::Fleet;
use storewire_db::orders::{self, OrderDetail, OrderFilter};
use storewire_db::products::{self, ProductFilter, ProductSummary};
use storewire_db::{Db, ReadTx};
use storewire_domain::{Order, Product, StoreId};
use storewire_woo::decode;

use super::connecting::Connected;
use super::truth::{self, Truth};
use crate::failure::Outcome;
use crate::lifecycle::Lifecycle;

const LOOK_EVERY: Duration = Duration::from_millis(500);
const PAGE: u32 = 200;

/// Looks again and again until nothing differs, or the time is over: then what still differs.
pub async fn until_equal(
    db: &Db,
    fleet: &Fleet,
    stores: &[Connected],
    within: Duration,
    lifecycle: &Lifecycle,
) -> Outcome<Vec<String>> {
    let deadline = Instant::now() + within;
    loop {
        let mut differences = Vec::new();
        for store in stores {
            let (shops, index) = (fleet.addr(), store.index);
            let truth = tokio::task::spawn_blocking(move || truth::of_shop(shops, index)).await??;
            let found = compare(db, store.id, &truth).await?;
            differences.extend(found.into_iter().map(|text| format!("shop {index}: {text}")));
        }
        if differences.is_empty() || Instant::now() >= deadline {
            return Ok(differences);
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = lifecycle.stopping() => return Ok(differences),
        }
    }
}

async fn compare(db: &Db, store: StoreId, truth: &Truth) -> Outcome<Vec<String>> {
    let tx = db.platform().await?;
    let mut differences = Vec::new();
    let copies = copied_orders(&tx, store).await?;
    let copied: BTreeSet<&String> = copies.keys().collect();
    differ_in_ids("order", &truth.orders.keys().collect(), &copied, &mut differences);
    for (id, copy) in &copies {
        if let Some(original) = truth.orders.get(id)
            && !is_same_order(original, copy)
        {
            differences.push(format!("order {id} differs"));
        }
    }
    let copies = copied_products(&tx, store).await?;
    let alive: BTreeMap<&String, &Product> =
        truth.products.iter().filter(|(_, product)| !product.is_trashed()).collect();
    differ_in_ids("product", &alive.keys().copied().collect(), &copies.keys().collect(), &mut differences);
    for (id, copy) in &copies {
        if let Some(original) = alive.get(id)
            && !is_same_product(original, copy)
        {
            differences.push(format!("product {id} differs"));
        }
    }
    tx.commit().await?;
    Ok(differences)
}

fn differ_in_ids(noun: &str, originals: &BTreeSet<&String>, copies: &BTreeSet<&String>, into: &mut Vec<String>) {
    into.extend(originals.difference(copies).map(|id| format!("{noun} {id} has no copy")));
    into.extend(copies.difference(originals).map(|id| format!("{noun} {id} is in the copy only")));
}

/// All of them with lines and refunds, the trashed ones too.
async fn copied_orders(tx: &ReadTx, store: StoreId) -> Outcome<BTreeMap<String, OrderDetail>> {
    let mut found = BTreeMap::new();
    for status in [None, Some("trash".to_owned())] {
        let mut filter = OrderFilter { store: Some(store), status, limit: PAGE, ..OrderFilter::default() };
        loop {
            let page = orders::list(tx, &filter).await?;
            let Some(last) = page.last() else { break };
            filter.after = Some((last.created_at, last.id));
            for summary in page {
                if let Some(detail) = orders::find(tx, summary.id).await? {
                    found.insert(summary.remote_id, detail);
                }
            }
        }
    }
    Ok(found)
}

/// Products and their variations.
async fn copied_products(tx: &ReadTx, store: StoreId) -> Outcome<BTreeMap<String, ProductSummary>> {
    let mut found = BTreeMap::new();
    let mut filter = ProductFilter { store: Some(store), limit: PAGE, ..ProductFilter::default() };
    loop {
        let page = products::list(tx, &filter).await?;
        let Some(last) = page.last() else { return Ok(found) };
        filter.after = Some((last.sort_name.clone(), last.id));
        for summary in page {
            if summary.variation_count > 0
                && let Some(detail) = products::find(tx, summary.id).await?
            {
                found.extend(detail.variations.into_iter().map(|one| (one.remote_id.clone(), one)));
            }
            found.insert(summary.remote_id.clone(), summary);
        }
    }
}

/// The stored columns and lines are laid over the stored original, so that either one's fault shows.
fn is_same_order(original: &Order, copy: &OrderDetail) -> bool {
    let Ok(stored) = decode::order(copy.raw.as_bytes()) else { return false };
    let rebuilt = Order {
        number: copy.summary.number.clone(),
        status: copy.summary.status.clone(),
        currency: copy.summary.currency.clone(),
        total: copy.summary.total,
        total_tax: copy.total_tax,
        shipping_total: copy.shipping_total,
        discount_total: copy.discount_total,
        billing: copy.billing.clone(),
        shipping: copy.shipping.clone(),
        paid_at: copy.paid_at,
        completed_at: copy.completed_at,
        payment_method_title: copy.payment_method_title.clone(),
        transaction_id: copy.transaction_id.clone(),
        customer_note: copy.customer_note.clone(),
        lines: copy.lines.clone(),
        refunds: copy.refunds.clone(),
        ..stored.value
    };
    rebuilt.canonical().as_bytes() == original.canonical().as_bytes()
        && copy.summary.trashed_at.is_some() == original.is_trashed()
}

fn is_same_product(original: &Product, copy: &ProductSummary) -> bool {
    original.sku == copy.sku
        && original.kind == copy.kind
        && original.status == copy.status
        && original.price == copy.price
        && original.regular_price == copy.regular_price
        && original.sale_price == copy.sale_price
        && original.manage_stock == copy.manage_stock
        && original.stock_quantity == copy.stock_quantity
        && original.stock_status == copy.stock_status
        // A variation's own name is made of its parent's by some versions.
        && (original.parent_remote_id.is_some() || original.name == copy.name)
}
