//! What a failure means: for the store's state, for the next try, and for the people who may have to act. Pure.

use std::time::Duration;

use storewire_db::DbError;
use storewire_domain::StoreState;
use storewire_woo::{Failure, WooError};

use super::{
    duty::Duty,
    pace::{HOST_RESTING, RESTING},
};
use crate::EngineConfig;

/// A name or a certificate that fails is weather for so many attention intervals (an hour by default); then people are told.
const WEATHER: u32 = 4;

/// Why a duty did not end well.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorkError {
    #[error("{0}")]
    Woo(#[from] WooError),
    /// The store lets us read a record, and not write it.
    #[error("{0}")]
    Writes(WooError),
    #[error("the database did not do as asked: {0}")]
    Db(#[from] DbError),
}

/// A failure with its circumstances.
pub(crate) struct Case<'a> {
    pub(crate) error: &'a WorkError,
    pub(crate) duty: Duty,
    /// Failures in a row: of the store, or of this duty alone if it was only this duty's before.
    pub(crate) failures: u32,
    /// Since the first of them.
    pub(crate) failing_for: Duration,
    /// The store as a whole is in trouble already.
    pub(crate) is_store_failing: bool,
    /// Uniform in 0..=1.
    pub(crate) random: f64,
}

/// What follows from a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// Try again after this long; nothing is wrong with the store.
    Wait(Duration),
    /// The database would refuse the same again: the fault is ours, or one row's. Only this duty waits.
    Stuck(Duration),
    /// Nothing was sent: whoever held it back knows why, and for how long.
    HeldBack(Duration),
    /// Only this duty is struck; try it again after this long. With a state if the store as a whole suffers from it.
    Duty { state: Option<StoreState>, reason: &'static str, wait: Duration },
    /// The store is in this state for this reason; try again after this long, or first look for a new way to it.
    Store { state: StoreState, reason: &'static str, wait: Duration, lost: Option<Lost> },
    /// What this actor believes may be wrong: end, and start again from the rows.
    End,
}

/// What may be found again without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// The way in which the store takes its keys.
    Auth,
    /// The REST root.
    Root,
}

/// Judges one failure.
pub(crate) fn judge(case: &Case<'_>, config: &EngineConfig) -> Judgement {
    let backoff = config.retry.delay(case.failures, case.random);
    match case.error {
        WorkError::Db(DbError::CommitUnknown(_) | DbError::Fenced) => Judgement::End,
        WorkError::Db(error) if error.is_unavailable() => Judgement::Wait(backoff.min(Duration::from_secs(5))),
        WorkError::Db(_) => Judgement::Stuck(backoff),
        // What forbids writing says nothing of the store as a whole, and must not stop its reads.
        WorkError::Writes(_) => {
            Judgement::Duty { state: None, reason: "writes_refused", wait: config.attention_interval }
        }
        WorkError::Woo(error) => judge_answer(error, case, config, backoff),
    }
}

fn judge_answer(error: &WooError, case: &Case<'_>, config: &EngineConfig, backoff: Duration) -> Judgement {
    let attention = config.attention_interval;
    let asked = error.retry_after().unwrap_or_default();
    let reason = error.code();
    let ill = || Judgement::Store { state: StoreState::Degraded, reason, wait: backoff.max(asked), lost: None };
    let people = |lost| Judgement::Store { state: StoreState::NeedsAttention, reason, wait: attention, lost };
    let only = |state, reason, wait| Judgement::Duty { state, reason, wait };
    match error.code.as_deref() {
        Some(RESTING) => return Judgement::HeldBack(asked),
        Some(HOST_RESTING) => {
            let reason = "host_down";
            return Judgement::Store { state: StoreState::Degraded, reason, wait: asked, lost: None };
        }
        _ => {}
    }
    // A fault of its webhooks says nothing of its records: those have requests of their own to fail. A store that fails anyway is not
    // asked a second time on that account.
    if case.duty == Duty::Hooks && !case.is_store_failing {
        return only(None, "hooks_refused", if error.needs_attention() { attention } else { backoff.max(asked) });
    }
    match error.class {
        Failure::Refused | Failure::Moved => people(None),
        Failure::AuthNotReaching => people(Some(Lost::Auth)),
        Failure::AuthRejected => people(None),
        // The keys' user lost a right. Without the right to list, nothing is learned of the store at all.
        Failure::Forbidden if case.duty == Duty::Pull => only(Some(StoreState::NeedsAttention), reason, attention),
        Failure::Forbidden => only(None, reason, attention),
        Failure::NoRoute | Failure::NotWooCommerce => people(Some(Lost::Root)),
        // A page instead of JSON may be a challenge or a cache's moment; it is a block when it stays.
        Failure::Blocked if is_success(error) && case.failures < config.breaker_failures => ill(),
        Failure::Blocked => people(None),
        // Ours, or an old version's: the same request would be refused again.
        Failure::BadRequest => only(Some(StoreState::Degraded), reason, attention),
        Failure::Gone => only(None, reason, backoff),
        Failure::Dns | Failure::Tls if case.failing_for >= attention.saturating_mul(WEATHER) => people(None),
        Failure::Timeout
        | Failure::Connect
        | Failure::Interrupted
        | Failure::Dns
        | Failure::Tls
        | Failure::TooLarge
        | Failure::Throttled
        | Failure::Overloaded
        | Failure::Maintenance
        | Failure::BadJson => ill(),
    }
}

