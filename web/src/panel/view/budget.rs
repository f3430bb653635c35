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
    pub reason: String,
    /// The reason explained in a sentence.
    pub explained: String,
    /// Nothing goes out before this.
    pub rests_until: Option<When>,
    /// Half the pace until this.
    pub slower_until: Option<When>,
    /// What the breaker does, while it is not closed.
    pub breaker: Option<String>,
    pub latency: Option<String>,
    pub page_size: String,
    pub requests: String,
    pub failures: Option<String>,
    pub updated: When,
}

impl BudgetView {
    #[must_use]
    pub fn new(budget: &Budget, now: Timestamp, t: &Words) -> Self {
        let ahead = |at: Option<Timestamp>| at.filter(|at| *at > now);
        let rests_until = ahead(budget.rests_until);
        let (reason, explained) = reason(&budget.reason, t);
        Self {
            pace: t.with("budget-pace", "seconds", &pause(budget.request_interval)),
            reason,
            explained,
            rests_until: rests_until.map(When::moment),
            slower_until: ahead(budget.slower_until).map(When::moment),
            breaker: match budget.breaker {
                Breaker::Closed => None,
                Breaker::Open => Some(t.get("budget-breaker-open")),
                Breaker::HalfOpen => Some(t.get("budget-breaker-half-open")),
            },
            latency: budget.latency.map(|latency| {
                t.with("budget-milliseconds", "n", &count(i64::try_from(latency.as_millis()).unwrap_or(i64::MAX)))
            }),
            page_size: count(i64::from(budget.page_size)),
            requests: count(budget.requests),
            failures: (budget.failures > 0).then(|| count(i64::from(budget.failures))),
            updated: When::ago(budget.updated_at),
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
