//! The order history of a shop: weeks of carts, payments, completions, cancellations and refunds.

use std::sync::Arc;

use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rust_decimal::Decimal;
use serde_json::json;

use crate::model::order::{PAYMENTS, Status};
use crate::model::product::{Kind, Status as ProductStatus};
use crate::model::profile::Profile;
use crate::model::purchase::Cart;
use crate::model::refund::RefundRequest;
use crate::model::{Change, Records, seed, words};

/// Makes `count` orders, oldest first, all before `until`.
pub fn orders(records: &mut Records, profile: &Profile, rng: &mut StdRng, count: usize, until: i64) {
    let on_sale: Vec<u64> = records
        .products
        .values()
        .filter(|product| product.kind != Kind::Variable && product.status == ProductStatus::Publish)
        .map(|product| product.id)
        .collect();
    // What the catalogue looked like is what stays: old sales are already counted in it.
    let shelves = records.products.clone();
    let mut times: Vec<i64> = (0..count).map(|_| until - rng.random_range(600..seed::HISTORY)).collect();
    times.sort_unstable();
    for placed in times {
        let cart = a_cart(records, profile, rng, &on_sale);
        let status = *rng.sample(Weighted);
        let mut change = Change::new(records, profile, placed);
        let id = change.compose(cart);
        let step = rng.random_range(60..600);
        change.now = placed + step;
        if rng.random_bool(0.4) {
            change.add_order_meta(id, "gift", json!({"n": rng.random_range(1..9), "to": "Ali"}));
        }
        change.set_status(id, status);
        if matches!(status, Status::Completed) && rng.random_bool(0.15) {
            refund_some(&mut change, rng, id);
        }
        if rng.random_bool(0.01) {
            change.trash_order(id);
        }
        if let Some(order) = change.records.orders.get_mut(&id) {
            order.modified = placed + step;
            if order.paid.is_some() {
                order.transaction_id = format!("tx{}", rng.random_range(100_000_000..2_000_000_000_u32)).into();
            }
        }
        change.count_sales(id);
    }
    for (id, shelf) in shelves {
        if let Some(product) = records.products.get_mut(&id) {
            product.stock = shelf.stock;
            product.modified = shelf.modified;
        }
    }
}

/// Most orders are finished.
struct Weighted;

impl rand::distr::Distribution<&'static Status> for Weighted {
    fn sample<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> &'static Status {
        match rng.random_range(0..100) {
            0..45 => &Status::Completed,
            45..68 => &Status::Processing,
            68..78 => &Status::OnHold,
            78..86 => &Status::Pending,
            86..93 => &Status::Cancelled,
            93..97 => &Status::Failed,
            _ => &Status::Refunded,
        }
    }
}

/// A cart of a customer or a guest: one to four things, mostly with shipping, sometimes a coupon or a gift wrap.
pub fn a_cart(records: &Records, profile: &Profile, rng: &mut StdRng, on_sale: &[u64]) -> Cart {
    let unit = Decimal::from(profile.place.currency.unit);
    let customer = rng.random_bool(0.6).then(|| {
        let customers: Vec<_> = records.customers.values().collect();
        customers
            .choose(rng)
            .map(|customer| (customer.id, Arc::clone(&customer.billing), Arc::clone(&customer.shipping)))
    });
    let (customer_id, billing, shipping) = customer.flatten().unwrap_or_else(|| {
        let billing = seed::address(profile, rng);
        let shipping = crate::model::address::Address { email: String::new(), phone: String::new(), ..billing.clone() };
        (0, Arc::new(billing), Arc::new(shipping))
    });
    let mut items: Vec<(u64, i64)> = Vec::new();
    for _ in 0..rng.random_range(1..=4) {
        if let Some(id) = on_sale.choose(rng)
            && !items.iter().any(|(taken, _)| taken == id)
        {
            items.push((*id, rng.random_range(1..=3)));
        }
    }
    Cart {
        items,
        customer_id,
        billing,
        shipping,
        payment: PAYMENTS.choose(rng),
        coupon: rng.random_bool(0.2).then(|| (*["özel20", "fiveoff"].choose(rng).unwrap_or(&"fiveoff")).to_owned()),
        shipping_cost: rng.random_bool(0.9).then(|| Decimal::from(7) * unit),
        fee: rng.random_bool(0.1).then(|| ("Gift wrap", Decimal::from(2) * unit)),
        created_via: "checkout",
        note: words::NOTES.choose(rng).copied().unwrap_or_default().into(),
    }
}

fn refund_some(change: &mut Change<'_>, rng: &mut StdRng, id: u64) {
    let Some(line) = change.records.orders.get(&id).and_then(|order| order.lines.first()) else { return };
    let each = crate::money::round(line.total / Decimal::from(line.quantity.max(1)), change.profile.decimals());
    let reason = words::REASONS.choose(rng).copied().unwrap_or_default().to_owned();
    let request = RefundRequest { amount: None, reason, lines: vec![(line.id, 1, each)], restock: false };
    // A free line refunds nothing; the history simply has one refund less.
    let _ = change.refund(id, request);
}
