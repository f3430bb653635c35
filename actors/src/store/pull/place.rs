//! Where a walk stands that reads a closed window by id, from its last page to its first. Pure.
//!
//! WooCommerce pages by offset over a set that changes underneath. Rows can only leave a window of the past (they are modified again, or
//! deleted), which moves those behind them towards the front: a walk that comes from behind meets them once more and misses none. So the
//! place is the number of rows in front of it that are still to be read. A window that grew after all is noticed by its total.

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Rows in the window as last announced; `None` before the first answer, or where something took the totals out of the answers.
    pub(super) total: Option<i64>,
    /// Rows that are read, counted from the last; without a total, from the first.
    pub(super) done: i64,
}

impl Place {
    /// The page to ask for next, with so many rows to a page.
    pub(super) fn page(self, per_page: u32) -> u32 {
        let per_page = i64::from(per_page.max(1));
        let page = match self.total {
            Some(total) => (total - self.done + per_page - 1) / per_page,
            None => self.done / per_page + 1,
        };
        u32::try_from(page.max(1)).unwrap_or(u32::MAX)
    }

    /// The place after that page was read and stored: `None` when the window is walked.
    pub(super) fn after(self, page: u32, per_page: u32, answer: Answer) -> Option<Self> {
        let per_page = i64::from(per_page.max(1));
        let in_front = i64::from(page.saturating_sub(1)).saturating_mul(per_page);
        match (self.total, answer.total) {
            (None, _) if answer.is_last && page == 1 => None,
            // The first page told how many there are. It is read again as the last one.
            (None, Some(total)) if page == 1 => Some(Self { total: Some(total), done: 0 }),
            (None, _) if answer.is_last => None,
            (None, _) => Some(Self { total: None, done: in_front + per_page }),
            (Some(before), told) => {
                let total = told.unwrap_or(before);
                // What entered may have pushed unread rows behind this page: they are looked for there.
                let left = if total > before { total - self.done } else { in_front };
                Self::in_front(left, total)
            }
        }
    }

    /// The place with no more than so many rows in front of it.
    pub(super) fn in_front(left: i64, total: i64) -> Option<Self> {
        let total = total.max(left);
        (left > 0).then_some(Self { total: Some(total), done: total - left })
    }
}

