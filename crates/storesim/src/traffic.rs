//! Life in the shops at a rate: mostly customers who buy, also states that move, stock, prices, refunds and the odd thing thrown away.
//!
//! Nobody oversells here: carts only hold what is in stock, and shelves are filled up when they run low.

use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rust_decimal::Decimal;

use crate::model::order::Status;
use crate::model::product;
use crate::model::refund::RefundRequest;
use crate::model::{Change, seed_catalog, seed_orders, words};
use crate::money;
use crate::shared::Shared;
use crate::store::Store;

/// How often the traffic looks at the clock.
const TICK: Duration = Duration::from_millis(10);
/// At most so many changes in one tick, however far behind.
const MAX_BURST: u32 = 200;
/// A shelf below this is filled up.
const LOW: i64 = 10;
/// Only orders among the latest so many move on.
const NUM_LIVELY: usize = 60;

/// Changes shops at the fleet's rate until the fleet stops.
pub(crate) async fn run(fleet: Arc<Shared>, seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed ^ 0x7261_6666_6963);
    let mut ticks = tokio::time::interval(TICK);
    let mut owed = 0.0_f64;
    let mut last = tokio::time::Instant::now();
    loop {
        let now = ticks.tick().await;
        let _changing = fleet.traffic.lock().await;
        let rate = fleet.rate();
        owed = due(owed, rate, now - last);
        last = now;
        let mut done = 0;
        while owed >= 1.0 && done < MAX_BURST {
            owed = due(owed, -1.0, Duration::from_secs(1));
            done += 1;
            let index = rng.random_range(0..fleet.num_stores().max(1)) + 1;
            if let Some(store) = fleet.store(index) {
                live(&store, &mut rng);
            }
        }
    }
}

#[expect(clippy::float_arithmetic, reason = "a rate is no amount of money")]
fn due(owed: f64, rate: f64, passed: Duration) -> f64 {
    if rate == 0.0 { 0.0 } else { owed + rate * passed.as_secs_f64() }
}

/// One thing that happens in a shop.
fn live(store: &Arc<Store>, rng: &mut StdRng) {
    store.change(|change| match rng.random_range(0..100) {
        0..58 => buy_something(change, rng),
        58..75 => move_an_order(change, rng),
        75..83 => count_a_shelf(change, rng),
        83..89 => reprice(change, rng),
        89..93 => refund_something(change, rng),
        93..96 => edit_a_product(change, rng),
        96..98 => edit_a_customer(change, rng),
        98 => trash_an_order(change, rng),
        _ => restore_or_trash_a_product(change, rng),
    });
}

/// A customer's checkout of things that are there.
pub(crate) fn buy_something(change: &mut Change<'_>, rng: &mut StdRng) {
    let on_sale: Vec<u64> =
        change.records.products.values().filter(|one| one.is_for_sale()).map(|one| one.id).collect();
    let mut cart = seed_orders::a_cart(change.records, change.profile, rng, &on_sale);
    for (id, quantity) in &mut cart.items {
        if let Some(left) = change.records.available(*id) {
            *quantity = (*quantity).min(left);
        }
    }
    let low: Vec<u64> = cart.items.iter().map(|(id, _)| *id).collect();
    let status =
        if cart.payment.is_some_and(|payment| payment.method == "bacs") { Status::OnHold } else { Status::Processing };
    // Refused only when nothing at all is for sale.
    let _ = change.check_out(cart, status);
    for id in low {
        restock_if_low(change, id, rng);
    }
}

fn restock_if_low(change: &mut Change<'_>, id: u64, rng: &mut StdRng) {
    if change.records.available(id).is_some_and(|left| left < LOW) {
        change.move_stock(id, rng.random_range(50..200));
    }
}

/// The latest orders in one of these states.
fn lively(change: &Change<'_>, states: &[Status]) -> Vec<u64> {
    let latest = change.records.orders.values().rev().take(NUM_LIVELY);
    latest.filter(|order| states.contains(&order.status)).map(|order| order.id).collect()
}

