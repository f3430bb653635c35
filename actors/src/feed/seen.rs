//! Which changes were shown already, by the newest number of each store.

use std::collections::HashMap;

use storewire_db::ChangeRow;
use storewire_domain::StoreId;

/// See the module. The numbers of one store are in the order of its commits, so everything up to the newest was shown.
#[derive(Debug, Default)]
pub(super) struct Seen(HashMap<StoreId, i64>);

impl Seen {
    /// Of what a read of the log found, in order per store: what was not seen.
    pub(super) fn unseen(&mut self, mut changes: Vec<ChangeRow>) -> Vec<ChangeRow> {
        changes.retain(|change| {
            let newest = self.0.entry(change.store_id).or_insert(0);
            let is_new = change.seq > *newest;
            *newest = change.seq.max(*newest);
            is_new
        });
        changes
    }

    /// Of what was told, in any order: what follows right behind what was seen, and whether that is all that was not seen. A number left
    /// out is somebody else's, and a store of which nothing was seen may have any number.
    pub(super) fn next(&mut self, mut changes: Vec<ChangeRow>) -> (Vec<ChangeRow>, bool) {
        changes.sort_unstable_by_key(|change| (change.store_id, change.seq));
        let mut is_whole = true;
        changes.retain(|change| {
            let Some(newest) = self.0.get_mut(&change.store_id) else {
                is_whole = false;
                return false;
            };
            let is_next = change.seq == *newest + 1;
            is_whole &= change.seq <= *newest + 1;
            *newest += i64::from(is_next);
            is_next
        });
        (changes, is_whole)
    }
}

#[cfg(test)]
mod tests {
    use storewire_domain::TenantId;

    use super::*;
    use crate::feed::sample;

    fn change(store: StoreId, seq: i64) -> ChangeRow {
        sample::change(TenantId::fresh(), store, seq)
    }

    fn told(seen: &mut Seen, store: StoreId, numbers: &[i64]) -> (Vec<i64>, bool) {
        let (next, is_whole) = seen.next(numbers.iter().map(|seq| change(store, *seq)).collect());
        (next.iter().map(|change| change.seq).collect(), is_whole)
    }

    #[test]
    fn what_is_told_is_shown_as_far_as_no_number_is_left_out() {
        let (mut seen, store) = (Seen::default(), StoreId::fresh());
        assert_eq!(told(&mut seen, store, &[7]), (vec![], false), "the log may hold what came before");
        assert_eq!(seen.unseen(vec![change(store, 6), change(store, 7)]).len(), 2);
        assert_eq!(told(&mut seen, store, &[7]), (vec![], true), "it was read meanwhile");
        assert_eq!(told(&mut seen, store, &[9, 8]), (vec![8, 9], true), "whoever commits next may tell first");
        assert_eq!(told(&mut seen, store, &[10, 12, 13]), (vec![10], false), "11 is in the log alone");
        assert_eq!(told(&mut seen, store, &[14]), (vec![], false));
        let read = seen.unseen((9..=14).map(|seq| change(store, seq)).collect());
        assert_eq!(read.iter().map(|change| change.seq).collect::<Vec<_>>(), [11, 12, 13, 14]);
        assert_eq!(told(&mut seen, store, &[15]), (vec![15], true));
    }

    #[test]
    fn stores_have_numbers_of_their_own() {
        let (mut seen, coffee, outdoor) = (Seen::default(), StoreId::fresh(), StoreId::fresh());
        seen.unseen(vec![change(coffee, 1)]);
        let (next, is_whole) = seen.next(vec![change(outdoor, 2), change(coffee, 2)]);
        assert_eq!((next.len(), next[0].store_id, is_whole), (1, coffee, false));
    }
}
