//! Whether many records that a listing lacks are believed to be missing at all.
//!
//! A listing lies by silence: a query that fails inside answers an empty list, a plugin hides rows. When most of what we hold is not
//! listed, a few records are asked for first; if the store still has one of them, the listing is not believed. A product's variations are
//! few, and there may be thousands of such products: there it is enough that none of them is listed.

use storewire_db::sweeps::{HeldRow, Sweep};
use storewire_domain::Resource;
use storewire_woo::WooError;

use super::super::{context::StoreContext, recheck::is_there, record::Noun};

/// So few are simply asked about.
const FEW: usize = 20;

/// Whether the absence of these is believed. `held` is how many we hold where they are missing.
pub(super) async fn is_believed(
    context: &StoreContext,
    walk: &Sweep,
    absent: &[&HeldRow],
    held: usize,
) -> Result<bool, WooError> {
    for row in samples(walk.resource, absent, held) {
        if is_there(context, (Noun::from(walk.resource), row.remote_id.clone())).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The absent records that are asked for before their absence is believed. Pure.
pub(crate) fn samples<'h>(resource: Resource, absent: &[&'h HeldRow], held: usize) -> Vec<&'h HeldRow> {
    let is_silent = resource == Resource::Variations && held > 1 && absent.len() == held;
    if !is_silent && !are_many(absent.len(), held) {
        return Vec::new();
    }
    [absent.first(), absent.get(absent.len() / 2), absent.last()].into_iter().flatten().copied().collect()
}

const fn are_many(absent: usize, held: usize) -> bool {
    absent > FEW && absent * 2 > held
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_absences_and_a_minority_of_many_need_no_spot_check() {
        assert!(!are_many(20, 20));
        assert!(!are_many(100, 200));
        assert!(are_many(21, 21));
        assert!(are_many(101, 200));
    }
}
