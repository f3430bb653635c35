//! Stock: why a count moved, how a person moves one, and when it is low.

pub mod file;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Edit, intent::EditFault, remote::text_enum};

text_enum! {
    /// What moved a count.
    pub enum MoveReason {
        /// Sold, or changed by somebody in the shop.
        Shop = "shop",
        /// Found by a walk: when and why is not known.
        Drift = "drift",
        /// A person's edit.
        Edit = "edit",
        /// A merchant's request that was approved.
        Request = "request",
        /// A file of counts.
        Import = "import",
        /// Returned goods that were put back.
        Return = "return",
    }
}

text_enum! {
    /// What a line of a file of counts comes to.
    pub enum ImportFinding {
        /// It would be written.
        Change = "change",
        /// The store has that count.
        Same = "same",
        /// No product of the store has the SKU.
        Unknown = "unknown",
        /// More than one has.
        Ambiguous = "ambiguous",
        /// The file names the SKU more than once: none of its lines is written.
        Doubled = "doubled",
        /// What it gives is no count.
        BadNumber = "bad_number",
        /// The store does not count this product's stock.
        NotCounted = "not_counted",
        /// The variable product counts for all its variations.
        CountedByParent = "counted_by_parent",
    }
}

text_enum! {
    /// What became of a file of counts.
    pub enum ImportState {
        /// Looked at; nothing of it was written.
        Previewed = "previewed",
        /// Some of its lines are on their way, and the others not yet.
        Writing = "writing",
        /// All that is to be written is on its way.
        Written = "written",
        /// Put away by a person.
        Dropped = "dropped",
    }
}

/// How a person moves a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adjustment {
    /// That many there are.
    To(Decimal),
    /// That many came.
    Add(Decimal),
    /// That many went.
    Take(Decimal),
}

impl Adjustment {
    /// The count that shall be there, where `held` is there now.
    ///
    /// # Errors
    /// What is added or taken is negative, or what comes out is no count that a store can keep.
    pub fn apply(self, held: Decimal) -> Result<Decimal, EditFault> {
        let (by, quantity) = match self {
            Self::To(count) => (Decimal::ZERO, Some(count)),
            Self::Add(count) => (count, held.checked_add(count)),
            Self::Take(count) => (count, held.checked_sub(count)),
        };
        if by < Decimal::ZERO {
            return Err(EditFault::Negative);
        }
        let quantity = quantity.ok_or(EditFault::TooLarge)?;
        check(quantity).map(|()| quantity)
    }
}

/// Whether a store can keep a count: the rule is that of the edit that writes it.
fn check(quantity: Decimal) -> Result<(), EditFault> {
    // Digits after the point are those of prices, which a count has nothing to do with.
    Edit::Stock { quantity }.check(0).map_err(|rejected| rejected.fault)
}

/// Whether a count is at or below its level. Where nothing is counted or no level is set, nothing is low.
#[must_use]
pub fn is_low(level: Option<Decimal>, quantity: Option<Decimal>) -> bool {
    level.zip(quantity).is_some_and(|(level, quantity)| quantity <= level)
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::RngSeed};

    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn counts_are_set_added_to_and_taken_from() {
        let held = number("7");
        for (adjustment, wanted) in [
            (Adjustment::To(number("20")), Ok("20")),
            (Adjustment::To(number("0")), Ok("0")),
            (Adjustment::Add(number("2.5")), Ok("9.5")),
            (Adjustment::Take(number("7")), Ok("0")),
            (Adjustment::Take(number("7.5")), Err(EditFault::Negative)),
            (Adjustment::To(number("-1")), Err(EditFault::Negative)),
            (Adjustment::Add(number("-1")), Err(EditFault::Negative)),
            (Adjustment::Take(number("-1")), Err(EditFault::Negative)),
            (Adjustment::Add(Decimal::MAX), Err(EditFault::TooLarge)),
            (Adjustment::To(number("100000000000")), Err(EditFault::TooLarge)),
            (Adjustment::To(number("0.0000001")), Err(EditFault::TooPrecise)),
        ] {
            assert_eq!(adjustment.apply(held), wanted.map(number), "{adjustment:?}");
        }
    }

    #[test]
    fn back_orders_are_made_up_for_first() {
        assert_eq!(Adjustment::Add(number("5")).apply(number("-2")), Ok(number("3")));
        assert_eq!(Adjustment::Add(number("1")).apply(number("-2")), Err(EditFault::Negative));
    }

    #[test]
    fn a_count_is_low_from_its_level_down_and_only_if_both_are_known() {
        let low = |level: Option<&str>, quantity: Option<&str>| is_low(level.map(number), quantity.map(number));
        assert!(low(Some("5"), Some("5")) && low(Some("5"), Some("-3")) && low(Some("0"), Some("0")));
        assert!(!low(Some("5"), Some("5.1")) && !low(Some("5"), None) && !low(None, Some("0")) && !low(None, None));
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: RngSeed::Fixed(9),
            failure_persistence: None,
            ..ProptestConfig::with_cases(2_000)
        })]

        #[test]
        fn what_is_added_and_taken_again_leaves_the_count_as_it_was(held in 0_i64..1_000_000, by in 0_i64..1_000_000) {
            let (held, by) = (Decimal::new(held, 2), Decimal::new(by, 2));
            let more = Adjustment::Add(by).apply(held).unwrap();
            prop_assert!(more >= held);
            prop_assert_eq!(Adjustment::Take(by).apply(more), Ok(held));
        }
    }
}
