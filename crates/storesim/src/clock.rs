//! The shops' clock: the machine's own, moved by what a test has asked for.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// The clock of a fleet. It can be put to any moment, and goes on from there at the machine's pace.
#[derive(Debug, Default)]
pub struct Clock {
    /// Milliseconds ahead of the machine.
    ahead_ms: AtomicI64,
}

impl Clock {
    /// Now, in whole seconds since 1970: all that WooCommerce keeps.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    fn now_ms(&self) -> i64 {
        machine_ms().saturating_add(self.ahead_ms.load(Ordering::Relaxed))
    }

    /// How many seconds ahead of the machine it is; negative is behind.
    #[must_use]
    pub fn ahead(&self) -> i64 {
        self.ahead_ms.load(Ordering::Relaxed).div_euclid(1000)
    }

    /// Keeps so many seconds ahead of the machine from now on.
    pub fn set_ahead(&self, seconds: i64) {
        self.ahead_ms.store(seconds.saturating_mul(1000), Ordering::Relaxed);
    }

    /// Shows `moment` now.
    pub fn set(&self, moment: Timestamp) {
        self.ahead_ms.store(moment.as_millisecond().saturating_sub(machine_ms()), Ordering::Relaxed);
    }
}

/// The machine's time in milliseconds since 1970: what journals are written in, so that a test can compare them with its own.
#[expect(clippy::disallowed_methods, reason = "a simulated shop is the outside world: it has the machine's clock")]
#[must_use]
pub fn machine_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// A point in time from whole seconds; times out of range become 1970.
#[must_use]
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_shows_the_moment_it_was_put_to_and_goes_on() {
        let clock = Clock::default();
        let moment: Timestamp = "2026-03-08T06:58:00Z".parse().unwrap();
        clock.set(moment);
        assert!((0..60).contains(&(clock.now() - moment.as_second())));
        clock.set_ahead(-3600);
        assert_eq!(clock.ahead(), -3600);
        assert!((clock.now() - (machine_ms() / 1000 - 3600)).abs() < 60);
    }
}
