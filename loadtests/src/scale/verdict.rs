//! What was measured against what a node must keep to.

use std::fmt;

use super::bounds::Bounds;
use super::run::Measured;
use crate::report::decimal;

/// One bound, and whether it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub holds: bool,
    pub text: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", if self.holds { "ok    " } else { "MISSED" }, self.text)
    }
}

/// Judges each number of stores, and the most against the fewest.
#[must_use]
pub fn judge(all: &[Measured], bounds: &Bounds) -> Vec<Line> {
    let mut lines: Vec<Line> = all.iter().flat_map(|measured| of_one(measured, bounds)).collect();
    let by_stores = |measured: &&Measured| measured.stores;
    if let (Some(few), Some(many)) = (all.iter().min_by_key(by_stores), all.iter().max_by_key(by_stores))
        && few.stores < many.stores
    {
        lines.push(quiet(few, many, bounds));
    }
    lines
}

fn of_one(measured: &Measured, bounds: &Bounds) -> Vec<Line> {
    let Measured { stores, placed_ms, polls, .. } = measured;
    let ready_ms = u64::try_from(bounds.ready.as_millis()).unwrap_or(u64::MAX);
    let resident = measured.idle_resident_kib.max(polls.peak_kib);
    let mut lines = vec![
        Line {
            holds: *placed_ms <= ready_ms,
            text: format!(
                "{stores} stores: serving and every actor in place in {placed_ms} ms (at most {ready_ms} ms)"
            ),
        },
        Line {
            holds: resident <= bounds.resident_kib,
            text: format!(
                "{stores} stores: {} MiB at most (at most {} MiB)",
                resident >> 10,
                bounds.resident_kib >> 10
            ),
        },
    ];
    if polls.interval_seconds > 0 {
        lines.push(Line {
            holds: polls.burst_hundredths <= bounds.burst_hundredths && polls.polled * 100 >= stores * 99,
            text: format!(
                "{stores} stores: {} were polled within {} s, {} in the fullest second, {} times the mean (at most {})",
                polls.polled,
                polls.interval_seconds,
                polls.largest_second,
                decimal(polls.burst_hundredths),
                decimal(bounds.burst_hundredths)
            ),
        });
    }
    lines
}

/// What idling costs must not grow with the stores: both are told for the same number of seconds.
fn quiet(few: &Measured, many: &Measured, bounds: &Bounds) -> Line {
    let more = many.quiet_transactions.saturating_sub(few.quiet_transactions);
    Line {
        holds: more <= bounds.quiet_per_second * many.quiet_seconds,
        text: format!(
            "{} s without anything due: {} transactions with {} stores, {} with {}",
            many.quiet_seconds, few.quiet_transactions, few.stores, many.quiet_transactions, many.stores
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scale::run::Polls;

    fn sound(stores: u64) -> Measured {
        Measured {
            stores,
            placed_ms: 900,
            idle_resident_kib: 90 << 10,
            quiet_seconds: 20,
            quiet_transactions: 80,
            polls: Polls {
                interval_seconds: 300,
                polled: stores,
                burst_hundredths: 120,
                peak_kib: 200 << 10,
                ..Polls::default()
            },
            ..Measured::default()
        }
    }

    fn missed(all: &[Measured]) -> usize {
        judge(all, &Bounds::default()).iter().filter(|line| !line.holds).count()
    }

    #[test]
    fn each_bound_is_missed_by_itself() {
        assert_eq!(missed(&[sound(1_000), sound(10_000)]), 0);
        let polls = sound(10_000).polls;
        for wrong in [
            Measured { placed_ms: 10_001, ..sound(10_000) },
            Measured { polls: Polls { peak_kib: 257 << 10, ..polls.clone() }, ..sound(10_000) },
            Measured { polls: Polls { burst_hundredths: 151, ..polls.clone() }, ..sound(10_000) },
            Measured { polls: Polls { polled: 9_000, ..polls.clone() }, ..sound(10_000) },
            Measured { quiet_transactions: 80 + 41, ..sound(10_000) },
        ] {
            assert_eq!(missed(&[sound(1_000), wrong.clone()]), 1, "{wrong:?}");
        }
    }

    #[test]
    fn an_interval_without_polls_is_not_judged() {
        assert_eq!(judge(&[Measured { polls: Polls::default(), ..sound(10) }], &Bounds::default()).len(), 2);
    }
}
