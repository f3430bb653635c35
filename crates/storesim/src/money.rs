//! Amounts as WooCommerce rounds and prints them.

use rust_decimal::{Decimal, RoundingStrategy};

/// Rounded to the store's decimals, halves away from zero.
#[must_use]
pub fn round(amount: Decimal, decimals: u32) -> Decimal {
    amount.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

/// An order's amount: always with the store's decimals (`"17.00"`).
#[must_use]
pub fn fixed(amount: Decimal, decimals: u32) -> String {
    let rounded = round(amount, decimals);
    format!(
        "{:.*}",
        usize::try_from(decimals).unwrap_or_default(),
        if rounded.is_zero() { Decimal::ZERO } else { rounded }
    )
}

/// A product's price: as typed, without trailing zeros (`"23.5"`), empty when there is none.
#[must_use]
pub fn price(amount: Option<Decimal>) -> String {
    amount.map(|amount| amount.normalize().to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_carry_the_decimals_of_the_store() {
        assert_eq!(fixed(Decimal::new(17, 0), 2), "17.00");
        assert_eq!(fixed(Decimal::new(12_345, 1), 0), "1235");
        assert_eq!(fixed(Decimal::new(1_2345, 4), 3), "1.235");
        assert_eq!(fixed(Decimal::new(-4, 3), 2), "0.00");
        assert_eq!(price(Some(Decimal::new(2350, 2))), "23.5");
        assert_eq!(price(None), "");
    }
}
