//! How gently a store is treated at present, and why, in words.

use jiff::Timestamp;
use storewire_db::budgets::{Breaker, Budget};

use super::{When, money::count, span::pause};
use crate::panel::words::Words;

/// A store's budget as people read it.
#[derive(Clone, Debug)]
pub struct BudgetView {
    /// "1 request per 0.5 s".
    pub pace: String,
    /// Why, in a few words; left out where a blown breaker says it better.
    pub reason: Option<String>,
    /// The reason explained in a sentence.
    pub explained: Option<String>,
    /// Nothing goes out before this.
    pub rests_until: Option<When>,
    /// Half the pace until this.
    pub slower_until: Option<When>,
    /// What the breaker does, while it is not closed.
    pub breaker: Option<BreakerView>,
    pub latency: Option<String>,
    pub page_size: String,
    pub requests: String,
    pub failures: Option<String>,
    pub updated: When,
}

/// A breaker that is not closed.
#[derive(Clone, Debug)]
pub struct BreakerView {
    /// In a few words.
    pub word: String,
    pub explained: String,
}

impl BudgetView {
    #[must_use]
    pub fn new(budget: &Budget, now: Timestamp, t: &Words) -> Self {
        let ahead = |at: Option<Timestamp>| at.filter(|at| *at > now);
        let rests_until = ahead(budget.rests_until);
        let breaker = breaker(budget.breaker, rests_until.is_some(), t);
        // That the pace is well says nothing of a store that is not asked.
        let is_idle =
            (breaker.is_some() || budget.requests == 0) && matches!(budget.reason.as_str(), "steady" | "learning");
        let (reason, explained) = Some(reason(&budget.reason, t)).filter(|_| !is_idle).unzip();
        Self {
            pace: t.with("budget-pace", "seconds", &pause(budget.request_interval)),
            reason,
            explained,
            rests_until: rests_until.map(When::moment),
            slower_until: ahead(budget.slower_until).map(When::moment),
            breaker,
            latency: budget.latency.map(|latency| {
                t.with("budget-milliseconds", "n", &count(i64::try_from(latency.as_millis()).unwrap_or(i64::MAX)))
            }),
            page_size: count(i64::from(budget.page_size)),
            requests: count(budget.requests),
            failures: (budget.failures > 0).then(|| t.count("budget-failures", i64::from(budget.failures))),
            updated: When::ago(budget.updated_at),
        }
    }
}

/// What the breaker does. One whose rest is over lets a probe through, whether or not there was one yet.
fn breaker(breaker: Breaker, is_resting: bool, t: &Words) -> Option<BreakerView> {
    match breaker {
        Breaker::Closed => None,
        Breaker::Open if is_resting => {
            Some(BreakerView { word: t.get("budget-open"), explained: t.get("budget-open-why") })
        }
        Breaker::Open | Breaker::HalfOpen => {
            Some(BreakerView { word: t.get("budget-half-open"), explained: t.get("budget-half-open-why") })
        }
    }
}

/// The reason in a few words, and in a sentence.
fn reason(reason: &str, t: &Words) -> (String, String) {
    match reason {
        "steady" => (t.get("budget-steady"), t.get("budget-steady-why")),
        "learning" => (t.get("budget-learning"), t.get("budget-learning-why")),
        "slow_answers" => (t.get("budget-slow"), t.get("budget-slow-why")),
        "throttled" => (t.get("budget-throttled"), t.get("budget-throttled-why")),
        "overloaded" => (t.get("budget-overloaded"), t.get("budget-overloaded-why")),
        other => (super::status::readable(other), t.get("budget-other-why")),
    }
}
