//! Leaves a store alone that failed too often in a row, and lets one small request tell whether it is well again. Pure.

use std::time::{Duration, Instant};

/// What may be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Anything.
    Open,
    /// One small request, whose answer decides.
    Probe,
    /// Nothing, for so long.
    Rest(Duration),
}

/// How a store's last requests ended, and what follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fuse {
    /// Requests that failed in a row.
    pub(crate) failures: u32,
    /// It has blown; the next request is a probe, not before this.
    pub(crate) blown: Option<Instant>,
}

impl Fuse {
    /// A request got an answer, of whatever kind.
    pub(crate) fn answered(&mut self) {
        *self = Self::default();
    }

    /// A request failed. The fuse blows at the `limit`-th failure in a row, or `at_once`; a blown one rests anew.
    pub(crate) fn failed(&mut self, limit: u32, at_once: bool, until: Instant) {
        self.failures = self.failures.saturating_add(1);
        if at_once || self.blown.is_some() || self.failures >= limit.max(1) {
            self.blown = Some(until);
        }
    }

    pub(crate) fn admit(&self, now: Instant) -> Admission {
        match self.blown {
            None => Admission::Open,
            Some(until) if now >= until => Admission::Probe,
            Some(until) => Admission::Rest(until - now),
        }
    }

    /// A person asks: the probe need not wait.
    pub(crate) fn hurry(&mut self, now: Instant) {
        self.blown = self.blown.map(|until| until.min(now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn it_blows_after_failures_in_a_row_and_a_probe_decides() {
        let now = Instant::now();
        let mut fuse = Fuse::default();
        for _ in 0..4 {
            fuse.failed(5, false, now + SECOND);
            assert_eq!(fuse.admit(now), Admission::Open);
        }
        fuse.failed(5, false, now + SECOND);
        assert_eq!(fuse.admit(now), Admission::Rest(SECOND));
        assert_eq!(fuse.admit(now + SECOND), Admission::Probe);
        fuse.failed(5, false, now + 3 * SECOND);
        assert_eq!(fuse.admit(now + SECOND), Admission::Rest(2 * SECOND));
        fuse.answered();
        assert_eq!((fuse.admit(now), fuse.failures), (Admission::Open, 0));
    }

    #[test]
    fn an_answer_between_failures_starts_the_count_anew() {
        let now = Instant::now();
        let mut fuse = Fuse::default();
        for _ in 0..20 {
            fuse.failed(5, false, now + SECOND);
            fuse.failed(5, false, now + SECOND);
            fuse.answered();
        }
        assert_eq!(fuse.admit(now), Admission::Open);
    }

    #[test]
    fn a_block_blows_it_at_once_and_a_person_gets_a_probe_not_more() {
        let now = Instant::now();
        let mut fuse = Fuse::default();
        fuse.failed(5, true, now + 900 * SECOND);
        assert_eq!(fuse.admit(now), Admission::Rest(900 * SECOND));
        fuse.hurry(now);
        assert_eq!(fuse.admit(now), Admission::Probe);
    }
}
