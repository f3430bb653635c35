//! The bucket that requests to one store are taken from: governor's, at a pace that can be changed while it runs.

use std::{
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    middleware::StateInformationMiddleware,
    state::{InMemoryState, NotKeyed},
};

type Bucket = RateLimiter<NotKeyed, InMemoryState, DefaultClock, StateInformationMiddleware>;

/// A pace that differs by less than this part is the same pace.
const NOTABLE: f64 = 0.05;

/// See the module.
pub(crate) struct Limiter {
    burst: NonZeroU32,
    state: Mutex<State>,
}

struct State {
    bucket: Bucket,
    interval: Duration,
    /// What was left after the last request, and when that was.
    left: u32,
    taken_at: Instant,
}

impl Limiter {
    pub(crate) fn new(interval: Duration, burst: u32) -> Self {
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let bucket = bucket(interval, burst);
        Self { burst, state: Mutex::new(State { bucket, interval, left: burst.get(), taken_at: Instant::now() }) }
    }

    /// Takes one request out of the bucket, or says after how long to ask again.
    pub(crate) fn take(&self) -> Result<(), Duration> {
        let mut state = self.state();
        match state.bucket.check() {
            Ok(after) => {
                (state.left, state.taken_at) = (after.remaining_burst_capacity(), Instant::now());
                Ok(())
            }
            Err(early) => Err(early.wait_time_from(DefaultClock::default().now())),
        }
    }

    /// When the bucket will hold a request again; in the past if it does.
    pub(crate) fn ready_at(&self) -> Instant {
        let state = self.state();
        if state.left > 0 { state.taken_at } else { state.taken_at + state.interval }
    }

    /// Changes the pace. A bucket that is full stays full, an empty one empty.
    pub(crate) fn set_interval(&self, interval: Duration) {
        let mut state = self.state();
        if interval.abs_diff(state.interval) < state.interval.mul_f64(NOTABLE) {
            return;
        }
        let left = self.left(&state);
        let bucket = bucket(interval, self.burst);
        if let Some(spent) = NonZeroU32::new(self.burst.get() - left) {
            // A fresh bucket holds the whole burst, of which this is a part.
            let _ = bucket.check_n(spent);
        }
        *state = State { bucket, interval, left, taken_at: Instant::now() };
    }

    /// What the bucket holds by now.
    fn left(&self, state: &State) -> u32 {
        let earned = state.taken_at.elapsed().as_nanos() / state.interval.as_nanos().max(1);
        let earned = u32::try_from(earned).unwrap_or(u32::MAX);
        state.left.saturating_add(earned).min(self.burst.get())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bucket(interval: Duration, burst: NonZeroU32) -> Bucket {
    let quota = Quota::with_period(interval).unwrap_or_else(|| Quota::per_second(burst)).allow_burst(burst);
    RateLimiter::direct(quota).with_middleware()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn taken(limiter: &Limiter) -> usize {
        std::iter::repeat_with(|| limiter.take()).take(100).take_while(Result::is_ok).count()
    }

    #[test]
    fn a_burst_goes_out_at_once_and_then_the_pace_counts() {
        let limiter = Limiter::new(HOUR, 5);
        assert_eq!(taken(&limiter), 5);
        assert!(limiter.take().is_err_and(|wait| wait > HOUR / 2 && wait <= HOUR));
        assert!(limiter.ready_at() > Instant::now() + HOUR / 2);
    }

    #[test]
    fn a_change_of_pace_gives_nothing_away() {
        let limiter = Limiter::new(HOUR, 5);
        assert!(limiter.take().is_ok() && limiter.take().is_ok());
        limiter.set_interval(HOUR * 2);
        assert_eq!(taken(&limiter), 3);
        limiter.set_interval(HOUR);
        assert_eq!(taken(&limiter), 0);
    }
}
