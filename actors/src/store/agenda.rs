//! Which duty is next. Pure: it is told what time it is, and does nothing by itself.

use std::time::{Duration, Instant};

use super::{
    duty::{Duty, Lane, Next},
    judge::Judgement,
};

/// A duty that has been due for so long goes before those of higher rank: nothing waits for ever behind a busy neighbour.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same, where what goes first is urgent.
const LONG_PATIENCE: Duration = Duration::from_secs(60);

/// When each duty is due.
pub(crate) struct Agenda {
    slots: [Slot; Duty::ALL.len()],
    /// No request goes to the store before this, unless a person asks.
    store_rests_until: Instant,
    /// Nor before this, whoever asks.
    quiet_until: Instant,
    /// Before this the background's budget is used up.
    budget_from: Instant,
    /// The database is everyone's: after a failure of it nothing is tried before this.
    all_rest_until: Instant,
}

#[derive(Clone, Copy)]
struct Slot {
    duty: Duty,
    /// `None` until somebody says so.
    due: Option<Instant>,
    /// Said while a step was under way: that step may have looked too early.
    again: bool,
    is_under_way: bool,
    /// A person asked for it.
    is_hurried: bool,
    rests_until: Instant,
    /// Failures of its own in a row.
    failures: u32,
}

impl Agenda {
    /// The rows are the truth, not the nudges: all of them are looked at with the first pull. A store whose rows are known to hold nothing
    /// that waits may begin with a pull that lies ahead, and is nudged when something comes.
    pub(crate) fn new(now: Instant, first_pull: Duration, first_sweep: Duration) -> Self {
        let slots = Duty::ALL.map(|duty| {
            let wait = if duty == Duty::Sweep { first_sweep } else { first_pull };
            let due = (duty != Duty::Mend).then(|| now + wait);
            Slot { duty, due, again: false, is_under_way: false, is_hurried: false, rests_until: now, failures: 0 }
        });
        Self { slots, store_rests_until: now, quiet_until: now, budget_from: now, all_rest_until: now }
    }

    /// The duty to do now in this lane, if any: a person's wish, what waited far too long, what is urgent, what waited long, by rank.
    pub(crate) fn next(&self, lane: Lane, now: Instant) -> Option<Duty> {
        if self.is_busy(lane) {
            return None;
        }
        let ready = || {
            let of_lane = self.slots.iter().filter(move |slot| slot.duty.lane() == lane);
            of_lane.filter(|slot| self.opens_at(slot).is_some_and(|at| now >= at))
        };
        let waited = |patience: Duration| {
            let waiting = ready().filter(move |slot| slot.due.is_some_and(|due| now.duration_since(due) > patience));
            waiting.min_by_key(|slot| slot.due)
        };
        let first = ready().find(|slot| slot.is_hurried);
        let first = first.or_else(|| waited(LONG_PATIENCE)).or_else(|| ready().find(|slot| slot.duty.is_urgent()));
        first.or_else(|| waited(PATIENCE)).or_else(|| ready().next()).map(|slot| slot.duty)
    }

    /// When to look again, if nothing is said before. The end of a step is such a word.
    pub(crate) fn wake_at(&self) -> Option<Instant> {
        let free = self.slots.iter().filter(|slot| !self.is_busy(slot.duty.lane()));
        free.filter_map(|slot| self.opens_at(slot)).min()
    }

