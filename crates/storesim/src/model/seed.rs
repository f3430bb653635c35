//! What a shop holds on its first day: the same for the same seed, made when somebody first looks.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use std::sync::Arc;

use crate::model::address::Address;
use crate::model::customer::Customer;
use crate::model::profile::Profile;
use crate::model::{Records, seed_catalog, seed_orders, words};

const DAY: i64 = 86_400;
/// How far back the orders reach.
pub const HISTORY: i64 = 42 * DAY;

/// How much to make.
#[derive(Clone, Copy, Debug)]
pub struct Amounts {
    pub orders: usize,
    pub products: usize,
}

/// Fills a shop. Everything happened before `until`.
#[must_use]
pub fn fill(profile: &Profile, seed: u64, amounts: Amounts, until: i64) -> Records {
    let shop = u64::try_from(profile.index).unwrap_or_default();
    let mut rng = StdRng::seed_from_u64(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(shop));
    let mut records = Records::default();
    let start = until - HISTORY;
    customers(&mut records, profile, &mut rng, amounts.orders.div_ceil(3).clamp(2, 40), start);
    seed_catalog::products(&mut records, profile, &mut rng, amounts.products, start);
    seed_catalog::coupons(&mut records, profile, start);
    seed_orders::orders(&mut records, profile, &mut rng, amounts.orders, until);
    records
}

fn customers(records: &mut Records, profile: &Profile, rng: &mut StdRng, count: usize, start: i64) {
    for number in 1..=count {
        let created = start - rng.random_range(1..300 * DAY);
        let mut billing = address(profile, rng);
        billing.email = format!("customer{number}@shop{}.test", profile.index);
        let id = records.ids.user();
        let mut customer = Customer::new(id, billing.email.clone(), created);
        customer.first_name.clone_from(&billing.first_name);
        customer.last_name.clone_from(&billing.last_name);
        customer.modified = rng.random_bool(0.8).then(|| created + rng.random_range(0..DAY));
        customer.shipping = Arc::new(Address { email: String::new(), phone: String::new(), ..billing.clone() });
        customer.billing = Arc::new(billing);
        records.customers.insert(id, customer);
    }
}

/// Somebody's address: mostly at home, some abroad (untaxed).
pub fn address(profile: &Profile, rng: &mut StdRng) -> Address {
    let place = profile.place;
    let is_home = rng.random_bool(0.7);
    let (city, state, postcode, country) =
        if is_home { (place.city, place.state, place.postcode, place.country) } else { ("Zürich", "", "8001", "CH") };
    let first_name = words::FIRST_NAMES.choose(rng).copied().unwrap_or_default();
    let last_name = words::LAST_NAMES.choose(rng).copied().unwrap_or_default();
    Address {
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        company: String::new(),
        address_1: format!("{} Cadde Sk.", rng.random_range(1..90)),
        address_2: String::new(),
        city: city.to_owned(),
        state: state.to_owned(),
        postcode: postcode.to_owned(),
        country: country.to_owned(),
        email: format!("guest{}@shop{}.test", rng.random_range(1..100_000), profile.index),
        phone: format!("+1 555 {:04}", rng.random_range(0..10_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_shop_and_another_seed_another() {
        let profile = Profile::new(7, 2, "127.0.0.1:1");
        let amounts = Amounts { orders: 30, products: 12 };
        let print = |seed| format!("{:?}", fill(&profile, seed, amounts, 1_800_000_000));
        assert_eq!(print(1), print(1));
        assert_ne!(print(1), print(2));
    }

    #[test]
    fn a_seeded_shop_has_every_kind_of_line_and_nothing_of_the_future() {
        let profile = Profile::new(1, 1, "127.0.0.1:1");
        let records = fill(&profile, 1, Amounts { orders: 120, products: 24 }, 1_800_000_000);
        let orders: Vec<_> = records.orders.values().collect();
        assert_eq!(orders.len(), 120);
        assert!(orders.iter().any(|order| !order.fee_lines.is_empty()));
        assert!(orders.iter().any(|order| !order.coupon_lines.is_empty()));
        assert!(
            orders.iter().any(|order| order.tax_line.is_some()) && orders.iter().any(|order| order.tax_line.is_none())
        );
        assert!(orders.iter().any(|order| order.customer_id == 0) && orders.iter().any(|order| order.customer_id != 0));
        assert!(orders.iter().any(|order| !order.refunds.is_empty()));
        assert!(orders.iter().any(|order| order.lines.iter().any(|line| line.variation_id != 0)));
        assert!(orders.iter().all(|order| order.modified < 1_800_000_000 && order.created <= order.modified));
        assert!(records.products.values().all(|product| product.modified < 1_800_000_000));
        assert!(records.orders.keys().all(|id| !records.products.contains_key(id)), "one numbering for both");
    }
}
