//! When shops' clocks were set, and so at which moments a date can have been written. Pure.

use std::collections::HashMap;

use uuid::Uuid;

/// A date is whole seconds, and a clock is not set in the moment in which that is noted.
const SLACK: i64 = 2;

/// The clocks of shops that were not always right. Times are seconds since 1970.
#[derive(Clone, Debug, Default)]
pub struct Clocks(HashMap<Uuid, Vec<Setting>>);

#[derive(Clone, Copy, Debug)]
struct Setting {
    /// When, by the true time.
    at: i64,
    /// By how much it was ahead from then on.
    ahead: i64,
}

impl Clocks {
    /// Notes that a store's clock was set at this true time, to so many seconds ahead of it; settings are noted in their order.
    pub fn set(&mut self, store: Uuid, at: i64, ahead: i64) {
        self.0.entry(store).or_default().push(Setting { at, ahead });
    }

    /// The true times at which the store's clock may have shown this second, earliest first. Before it was set it was right.
    pub(crate) fn moments(&self, store: Uuid, shown: i64) -> Vec<i64> {
        let settings = self.0.get(&store).map_or(&[][..], Vec::as_slice);
        let begins = std::iter::once(Setting { at: i64::MIN, ahead: 0 }).chain(settings.iter().copied());
        let ends = settings.iter().map(|setting| setting.at).chain([i64::MAX]);
        let mut moments: Vec<i64> = begins
            .zip(ends)
            .filter_map(|(Setting { at, ahead }, end)| {
                let moment = shown.saturating_sub(ahead);
                (at.saturating_sub(SLACK)..=end.saturating_add(SLACK)).contains(&moment).then_some(moment)
            })
            .collect();
        moments.sort_unstable();
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_back_shows_a_time_twice_and_one_set_forward_leaves_times_out() {
        let (right, wrong) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mut clocks = Clocks::default();
        clocks.set(wrong, 1_000, 600);
        clocks.set(wrong, 1_300, -600);
        assert_eq!(clocks.moments(right, 1_200), [1_200]);
        assert_eq!(clocks.moments(wrong, 900), [900, 1_500]);
        assert_eq!(clocks.moments(wrong, 1_700), [1_100, 2_300]);
        assert_eq!(clocks.moments(wrong, 1_650), [1_050, 2_250]);
        assert_eq!(clocks.moments(wrong, 600), [600]);
        assert_eq!(clocks.moments(wrong, 1_400), [2_000]);
    }
}