    /// Whether anything could be done now.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        [Lane::Desk, Lane::Store].into_iter().any(|lane| self.next(lane, now).is_some())
    }

    fn is_busy(&self, lane: Lane) -> bool {
        self.slots.iter().any(|slot| slot.duty.lane() == lane && slot.is_under_way)
    }

    /// When a duty that is due may begin.
    fn opens_at(&self, slot: &Slot) -> Option<Instant> {
        let own = slot.due?.max(slot.rests_until).max(self.all_rest_until);
        Some(match slot.duty.lane() {
            Lane::Desk => own,
            Lane::Store if slot.is_hurried || slot.duty.is_urgent() => own.max(self.store_opens_at()),
            Lane::Store => own.max(self.store_opens_at()).max(self.budget_from),
        })
    }

    fn store_opens_at(&self) -> Instant {
        self.store_rests_until.max(self.quiet_until)
    }

    /// Whether a person waits for a duty that has not begun.
    pub(crate) fn is_hurried(&self) -> bool {
        self.slots.iter().any(|slot| slot.is_hurried)
    }

    /// There is something to do.
    pub(crate) fn nudge(&mut self, duty: Duty, now: Instant) {
        let slot = self.slot(duty);
        slot.again |= slot.is_under_way;
        slot.due = Some(slot.due.map_or(now, |due| due.min(now)));
    }

    /// A person asks: whatever rested is tried at once, only a store that asked for quiet is left in it.
    pub(crate) fn hurry(&mut self, duty: Duty, now: Instant) {
        self.nudge(duty, now);
        let slot = self.slot(duty);
        (slot.rests_until, slot.is_hurried) = (now, true);
        self.store_rests_until = now;
    }

    /// A step begins; answers whether a person asked for it.
    pub(crate) fn begin(&mut self, duty: Duty) -> bool {
        let slot = self.slot(duty);
        (slot.is_under_way, slot.again) = (true, false);
        std::mem::take(&mut slot.is_hurried)
    }

    /// A step ended well.
    pub(crate) fn done(&mut self, duty: Duty, next: Next, now: Instant) {
        let slot = self.slot(duty);
        (slot.is_under_way, slot.failures) = (false, 0);
        slot.due = match next {
            _ if slot.again => Some(now),
            Next::Now => Some(now),
            Next::In(wait) => Some(now + wait),
            Next::Nudged => None,
        };
    }

    /// A step failed; answers how often in a row. It is due again, behind whatever waits longer: one that always fails holds up nothing.
    pub(crate) fn failed(&mut self, duty: Duty, now: Instant) -> u32 {
        let slot = self.slot(duty);
        (slot.is_under_way, slot.due) = (false, Some(now));
        slot.failures = slot.failures.saturating_add(1);
        slot.failures
    }

    /// This duty alone waits.
    fn rest(&mut self, duty: Duty, until: Instant) {
        self.slot(duty).rests_until = until;
    }

    /// The store is left alone.
    pub(crate) fn rest_store(&mut self, until: Instant) {
        self.store_rests_until = until;
    }

    /// Nobody asks the store for anything.
    pub(crate) fn keep_quiet(&mut self, until: Instant) {
        self.quiet_until = until;
    }

    /// The background has something to spend again.
    pub(crate) fn budget_from(&mut self, from: Instant) {
        self.budget_from = from;
    }

    /// Rests as a judgement over a failed step says; a store that has blown its fuse rests at least until `closed_until`.
    pub(crate) fn obey(&mut self, duty: Duty, judgement: &Judgement, now: Instant, closed_until: Option<Instant>) {
        match judgement {
            Judgement::End => {}
            Judgement::Wait(wait) => self.rest_all(now + *wait),
            Judgement::Stuck(wait) | Judgement::Duty { wait, .. } => self.rest(duty, now + *wait),
            Judgement::HeldBack(wait) => self.rest_store(now + *wait),
            Judgement::Store { wait, .. } => {
                let until = (now + *wait).max(closed_until.unwrap_or(now));
                self.rest_store(until);
                if duty == Duty::Hooks {
                    // The next try is somebody else's: its webhooks may be all that still fails.
                    self.rest(duty, until + *wait);
                }
            }
        }
    }

    /// Everything waits.
    fn rest_all(&mut self, until: Instant) {
        self.all_rest_until = until;
    }

    fn slot(&mut self, duty: Duty) -> &mut Slot {
        // Every duty has its slot, in the order of their declaration.
        &mut self.slots[duty as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn agenda(now: Instant) -> Agenda {
        let mut agenda = Agenda::new(now, Duration::ZERO, Duration::ZERO);
        for duty in Duty::ALL {
            agenda.begin(duty);
            agenda.done(duty, Next::Nudged, now);
        }
        agenda
    }

    #[test]
    fn a_persons_wish_goes_before_a_pull_and_mail_needs_no_turn_of_the_store() {
        let now = Instant::now();
        let mut agenda = agenda(now);
        for duty in [Duty::Pull, Duty::Outbox, Duty::Inbox] {
            agenda.nudge(duty, now);
        }
        assert_eq!(agenda.next(Lane::Store, now), Some(Duty::Outbox));
        agenda.begin(Duty::Outbox);
        assert_eq!(agenda.next(Lane::Store, now), None);
        assert_eq!(agenda.next(Lane::Desk, now), Some(Duty::Inbox));
    }

    #[test]
    fn what_is_long_overdue_goes_before_what_is_more_urgent() {
        let now = Instant::now();
        let mut agenda = agenda(now);
        agenda.nudge(Duty::Sweep, now);
        agenda.nudge(Duty::Pull, now + SECOND);
        assert_eq!(agenda.next(Lane::Store, now + 2 * SECOND), Some(Duty::Pull));
        assert_eq!(agenda.next(Lane::Store, now + PATIENCE + SECOND / 2), Some(Duty::Sweep));
        agenda.nudge(Duty::Outbox, now + PATIENCE);
        assert_eq!(agenda.next(Lane::Store, now + PATIENCE + SECOND / 2), Some(Duty::Outbox));
        assert_eq!(agenda.next(Lane::Store, now + LONG_PATIENCE + SECOND), Some(Duty::Sweep));
        agenda.hurry(Duty::Rechecks, now + LONG_PATIENCE);
        assert_eq!(agenda.next(Lane::Store, now + LONG_PATIENCE + SECOND), Some(Duty::Rechecks));
    }

    #[test]
    fn a_click_needs_none_of_the_backgrounds_budget_but_leaves_a_store_in_the_quiet_it_asked_for() {
        let now = Instant::now();
        let mut agenda = agenda(now);
        agenda.budget_from(now + 30 * SECOND);
        agenda.nudge(Duty::Pull, now);
        assert_eq!((agenda.next(Lane::Store, now), agenda.wake_at()), (None, Some(now + 30 * SECOND)));
        agenda.hurry(Duty::Pull, now);
        assert_eq!(agenda.next(Lane::Store, now), Some(Duty::Pull));
        agenda.keep_quiet(now + 60 * SECOND);
        assert_eq!((agenda.next(Lane::Store, now), agenda.wake_at()), (None, Some(now + 60 * SECOND)));
    }

    #[test]
    fn while_a_hand_is_busy_nothing_wakes_for_what_it_would_do_next() {
        let now = Instant::now();
        let mut agenda = agenda(now);
        agenda.nudge(Duty::Pull, now);
        agenda.nudge(Duty::Rechecks, now);
        agenda.begin(Duty::Rechecks);
        assert_eq!(agenda.wake_at(), None);
    }

    #[test]
    fn a_nudge_during_a_step_is_not_lost() {
        let now = Instant::now();
        let mut agenda = agenda(now);
        agenda.nudge(Duty::Inbox, now);
        agenda.begin(Duty::Inbox);
        agenda.nudge(Duty::Inbox, now);
        agenda.done(Duty::Inbox, Next::Nudged, now);
        assert_eq!(agenda.next(Lane::Desk, now), Some(Duty::Inbox));
    }

    #[test]
    fn an_urgent_duty_that_always_fails_lets_others_have_their_turn() {
        let mut now = Instant::now();
        let mut agenda = agenda(now);
        agenda.nudge(Duty::Outbox, now);
        now += SECOND;
        agenda.nudge(Duty::Pull, now);
        for _ in 0..100 {
            match agenda.next(Lane::Store, now) {
                Some(Duty::Outbox) => {
                    agenda.begin(Duty::Outbox);
                    agenda.failed(Duty::Outbox, now);
                }
                other => return assert_eq!(other, Some(Duty::Pull)),
            }
            now += 5 * SECOND;
        }
        panic!("the pull never had its turn");
    }

    #[test]
    fn a_store_that_rests_does_not_hold_up_mail_and_a_person_ends_the_rest() {
        let now = Instant::now();
        let mut agenda = agenda(now);
        agenda.rest_store(now + 60 * SECOND);
        agenda.nudge(Duty::Pull, now);
        agenda.nudge(Duty::Inbox, now);
        assert_eq!(agenda.next(Lane::Store, now), None);
        assert_eq!(agenda.next(Lane::Desk, now), Some(Duty::Inbox));
        agenda.hurry(Duty::Pull, now);
        assert_eq!(agenda.next(Lane::Store, now), Some(Duty::Pull));
    }

    #[test]
    fn before_its_turn_a_store_wakes_for_nothing_but_a_nudge() {
        let now = Instant::now();
        let turn = now + 60 * SECOND;
        let mut agenda = Agenda::new(now, 60 * SECOND, 90 * SECOND);
        assert!(!agenda.is_due(now) && !agenda.is_due(turn - SECOND / 1_000));
        assert_eq!(agenda.wake_at(), Some(turn));
        assert!(agenda.is_due(turn));
        agenda.nudge(Duty::Outbox, now);
        assert_eq!((agenda.is_due(now), agenda.next(Lane::Store, now)), (true, Some(Duty::Outbox)));
        assert_eq!(agenda.next(Lane::Desk, now), None);
    }

    #[test]
    fn it_wakes_for_the_earliest_that_can_be_done() {
        let now = Instant::now();
        let mut agenda = agenda(now);
        assert_eq!(agenda.wake_at(), None);
        agenda.begin(Duty::Pull);
        agenda.done(Duty::Pull, Next::In(10 * SECOND), now);
        agenda.begin(Duty::Hooks);
        agenda.done(Duty::Hooks, Next::In(30 * SECOND), now);
        assert_eq!(agenda.wake_at(), Some(now + 10 * SECOND));
        agenda.rest_store(now + 60 * SECOND);
        assert_eq!(agenda.wake_at(), Some(now + 60 * SECOND));
    }
}
