//! Which steps an order may take. WooCommerce lets every status follow every other; these are the ones that a person can mean.

use super::status::Standing;
use crate::intent::EditFault;

/// The statuses of WooCommerce that a step can lead to, in the order in which forms offer them.
const TARGETS: [&str; 6] = ["pending", "on-hold", "processing", "completed", "cancelled", "failed"];

/// Whether an order may go from one status to another, both without `wc-`.
///
/// # Errors
/// `NothingToChange`, `RefundElsewhere` or `IllegalStep`.
pub fn step(from: &str, to: &str) -> Result<(), EditFault> {
    use Standing::{Cancelled, Completed, Custom, Draft, Failed, OnHold, Pending, Processing, Refunded, Trashed};
    if from == to {
        return Err(EditFault::NothingToChange);
    }
    let to = Standing::of(to);
    if to == Refunded {
        return Err(EditFault::RefundElsewhere);
    }
    let is_legal = match Standing::of(from) {
        Pending => matches!(to, Processing | OnHold | Completed | Cancelled | Failed),
        OnHold => matches!(to, Pending | Processing | Completed | Cancelled | Failed | Custom),
        Processing => matches!(to, OnHold | Completed | Cancelled | Failed | Custom),
        Custom => matches!(to, Processing | OnHold | Completed | Cancelled | Custom),
        Completed => matches!(to, Processing | Custom),
        Cancelled => matches!(to, Pending | Processing | OnHold),
        Failed => matches!(to, Pending | Processing | OnHold | Cancelled),
        Refunded | Draft | Trashed => false,
    };
    if is_legal { Ok(()) } else { Err(EditFault::IllegalStep) }
}

/// Where an order may go from `from`: WooCommerce's own statuses first, then those of `store`'s that are its own, each once.
#[must_use]
pub fn next<'a>(from: &str, store: &'a [String]) -> Vec<&'a str> {
    targets(store).into_iter().filter(|status| step(from, status).is_ok()).collect()
}

/// Every status that an order can be given by hand, in the same order.
#[must_use]
pub fn targets(store: &[String]) -> Vec<&str> {
    let mut targets: Vec<&str> = TARGETS.to_vec();
    for status in store.iter().map(String::as_str) {
        if Standing::of(status) == Standing::Custom && !targets.contains(&status) {
            targets.push(status);
        }
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows: from; columns: to, in the same order. `+` legal, `.` illegal, `=` nothing to change, `$` money moves elsewhere.
    const MATRIX: &str = "
        pending        = + + + + + $ . . .
        on-hold        + = + + + + $ + . .
        processing     . + = + + + $ + . .
        completed      . . + = . . $ + . .
        cancelled      + + + . = . $ . . .
        failed         + + + . + = $ . . .
        refunded       . . . . . . = . . .
        packed         . + + + + . $ = . .
        checkout-draft . . . . . . $ . = .
        trash          . . . . . . $ . . =";

    fn told(from: &str, to: &str) -> &'static str {
        match step(from, to) {
            Ok(()) => "+",
            Err(EditFault::IllegalStep) => ".",
            Err(EditFault::NothingToChange) => "=",
            Err(EditFault::RefundElsewhere) => "$",
            Err(other) => panic!("{other:?} is no fault of a step"),
        }
    }

    #[test]
    fn the_matrix_of_steps_is_this_one() {
        let rows: Vec<Vec<&str>> = MATRIX.lines().skip(1).map(|row| row.split_whitespace().collect()).collect();
        let statuses: Vec<&str> = rows.iter().map(|row| row[0]).collect();
        for row in &rows {
            let found: Vec<&str> = statuses.iter().map(|to| told(row[0], to)).collect();
            assert_eq!(found, row[1..], "from {} to {statuses:?}", row[0]);
        }
    }

    #[test]
    fn one_step_of_a_store_s_own_may_follow_another() {
        assert_eq!(step("packed", "handed-over"), Ok(()));
        assert_eq!(step("packed", "packed"), Err(EditFault::NothingToChange));
    }

    #[test]
    fn forms_offer_what_may_follow_and_nothing_twice() {
        let store = ["pending", "packed", "refunded", "packed", "completed", "trash"].map(str::to_owned);
        assert_eq!(next("processing", &store), ["on-hold", "completed", "cancelled", "failed", "packed"]);
        assert_eq!(next("packed", &store), ["on-hold", "processing", "completed", "cancelled"]);
        assert!(next("refunded", &store).is_empty() && next("trash", &[]).is_empty());
    }
}
