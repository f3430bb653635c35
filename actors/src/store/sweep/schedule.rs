//! What is to be walked next, and when. Pure: the rows and the time decide, so a restart changes nothing.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, civil::Time, tz::TimeZone};
use storewire_db::sweeps::Sweep;
use storewire_domain::Purpose;

/// From this interval on a reconcile keeps to the store's nights.
const NIGHTLY: Duration = Duration::from_secs(20 * 3_600);

/// When the night's walks begin: at two o'clock, spread over three hours.
const NIGHT_BEGINS: Time = Time::constant(2, 0, 0, 0);
const NIGHT_LASTS_S: i64 = 3 * 3_600;

/// How often a store is walked.
pub(crate) struct Rhythm {
    pub(crate) sweep_interval: Duration,
    pub(crate) reconcile_interval: Duration,
    /// The store's own.
    pub(crate) zone: TimeZone,
    /// The store's place among others, so that they do not march in step.
    pub(crate) seed: u8,
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Walk(Sweep),
    Begin(Purpose),
    /// All walks of the run are made, and what they found is not asked about yet.
    Settle,
    Close(Purpose),
    /// Nothing before this.
    Wait(Timestamp),
}

/// Decides from a store's walks. A reconcile goes before a sweep, which it covers; a person's wish goes before the clock. `is_asking`
/// says that records which a walk wondered about are still to be asked about.
pub(crate) fn next_task(
    walks: &[Sweep],
    is_asking: bool,
    rhythm: &Rhythm,
    imported_at: Timestamp,
    now: Timestamp,
) -> Task {
    let mut is_settling = false;
    let mut wait_until = Timestamp::MAX;
    for purpose in [Purpose::Reconcile, Purpose::Sweep] {
        let mut run = walks.iter().filter(|walk| walk.purpose == purpose);
        let Some(first) = run.clone().next() else { continue };
        if let Some(open) = run.find(|walk| walk.is_open()) {
            return Task::Walk(open.clone());
        }
        if first.run_id.is_some() && !first.is_closed() {
            if !is_asking {
                return Task::Close(purpose);
            }
            is_settling = true;
            continue;
        }
        let due = if first.wanted_at.is_some() { now } else { due(purpose, walks, rhythm, imported_at) };
        if due <= now {
            return Task::Begin(purpose);
        }
        wait_until = wait_until.min(due);
    }
    if is_settling { Task::Settle } else { Task::Wait(wait_until) }
}

fn due(purpose: Purpose, walks: &[Sweep], rhythm: &Rhythm, imported_at: Timestamp) -> Timestamp {
    let last = |of: Purpose| walks.iter().filter(|walk| walk.purpose == of).filter_map(|walk| walk.closed_at).max();
    match purpose {
        // The first follows the import at once: it is the import of customers, too.
        Purpose::Sweep if last(Purpose::Sweep).is_none() => imported_at,
        Purpose::Sweep => {
            let last = last(Purpose::Sweep).max(last(Purpose::Reconcile)).unwrap_or(imported_at);
            later(last, jittered(rhythm.sweep_interval, rhythm.seed))
        }
        Purpose::Reconcile => {
            let last = last(Purpose::Reconcile).unwrap_or(imported_at);
            if rhythm.reconcile_interval < NIGHTLY {
                later(last, jittered(rhythm.reconcile_interval, rhythm.seed))
            } else {
                // A night comes a few hours early rather than a day late.
                night_after(later(last, rhythm.reconcile_interval.saturating_sub(NIGHTLY * 9 / 10)), rhythm)
            }
        }
    }
}

/// A tenth less to a tenth more, always the same for the same store.
fn jittered(interval: Duration, seed: u8) -> Duration {
    interval * 9 / 10 + interval / 5 * u32::from(seed) / u32::from(u8::MAX)
}

fn later(time: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by).ok().and_then(|by| time.checked_add(by).ok()).unwrap_or(Timestamp::MAX)
}

/// The store's own moment in the first night that is not over before `time`.
fn night_after(time: Timestamp, rhythm: &Rhythm) -> Timestamp {
    let into_night = SignedDuration::from_secs(NIGHT_LASTS_S * i64::from(rhythm.seed) / i64::from(u8::MAX));
    let mut date = time.to_zoned(rhythm.zone.clone()).date();
    for _ in 0..3 {
        let begins = date.to_datetime(NIGHT_BEGINS).to_zoned(rhythm.zone.clone());
        let moment = begins.ok().and_then(|begins| begins.timestamp().checked_add(into_night).ok());
        if let Some(moment) = moment.filter(|moment| *moment >= time) {
            return moment;
        }
        let Ok(tomorrow) = date.tomorrow() else { break };
        date = tomorrow;
    }
    time
}

