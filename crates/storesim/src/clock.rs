//! The shops' clock: the machine's own, read in one place.

use jiff::Timestamp;

/// Now, in whole seconds since 1970: all that WooCommerce keeps.
#[must_use]
pub fn now() -> i64 {
    now_ms().div_euclid(1000)
}

/// Now, in milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "a simulated shop is the outside world: it has the machine's clock")]
#[must_use]
pub fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// A point in time from whole seconds; times out of range become 1970.
#[must_use]
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