fn move_an_order(change: &mut Change<'_>, rng: &mut StdRng) {
    let movable = lively(change, &[Status::Pending, Status::OnHold, Status::Processing]);
    let Some(id) = movable.choose(rng).copied() else { return };
    let next = match change.records.orders.get(&id).map(|order| order.status) {
        Some(Status::Processing) => Status::Completed,
        _ if rng.random_bool(0.8) => Status::Processing,
        _ => Status::Cancelled,
    };
    // An order that never took its goods must not take more than there is.
    if next.holds_stock() && !change.has_goods(id) {
        return;
    }
    change.set_status(id, next);
    change.save_order(id, true);
}

fn count_a_shelf(change: &mut Change<'_>, rng: &mut StdRng) {
    let counted: Vec<u64> =
        change.records.products.values().filter(|one| one.manages_stock).map(|one| one.id).collect();
    if let Some(id) = counted.choose(rng) {
        let stock = rng.random_range(20..900);
        if let Some(one) = change.records.products.get_mut(id) {
            one.stock = stock;
        }
        change.save_product(*id);
    }
}

fn reprice(change: &mut Change<'_>, rng: &mut StdRng) {
    let priced: Vec<u64> =
        change.records.products.values().filter(|one| one.regular_price.is_some()).map(|one| one.id).collect();
    let Some(id) = priced.choose(rng).copied() else { return };
    let price = seed_catalog::a_price(change.profile, rng);
    let decimals = change.profile.decimals();
    if let Some(one) = change.records.products.get_mut(&id) {
        one.regular_price = Some(price);
        one.sale_price = rng.random_bool(0.2).then(|| money::round(price * Decimal::new(9, 1), decimals));
    }
    change.save_product(id);
}

fn refund_something(change: &mut Change<'_>, rng: &mut StdRng) {
    let paid = lively(change, &[Status::Processing, Status::Completed]);
    let Some(id) = paid.choose(rng).copied() else { return };
    let left = change.refundable(id).unwrap_or_default();
    let Some(line) = change.records.orders.get(&id).and_then(|order| order.lines.first()) else { return };
    let each = money::round(line.total / Decimal::from(line.quantity.max(1)), change.profile.decimals());
    if each <= Decimal::ZERO || each > left {
        return;
    }
    let reason = words::REASONS.choose(rng).copied().unwrap_or_default().to_owned();
    let request = RefundRequest { amount: None, reason, lines: vec![(line.id, 1, each)], restock: true };
    // What is left was looked at just now.
    let _ = change.refund(id, request);
}

fn edit_a_product(change: &mut Change<'_>, rng: &mut StdRng) {
    let ids: Vec<u64> =
        change.records.products.values().filter(|one| one.kind != product::Kind::Variation).map(|one| one.id).collect();
    let Some(id) = ids.choose(rng).copied() else { return };
    if let Some(one) = change.records.products.get_mut(&id) {
        one.short_description = format!("<p>Edited {}</p>\n", rng.random_range(1..1000)).into();
        let name = one.name.trim_end_matches(" ✨").to_owned();
        one.name = if rng.random_bool(0.5) { format!("{name} ✨").into() } else { name.into() };
    }
    change.save_product(id);
}

fn edit_a_customer(change: &mut Change<'_>, rng: &mut StdRng) {
    let ids: Vec<u64> = change.records.customers.keys().copied().collect();
    let Some(id) = ids.choose(rng).copied() else { return };
    if let Some(customer) = change.records.customers.get_mut(&id) {
        Arc::make_mut(&mut customer.billing).phone = format!("+1 555 {:04}", rng.random_range(0..10_000));
    }
    change.touch_customer(id);
}

fn trash_an_order(change: &mut Change<'_>, rng: &mut StdRng) {
    let dead = lively(change, &[Status::Cancelled, Status::Failed, Status::Refunded]);
    if let Some(id) = dead.choose(rng) {
        change.trash_order(*id);
    }
}

/// One product at a time lies in the trash; the next visit takes it out again.
fn restore_or_trash_a_product(change: &mut Change<'_>, rng: &mut StdRng) {
    let simple = |one: &&product::Product| one.kind == product::Kind::Simple;
    let products = || change.records.products.values().filter(simple);
    let trashed = products().find(|one| one.status == product::Status::Trash).map(|one| one.id);
    if let Some(id) = trashed {
        change.restore_product(id);
        return;
    }
    let ids: Vec<u64> = products().skip(1).map(|one| one.id).collect();
    if let Some(id) = ids.choose(rng) {
        change.trash_product(*id);
    }
}
