//! Compares every copy with its shop: by count, and field by field.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rust_decimal::Decimal;
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
        if let Some(difference) = truth.orders.get(id).and_then(|original| order_difference(original, copy)) {
            differences.push(format!("order {id}: {difference}"));
        }
    }
    let copies = copied_products(&tx, store).await?;
    let alive: BTreeMap<&String, &Product> =
        truth.products.iter().filter(|(_, product)| !product.is_trashed()).collect();
    differ_in_ids("product", &alive.keys().copied().collect(), &copies.keys().collect(), &mut differences);
    for (id, copy) in &copies {
        if let Some(difference) = alive.get(id).and_then(|original| product_difference(original, copy)) {
            differences.push(format!("product {id}: {difference}"));
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
fn order_difference(original: &Order, copy: &OrderDetail) -> Option<String> {
    let Ok(stored) = decode::order(copy.raw.as_bytes()) else {
        return Some("the stored original cannot be read".to_owned());
    };
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
    if copy.summary.trashed_at.is_some() != original.is_trashed() {
        return Some(format!("is trashed in {} only", if original.is_trashed() { "the shop" } else { "the copy" }));
    }
    let (in_shop, in_copy) = (original.canonical(), rebuilt.canonical());
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect::<Vec<_>>();
    let (in_shop, in_copy) = (lines(in_shop.as_bytes()), lines(in_copy.as_bytes()));
    let missing = |from: &[String], there: &[String]| from.iter().find(|line| !there.contains(line)).cloned();
    match (missing(&in_shop, &in_copy), missing(&in_copy, &in_shop)) {
        (None, None) => None,
        (shop, copy) => Some(format!("{shop:?} in the shop, {copy:?} in the copy")),
    }
}

/// The first field that differs, with both values.
fn product_difference(original: &Product, copy: &ProductSummary) -> Option<String> {
    let number =
        |value: Option<Decimal>| value.map_or_else(|| "none".to_owned(), |value| value.normalize().to_string());
    let name = |is_variation: bool, name: &str| if is_variation { String::new() } else { name.to_owned() };
    let fields = [
        ("kind", original.kind.clone(), copy.kind.clone()),
        ("sku", original.sku.clone(), copy.sku.clone()),
        ("status", original.status.clone(), copy.status.clone()),
        ("price", number(original.price), number(copy.price)),
        ("regular_price", number(original.regular_price), number(copy.regular_price)),
        ("sale_price", number(original.sale_price), number(copy.sale_price)),
        ("manage_stock", original.manage_stock.to_string(), copy.manage_stock.to_string()),
        ("stock_quantity", number(original.stock_quantity), number(copy.stock_quantity)),
        ("stock_status", original.stock_status.clone(), copy.stock_status.clone()),
        // A variation is named after its parent too, or not: by version, and by the way it is asked for.
        ("name", name(original.parent_remote_id.is_some(), &original.name), name(copy.parent_id.is_some(), &copy.name)),
    ];
    let (field, in_shop, in_copy) = fields.into_iter().find(|(_, in_shop, in_copy)| in_shop != in_copy)?;
    Some(format!("{field} is {in_shop:?} in the shop and {in_copy:?} in the copy"))
}
