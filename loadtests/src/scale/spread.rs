//! How evenly moments are spread over an interval, second by second.

use std::time::Duration;

/// Moments by the second in which they lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    pub count: u64,
    pub seconds: u64,
    /// How many lie in the fullest second.
    pub largest: u64,
    pub by_second: Vec<u64>,
}

impl Spread {
    /// Counts the moments, in milliseconds from the beginning, that lie within the interval. What is left of it after its last full second
    /// is not looked at.
    #[must_use]
    pub fn of(moments: impl Iterator<Item = i64>, interval: Duration) -> Self {
        let mut by_second = vec![0_u64; usize::try_from(interval.as_secs()).unwrap_or_default()];
        for moment in moments {
            let second = usize::try_from(moment.div_euclid(1_000)).ok();
            if let Some(count) = second.and_then(|second| by_second.get_mut(second)) {
                *count += 1;
            }
        }
        Self {
            count: by_second.iter().sum(),
            seconds: interval.as_secs(),
            largest: by_second.iter().copied().max().unwrap_or_default(),
            by_second,
        }
    }

    /// The fullest second against the mean, in hundredths.
    #[must_use]
    pub fn burst_hundredths(&self) -> u64 {
        (self.largest * self.seconds * 100).div_ceil(self.count.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fullest_second_is_told_against_the_mean() {
        let interval = Duration::from_secs(4);
        let even = Spread::of([0, 500, 1_000, 1_999, 2_000, 2_001, 3_000, 3_999].into_iter(), interval);
        assert_eq!((even.count, even.largest, even.burst_hundredths()), (8, 2, 100));
        let lumpy = Spread::of([0, 1, 2, 3, 1_000, 1_001, 2_000, 3_000].into_iter(), interval);
        assert_eq!(lumpy.burst_hundredths(), 200);
    }

    #[test]
    fn what_lies_outside_is_not_counted() {
        assert_eq!(Spread::of([-1, 4_000].into_iter(), Duration::from_secs(4)).count, 0);
    }
}