fn is_success(error: &WooError) -> bool {
    error.status.is_some_and(|status| (200..300).contains(&status))
}

/// What is kept for people to read: what happened, and where a store that moved says it is now.
pub(crate) fn text(error: &WorkError) -> String {
    match error {
        WorkError::Woo(WooError { moved_to: Some(place), .. }) => format!("{error}: {place}"),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn config() -> EngineConfig {
        EngineConfig::new("https://ops.example.com".parse().unwrap())
    }

    fn judged(class: Failure, status: Option<u16>, duty: Duty, failures: u32, failing_for: Duration) -> Judgement {
        let mut error = WooError::resting(class, "said_by_the_store", Duration::ZERO);
        (error.status, error.retry_after) = (status, None);
        let error = WorkError::Woo(error);
        let case = Case { error: &error, duty, failures, failing_for, is_store_failing: false, random: 1.0 };
        judge(&case, &config())
    }

    /// State and reason, or what else it came to.
    fn outline(judgement: &Judgement) -> (&'static str, &'static str, u64) {
        match judgement {
            Judgement::Wait(wait) => ("wait", "", wait.as_secs()),
            Judgement::HeldBack(wait) => ("held back", "", wait.as_secs()),
            Judgement::Stuck(wait) => ("stuck", "", wait.as_secs()),
            Judgement::Duty { state, reason, wait } => {
                (state.map_or("duty", StoreState::as_str), reason, wait.as_secs())
            }
            Judgement::Store { state, reason, wait, .. } => (state.as_str(), reason, wait.as_secs()),
            Judgement::End => ("end", "", 0),
        }
    }

    #[test]
    fn every_answer_has_its_row() {
        use Duty::{Outbox, Pull, Rechecks};
        let degraded = |reason| ("degraded", reason, 2);
        let attention = |reason| ("needs_attention", reason, 900);
        for (class, status, duty, expected) in [
            (Failure::Blocked, Some(200), Pull, degraded("blocked")),
            (Failure::Maintenance, Some(200), Pull, degraded("maintenance")),
            (Failure::Maintenance, Some(503), Pull, degraded("maintenance")),
            (Failure::BadJson, Some(200), Pull, degraded("bad_json")),
            (Failure::Moved, Some(301), Pull, attention("moved")),
            (Failure::BadRequest, Some(400), Pull, ("degraded", "bad_request", 900)),
            (Failure::AuthNotReaching, Some(401), Pull, attention("auth_not_reaching")),
            (Failure::AuthRejected, Some(401), Pull, attention("auth_rejected")),
            (Failure::AuthRejected, Some(401), Outbox, attention("auth_rejected")),
            (Failure::Forbidden, Some(403), Pull, ("needs_attention", "forbidden", 900)),
            (Failure::Forbidden, Some(403), Rechecks, ("duty", "forbidden", 900)),
            (Failure::Forbidden, Some(403), Outbox, ("duty", "forbidden", 900)),
            (Failure::Blocked, Some(403), Pull, attention("blocked")),
            (Failure::Blocked, Some(406), Pull, attention("blocked")),
            (Failure::Blocked, Some(455), Pull, attention("blocked")),
            (Failure::Blocked, Some(501), Pull, attention("blocked")),
            (Failure::Blocked, Some(503), Pull, attention("blocked")),
            (Failure::NoRoute, Some(404), Pull, attention("no_route")),
            (Failure::NotWooCommerce, Some(200), Pull, attention("not_woocommerce")),
            (Failure::Gone, Some(404), Rechecks, ("duty", "gone", 2)),
            (Failure::TooLarge, Some(413), Pull, degraded("too_large")),
            (Failure::Throttled, Some(429), Pull, degraded("throttled")),
            (Failure::Overloaded, Some(500), Pull, degraded("overloaded")),
            (Failure::Timeout, None, Pull, degraded("timeout")),
            (Failure::Connect, None, Pull, degraded("connect")),
            (Failure::Interrupted, None, Pull, degraded("interrupted")),
            (Failure::Dns, None, Pull, degraded("dns")),
            (Failure::Tls, None, Pull, degraded("tls")),
            (Failure::Refused, None, Pull, attention("refused")),
        ] {
            let judgement = judged(class, status, duty, 1, Duration::ZERO);
            assert_eq!(outline(&judgement), expected, "{class:?} {status:?} {duty:?}");
        }
    }

    fn judged_of_ours(error: WorkError) -> Judgement {
        let (duty, failing_for) = (Duty::Outbox, Duration::ZERO);
        let case = Case { error: &error, duty, failures: 1, failing_for, is_store_failing: true, random: 1.0 };
        judge(&case, &config())
    }

    #[test]
    fn a_store_that_takes_no_writes_is_read_all_the_same() {
        for class in [Failure::AuthRejected, Failure::Forbidden, Failure::Blocked, Failure::NoRoute] {
            let error = WooError::resting(class, "said_by_the_store", Duration::ZERO);
            assert_eq!(outline(&judged_of_ours(WorkError::Writes(error))), ("duty", "writes_refused", 900));
        }
    }

    #[test]
    fn a_lost_database_is_waited_for_by_all_and_a_row_that_it_refuses_by_one_duty() {
        let lost = DbError::Unavailable("no connection".into());
        assert_eq!(outline(&judged_of_ours(lost.into())), ("wait", "", 2));
        let refused = DbError::Inconsistent { table: "intent", column: "change" };
        assert_eq!(outline(&judged_of_ours(refused.into())), ("stuck", "", 2));
    }

    #[test]
    fn what_may_be_found_again_is_looked_for() {
        let lost = |class| match judged(class, None, Duty::Pull, 1, Duration::ZERO) {
            Judgement::Store { lost, .. } => lost,
            _ => None,
        };
        assert_eq!(lost(Failure::AuthNotReaching), Some(Lost::Auth));
        assert_eq!([lost(Failure::NoRoute), lost(Failure::NotWooCommerce)], [Some(Lost::Root); 2]);
        assert_eq!([lost(Failure::AuthRejected), lost(Failure::Moved)], [None; 2]);
    }

    #[test]
    fn names_and_certificates_are_weather_for_an_hour_and_a_page_for_some_tries() {
        let after = |minutes| outline(&judged(Failure::Tls, None, Duty::Pull, 9, MINUTE * minutes)).0;
        assert_eq!([after(59), after(60)], ["degraded", "needs_attention"]);
        let page = |failures| outline(&judged(Failure::Blocked, Some(200), Duty::Pull, failures, MINUTE)).0;
        assert_eq!([page(4), page(5)], ["degraded", "needs_attention"]);
    }

    #[test]
    fn a_fault_of_webhooks_is_theirs_alone_and_what_was_held_back_changes_nothing() {
        let hooks = outline(&judged(Failure::Forbidden, Some(403), Duty::Hooks, 1, Duration::ZERO));
        assert_eq!(hooks, ("duty", "hooks_refused", 900));
        let held = |code| {
            let error = WorkError::Woo(WooError::resting(Failure::Overloaded, code, MINUTE));
            let (duty, failing_for) = (Duty::Hooks, MINUTE);
            let case = Case { error: &error, duty, failures: 1, failing_for, is_store_failing: false, random: 1.0 };
            judge(&case, &config())
        };
        assert_eq!(held(RESTING), Judgement::HeldBack(MINUTE));
        assert_eq!(outline(&held(HOST_RESTING)), ("degraded", "host_down", 60));
    }

    #[test]
    fn the_wait_is_what_the_store_asked_for_if_that_is_longer() {
        let mut error = WooError::resting(Failure::Throttled, "said_by_the_store", 10 * MINUTE);
        error.status = Some(429);
        let error = WorkError::Woo(error);
        let (duty, failing_for) = (Duty::Pull, MINUTE);
        let case = Case { error: &error, duty, failures: 1, failing_for, is_store_failing: false, random: 1.0 };
        assert_eq!(outline(&judge(&case, &config())), ("degraded", "throttled", 600));
    }
}
