//! A broken world made small: deeds are left out as long as it still breaks.

use super::{check::judge, plan::Plan};

/// Leaves out ever smaller parts of a plan, and keeps each loss that the failure survives.
pub(super) fn shrink(plan: &Plan) -> Plan {
    let mut smallest = plan.clone();
    let mut size = smallest.deeds.len().div_ceil(2);
    while size > 0 {
        let mut from = 0;
        while from < smallest.deeds.len() {
            let mut fewer = smallest.clone();
            fewer.deeds.drain(from..(from + size).min(fewer.deeds.len()));
            if judge(&fewer, false).is_err() {
                smallest = fewer;
            } else {
                from += size;
            }
        }
        size /= 2;
    }
    smallest
}
