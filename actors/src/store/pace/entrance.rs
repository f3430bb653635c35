//! Lets the stores that start together begin one by one, at little more than their common pace.
//!
//! Each has its place in the interval (`spread.rs`). But a node that was busy for a second finds all who waited at once, and would hand them on
//! as a crowd, to hosts that many of them share.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How much quicker than on the average stores follow one another where many wait: what was held up is made good within a few intervals.
const HASTE: f64 = 1.25;

/// See the module.
#[derive(Default)]
pub(super) struct Entrance(Mutex<Option<Instant>>);

impl Entrance {
    /// When whoever asks now may begin: at once, unless others did so a moment ago. Nobody gets the same turn, so it is asked for once.
    pub(super) fn turn(&self, now: Instant, stores: usize, interval: Duration) -> Instant {
        let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = next.map_or(now, |next| next.max(now));
        *next = turn.checked_add(gap(stores, interval));
        turn
    }
}

fn gap(stores: usize, interval: Duration) -> Duration {
    let stores = u32::try_from(stores).unwrap_or(u32::MAX).max(1);
    (interval / stores).div_f64(HASTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_is_let_in_one_by_one_and_whoever_comes_alone_at_once() {
        let (entrance, interval) = (Entrance::default(), Duration::from_secs(40));
        let now = Instant::now();
        let turns = [0, 1, 2].map(|_| entrance.turn(now, 4, interval) - now);
        assert_eq!(turns, [0, 8, 16].map(Duration::from_secs));
        let later = now + Duration::from_secs(60);
        assert_eq!(entrance.turn(later, 4, interval), later);
    }

    #[test]
    fn of_ten_thousand_held_up_stores_no_second_lets_in_half_more_than_its_share() {
        let (entrance, interval) = (Entrance::default(), Duration::from_secs(300));
        let now = Instant::now();
        let turns = (0..10_000).map(|_| entrance.turn(now, 10_000, interval) - now);
        let in_the_first_second = turns.filter(|turn| *turn < Duration::from_secs(1)).count();
        assert!((34..=50).contains(&in_the_first_second), "{in_the_first_second}");
    }
}
