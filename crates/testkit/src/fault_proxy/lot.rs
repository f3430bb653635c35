//! Decisions by lot that a seed repeats.

use std::ops::Range;

/// A stream of numbers (SplitMix64): the same for the same seed and connection.
#[derive(Debug)]
pub struct Lot(u64);

impl Lot {
    pub fn new(seed: u64, connection: u64) -> Self {
        let mut mixed = Self(seed);
        Self(mixed.next() ^ connection.wrapping_mul(0xD6E8_FEB8_6659_FD93))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Whether it falls on this part (0 to 1).
    #[expect(clippy::float_arithmetic, reason = "a chance is no amount of money")]
    pub fn falls(&mut self, part: f64) -> bool {
        let drawn = u32::try_from(self.next() >> 32).unwrap_or(u32::MAX);
        f64::from(drawn) < part * (f64::from(u32::MAX) + 1.0)
    }

    /// A number of the range; its start when it is empty.
    pub fn within(&mut self, range: &Range<usize>) -> usize {
        let width = u64::try_from(range.len()).unwrap_or(u64::MAX).max(1);
        range.start + usize::try_from(self.next() % width).unwrap_or_default()
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        among.get(self.within(&(0..among.len())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_draws_and_connections_differ() {
        let draw = |seed, connection| {
            let mut lot = Lot::new(seed, connection);
            (0..8).map(|_| lot.within(&(0..1000))).collect::<Vec<_>>()
        };
        assert_eq!(draw(7, 3), draw(7, 3));
        assert_ne!(draw(7, 3), draw(7, 4));
        assert_ne!(draw(7, 3), draw(8, 3));
    }

    #[test]
    fn a_part_is_met_about_as_often_as_it_says() {
        let mut lot = Lot::new(1, 1);
        let hits = (0..1000).filter(|_| lot.falls(0.25)).count();
        assert!((200..300).contains(&hits), "{hits}");
        assert!(!lot.falls(0.0) && lot.falls(1.0));
        assert_eq!(lot.pick::<u8>(&[]), None);
    }
}
