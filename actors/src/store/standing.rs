//! What people are shown of a store, out of what is wrong with it as a whole and with single duties. Pure.

use std::time::Instant;

use storewire_domain::StoreState;

use super::duty::Duty;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// `None` if the store as a whole does not suffer from it.
    pub(crate) state: Option<StoreState>,
    pub(crate) reason: &'static str,
    /// For staff, in words.
    pub(crate) error: String,
}

/// State and reason, as people are shown them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) state: StoreState,
    pub(crate) reason: Option<&'static str>,
    /// What failed last, if that is why.
    pub(crate) error: Option<String>,
}

/// What is wrong at present. Rebuilt by failing again.
#[derive(Default)]
pub(crate) struct Standing {
    /// Failures of the store in a row, and since when.
    failures: u32,
    failing_since: Option<Instant>,
    of_store: Option<Trouble>,
    of_duties: [Option<Trouble>; Duty::ALL.len()],
    /// Before the store has answered or failed nothing is known, and nothing said.
    is_known: bool,
}

impl Standing {
    /// Failures of the store in a row, the one under judgement included, and since when.
    pub(crate) fn with_one_more(&self, now: Instant) -> (u32, Instant) {
        (self.failures.saturating_add(1), self.failing_since.unwrap_or(now))
    }

    /// The store failed.
    pub(crate) fn store_failed(&mut self, trouble: Trouble, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        self.failing_since.get_or_insert(now);
        // One failure is weather; the second in a row is news.
        let is_news = self.failures > 1 || trouble.state == Some(StoreState::NeedsAttention);
        if is_news || self.of_store.is_some() {
            (self.of_store, self.is_known) = (Some(trouble), true);
        }
    }

    /// Only this duty failed; the store answered.
    pub(crate) fn duty_failed(&mut self, duty: Duty, trouble: Trouble) {
        self.store_answered();
        self.of_duties[duty as usize] = Some(trouble);
    }

    /// A duty ended well.
    pub(crate) fn done(&mut self, duty: Duty) {
        self.of_duties[duty as usize] = None;
    }

    /// Whether it is more than weather.
    pub(crate) fn is_store_failing(&self) -> bool {
        self.of_store.is_some()
    }

    /// The store answered as it should.
    pub(crate) fn store_answered(&mut self) {
        (self.failures, self.failing_since, self.of_store, self.is_known) = (0, None, None, true);
    }

    /// What people are shown; `weakness` is a reason that does not keep a store from being read.
    pub(crate) fn shown(&self, is_imported: bool, weakness: Option<&'static str>) -> Option<Shown> {
        if !self.is_known {
            return None;
        }
        let of_duties = || self.of_duties.iter().flatten();
        let grave = self.of_store.as_ref().or_else(|| of_duties().find(|trouble| trouble.state.is_some()));
        if let Some(Trouble { state: Some(state), reason, error }) = grave {
            return Some(Shown { state: *state, reason: Some(reason), error: Some(error.clone()) });
        }
        let state = if is_imported { StoreState::Live } else { StoreState::Importing };
        let reason = of_duties().next().map(|trouble| trouble.reason).or(weakness);
        Some(Shown { state, reason, error: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(state: Option<StoreState>, reason: &'static str) -> Trouble {
        Trouble { state, reason, error: reason.to_owned() }
    }

    fn seen(standing: &Standing) -> (StoreState, Option<&'static str>) {
        let Shown { state, reason, .. } = standing.shown(true, None).unwrap();
        (state, reason)
    }

    #[test]
    fn one_failure_is_weather_and_the_second_is_news() {
        let (mut standing, now) = (Standing::default(), Instant::now());
        assert_eq!(standing.shown(true, None), None);
        standing.store_answered();
        let timeout = || trouble(Some(StoreState::Degraded), "timeout");
        standing.store_failed(timeout(), now);
        assert_eq!(seen(&standing), (StoreState::Live, None));
        standing.store_failed(timeout(), now);
        assert_eq!(seen(&standing), (StoreState::Degraded, Some("timeout")));
        standing.store_answered();
        assert_eq!(seen(&standing), (StoreState::Live, None));
    }

    #[test]
    fn what_a_person_must_mend_is_told_at_once() {
        let mut standing = Standing::default();
        standing.store_failed(trouble(Some(StoreState::NeedsAttention), "moved"), Instant::now());
        assert_eq!(seen(&standing), (StoreState::NeedsAttention, Some("moved")));
    }

    #[test]
    fn a_struck_duty_is_named_until_it_ends_well_whatever_others_do() {
        let mut standing = Standing::default();
        standing.duty_failed(Duty::Outbox, trouble(None, "writes_refused"));
        standing.store_answered();
        standing.done(Duty::Pull);
        assert_eq!(seen(&standing), (StoreState::Live, Some("writes_refused")));
        standing.duty_failed(Duty::Pull, trouble(Some(StoreState::NeedsAttention), "forbidden"));
        standing.done(Duty::Outbox);
        assert_eq!(seen(&standing), (StoreState::NeedsAttention, Some("forbidden")));
        standing.done(Duty::Pull);
        assert_eq!(seen(&standing), (StoreState::Live, None));
    }
}