#[cfg(test)]
mod tests {
    use storewire_db::sweeps::WALKS;
    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn rhythm(zone: &str) -> Rhythm {
        let hours = |count: u64| Duration::from_secs(count * 3_600);
        Rhythm {
            sweep_interval: hours(6),
            reconcile_interval: hours(24),
            zone: TimeZone::get(zone).unwrap(),
            seed: 128,
        }
    }

    fn never() -> Vec<Sweep> {
        let of = |purpose: Purpose| WALKS.map(|(resource, listing)| Sweep::never(purpose, resource, listing));
        [of(Purpose::Sweep), of(Purpose::Reconcile)].concat()
    }

    fn of(walks: &mut [Sweep], purpose: Purpose) -> impl Iterator<Item = &mut Sweep> {
        walks.iter_mut().filter(move |walk| walk.purpose == purpose)
    }

    fn closed(walks: &mut [Sweep], purpose: Purpose, closed_at: Timestamp) {
        for walk in of(walks, purpose) {
            walk.run_id = Some(Uuid::nil());
            walk.started_at = Some(closed_at);
            walk.finished_at = Some(closed_at);
            walk.closed_at = Some(closed_at);
        }
    }

    #[test]
    fn an_import_is_followed_by_a_sweep_and_the_night_by_a_reconcile() {
        let imported_at = at("2026-05-04T12:00:00Z");
        let rhythm = rhythm("Europe/Istanbul");
        let mut walks = never();
        assert_eq!(next_task(&walks, false, &rhythm, imported_at, imported_at), Task::Begin(Purpose::Sweep));
        closed(&mut walks, Purpose::Sweep, imported_at);
        let Task::Wait(sweep) = next_task(&walks, false, &rhythm, imported_at, imported_at) else { panic!() };
        assert!(sweep.duration_since(imported_at).as_hours() >= 5 && sweep < at("2026-05-04T19:00:00Z"), "{sweep}");
        closed(&mut walks, Purpose::Sweep, at("2026-05-05T00:30:00Z"));
        // 03:30 in Istanbul.
        let night = at("2026-05-05T00:30:21Z");
        assert_eq!(next_task(&walks, false, &rhythm, imported_at, at("2026-05-05T00:30:00Z")), Task::Wait(night));
        assert_eq!(next_task(&walks, false, &rhythm, imported_at, night), Task::Begin(Purpose::Reconcile));
    }

    #[test]
    fn a_reconcile_keeps_to_the_stores_own_night_wherever_it_is() {
        for zone in
            ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"]
        {
            let rhythm = rhythm(zone);
            let mut last = at("2026-01-01T00:00:00Z");
            let mut walks = never();
            closed(&mut walks, Purpose::Sweep, Timestamp::MAX);
            for _ in 0..400 {
                closed(&mut walks, Purpose::Reconcile, last);
                let due = due(Purpose::Reconcile, &walks, &rhythm, last);
                let hour = due.to_zoned(rhythm.zone.clone()).hour();
                assert!((2..=5).contains(&hour), "{zone}: {due} is {hour} o'clock");
                let hours = due.duration_since(last).as_hours();
                assert!((6..=31).contains(&hours), "{zone}: {hours} hours after {last}");
                last = due;
            }
        }
    }

    #[test]
    fn what_a_person_wants_begins_at_once_and_goes_before_a_sweep_under_way() {
        let now = at("2026-05-04T12:00:00Z");
        let mut walks = never();
        for walk in of(&mut walks, Purpose::Sweep) {
            (walk.run_id, walk.started_at) = (Some(Uuid::nil()), Some(now));
        }
        for walk in of(&mut walks, Purpose::Reconcile) {
            walk.wanted_at = Some(now);
        }
        let rhythm = rhythm("UTC");
        assert_eq!(next_task(&walks, false, &rhythm, now, now), Task::Begin(Purpose::Reconcile));
        for walk in of(&mut walks, Purpose::Reconcile) {
            (walk.run_id, walk.started_at, walk.wanted_at) = (Some(Uuid::nil()), Some(now), None);
        }
        let Task::Walk(walk) = next_task(&walks, false, &rhythm, now, now) else { panic!() };
        assert_eq!((walk.purpose, walk.resource, walk.listing), (Purpose::Reconcile, WALKS[0].0, WALKS[0].1));
    }

    #[test]
    fn a_run_is_over_when_all_that_it_wondered_about_was_asked() {
        let now = at("2026-05-04T12:00:00Z");
        let mut walks = never();
        closed(&mut walks, Purpose::Sweep, now);
        closed(&mut walks, Purpose::Reconcile, now);
        for walk in of(&mut walks, Purpose::Reconcile) {
            walk.closed_at = Some(at("2026-05-03T12:00:00Z"));
        }
        let rhythm = rhythm("UTC");
        assert_eq!(next_task(&walks, true, &rhythm, now, now), Task::Settle);
        assert_eq!(next_task(&walks, false, &rhythm, now, now), Task::Close(Purpose::Reconcile));
    }
}
