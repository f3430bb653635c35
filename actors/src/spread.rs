//! Where first pulls lie in an interval: evenly, however many there are. Pure.

use std::time::Duration;

/// 2⁶⁴ divided by the golden ratio.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// The place of the `nth` store. Each falls into a widest gap that those before it have left, so every second of the interval gets its share;
/// places drawn by chance, or by a hash, crowd by half in the worst second of ten thousand stores.
pub(crate) fn place(nth: u32, interval: Duration) -> Duration {
    let part = STEP.wrapping_mul(u64::from(nth));
    let nanos = (interval.as_nanos().min(u128::from(u64::MAX)) * u128::from(part)) >> 64;
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of the first `count` places lie in each second.
    fn by_second(count: u32, interval: Duration) -> Vec<u32> {
        let mut seconds = vec![0; interval.as_secs() as usize];
        for nth in 1..=count {
            seconds[place(nth, interval).as_secs() as usize] += 1;
        }
        seconds
    }

    #[test]
    fn c7_of_ten_thousand_first_pulls_no_second_has_a_tenth_more_than_its_share() {
        for (count, seconds) in [(10_000, 300), (10_000, 600), (5_000, 60), (100_000, 300)] {
            let fullest = by_second(count, Duration::from_secs(seconds)).into_iter().max().unwrap();
            assert!(
                u64::from(fullest - 1) * seconds * 10 <= u64::from(count) * 11,
                "{fullest} of {count} in {seconds} s"
            );
        }
    }

    #[test]
    fn few_stores_are_spread_as_well_as_many() {
        let fullest = by_second(300, Duration::from_secs(300)).into_iter().max().unwrap();
        assert!(fullest <= 2, "{fullest}");
        let mut places: Vec<_> = (1..=8).map(|nth| place(nth, Duration::from_secs(80))).collect();
        places.sort_unstable();
        let narrowest = places.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap();
        assert!(narrowest > Duration::from_secs(4), "{narrowest:?}");
    }
}