/// What an answer says about the listing that its page is of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    pub(crate) total: Option<i64>,
    pub(crate) is_last: bool,
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};

    use super::*;

    const START: Place = Place { total: None, done: 0 };

    /// Walks a listing that changes between the pages, and answers the rows that were read.
    fn walk(mut listing: Vec<u64>, mut change: impl FnMut(&mut Vec<u64>) -> u32) -> BTreeSet<u64> {
        let (mut place, mut seen) = (START, BTreeSet::new());
        for _ in 0..10_000 {
            let per_page = change(&mut listing);
            let page = place.page(per_page);
            let start = (page as usize - 1) * per_page as usize;
            seen.extend(listing.iter().skip(start).take(per_page as usize));
            let total = listing.len() as i64;
            let is_last = i64::from(page) * i64::from(per_page) >= total;
            match place.after(page, per_page, Answer { total: Some(total), is_last }) {
                Some(next) => place = next,
                None => return seen,
            }
        }
        panic!("the walk does not end");
    }

    #[test]
    fn a_window_of_one_page_is_walked_at_once() {
        let answer = Answer { total: Some(3), is_last: true };
        assert_eq!(START.page(100), 1);
        assert_eq!(START.after(1, 100, answer), None);
        assert_eq!(START.after(1, 100, Answer { total: Some(0), is_last: true }), None);
    }

    #[test]
    fn fault_11_no_row_is_skipped_however_many_leave_or_pages_change_their_size() {
        for seed in 0..10_000 {
            let mut rng = StdRng::seed_from_u64(seed);
            let listing: Vec<u64> = (0..rng.random_range(0..60)).collect();
            let mut left: BTreeSet<u64> = listing.iter().copied().collect();
            let seen = walk(listing, |rows| {
                while !rows.is_empty() && rng.random_bool(0.4) {
                    let gone = rows.remove(rng.random_range(0..rows.len()));
                    left.remove(&gone);
                }
                rng.random_range(1..8)
            });
            assert!(left.is_subset(&seen), "seed {seed}: missed {:?}", left.difference(&seen).collect::<Vec<_>>());
        }
    }

    /// Walks a listing with four pages on their way at once, which the store reads in any order while rows leave; by the rule of `ahead`.
    fn walk_side_by_side(rows: &mut Vec<u64>, left: &mut BTreeSet<u64>, rng: &mut StdRng) -> BTreeSet<u64> {
        let (mut place, mut seen, per_page) = (START, BTreeSet::new(), 5);
        for _ in 0..10_000 {
            let (first, known) = (place.page(per_page), place.total);
            let ahead = if known.is_some() { 4 } else { 1 };
            let mut pages: Vec<u32> =
                (0..ahead).filter_map(|step| first.checked_sub(step).filter(|page| *page > 0)).collect();
            pages.shuffle(rng);
            let mut answers = BTreeMap::new();
            for page in pages {
                while !rows.is_empty() && rng.random_bool(0.15) {
                    left.remove(&rows.remove(rng.random_range(0..rows.len())));
                }
                let shown = rows.iter().skip((page as usize - 1) * per_page as usize).take(per_page as usize);
                let is_last = i64::from(page) * i64::from(per_page) >= rows.len() as i64;
                let answer = Answer { total: Some(rows.len() as i64), is_last };
                answers.insert(page, (shown.copied().collect::<Vec<_>>(), answer));
            }
            for (page, (shown, answer)) in answers.into_iter().rev() {
                seen.extend(shown);
                match place.after(page, per_page, answer) {
                    Some(next) => place = next,
                    None => return seen,
                }
                if answer.total != known || place.page(per_page) + 1 != page {
                    break;
                }
            }
        }
        panic!("the walk does not end");
    }

    #[test]
    fn fault_11_no_row_is_skipped_by_pages_that_are_read_side_by_side_in_any_order() {
        for seed in 0..10_000 {
            let mut rng = StdRng::seed_from_u64(seed);
            let mut rows: Vec<u64> = (0..rng.random_range(0..80)).collect();
            let mut left: BTreeSet<u64> = rows.iter().copied().collect();
            let seen = walk_side_by_side(&mut rows, &mut left, &mut rng);
            assert!(left.is_subset(&seen), "seed {seed}: missed {:?}", left.difference(&seen).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_row_that_enters_late_makes_the_walk_turn_back_and_costs_no_other() {
        for seed in 0..1_000 {
            let mut rng = StdRng::seed_from_u64(seed);
            let first: BTreeSet<u64> = (0..40).map(|id| id * 10).collect();
            let mut late: Vec<u64> = (0..5).map(|_| rng.random_range(0..40) * 10 + 5).collect();
            let mut steps = 0;
            let seen = walk(first.iter().copied().collect(), |rows| {
                steps += 1;
                if steps % 3 == 0
                    && let Some(id) = late.pop()
                {
                    let at = rows.partition_point(|row| *row < id);
                    rows.insert(at, id);
                }
                7
            });
            assert!(first.is_subset(&seen), "seed {seed}");
        }
    }

    #[test]
    fn without_totals_it_goes_forwards_until_the_page_that_is_the_last() {
        let more = Answer { total: None, is_last: false };
        let second = START.after(1, 10, more).unwrap();
        assert_eq!(second.page(10), 2);
        assert_eq!(second.after(2, 10, Answer { total: None, is_last: true }), None);
    }

    #[test]
    fn a_smaller_page_size_goes_on_at_the_same_row() {
        let place = Place { total: Some(1_000), done: 400 };
        assert_eq!((place.page(100), place.page(50), place.page(1)), (6, 12, 600));
        assert_eq!(place.after(600, 1, Answer { total: Some(1_000), is_last: false }), Place::in_front(599, 1_000));
    }
}
