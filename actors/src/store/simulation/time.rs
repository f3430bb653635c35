//! Time in a simulated world: microseconds since it began. Nothing in it waits.

use std::time::Duration;

use jiff::Timestamp;

/// A moment, or a span, in microseconds.
pub(super) type Tick = i64;

pub(super) const SECOND: Tick = 1_000_000;
pub(super) const MINUTE: Tick = 60 * SECOND;

/// When every world begins, in seconds of Unix time.
const BEGINNING: i64 = 1_790_000_000;

/// Our own clock's time.
pub(super) fn our_time(now: Tick) -> Timestamp {
    Timestamp::from_microsecond(BEGINNING * SECOND + now).unwrap()
}

/// What a clock shows that is so many seconds ahead of ours, in whole seconds: stores know no others.
pub(super) fn their_second(now: Tick, ahead: i64) -> i64 {
    our_time(now).as_second() + ahead
}

pub(super) fn span(of: Tick) -> Duration {
    Duration::from_micros(of.unsigned_abs())
}

/// Rounded up: whoever wakes then finds that it is time.
pub(super) fn ticks(of: Duration) -> Tick {
    Tick::try_from(of.as_nanos().div_ceil(1_000)).unwrap_or(Tick::MAX)
}
