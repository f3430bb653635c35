//! Where a load test bent: the first second in which screens were late, and what was used up then.

use serde::Serialize;

use super::sample::Sample;

/// Screens that are later than this are late.
const LATE_MS: u64 = 1_000;
/// In hundredths.
const NEARLY: u64 = 90;

/// What there is of everything.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub cores: u64,
    /// Connections that the binary may have for its work.
    pub connections: u64,
    pub stores: u64,
    /// Something was wrong with some shops on purpose: their own changes may be late for that alone.
    pub has_faults: bool,
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bend {
    pub second: u64,
    pub lag_ms: u64,
    /// What was used up or broken, in words.
    pub saturated: Vec<String>,
}

/// Finds it, if there is one.
#[must_use]
pub fn find(samples: &[Sample], limits: Limits) -> Option<Bend> {
    let sample = samples.iter().find(|sample| sample.lag_ms() > LATE_MS)?;
    Some(Bend { second: sample.second, lag_ms: sample.lag_ms(), saturated: saturated(sample, limits) })
}

fn saturated(sample: &Sample, limits: Limits) -> Vec<String> {
    let mut all = Vec::new();
    if limits.has_faults {
        all.push("shops that were in trouble on purpose".to_owned());
    }
    if sample.machine_cores >= limits.cores * NEARLY {
        let own = sample.machine_cores.saturating_sub(sample.program_cores + sample.database_cores);
        all.push(format!(
            "the CPU: binary {}, PostgreSQL {}, this test and the rest {} of {} cores",
            crate::report::decimal(sample.program_cores),
            crate::report::decimal(sample.database_cores),
            crate::report::decimal(own),
            limits.cores
        ));
    }
    if sample.connections * 100 >= limits.connections * NEARLY {
        all.push(format!("the pool: {} of {} connections in use", sample.connections, limits.connections));
    }
    if sample.rechecks > limits.stores {
        all.push(format!("the stores' budgets: {} records wait to be asked about", sample.rechecks));
    }
    if sample.pending > sample.acked.max(1) {
        all.push(format!("the inbox: {} deliveries wait, more than came in a second", sample.pending));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::lags::Lags;

    const LIMITS: Limits = Limits { cores: 2, connections: 16, stores: 20, has_faults: false };

    fn late(second: u64) -> Sample {
        let lag = Lags { p99_us: 1_200_000, ..Lags::default() };
        Sample { second, acked: 50, lag, ..Sample::default() }
    }

    #[test]
    fn it_is_the_first_late_second_and_says_what_was_used_up() {
        let samples = [
            Sample { second: 1, machine_cores: 200, ..Sample::default() },
            Sample { machine_cores: 195, program_cores: 90, database_cores: 60, ..late(2) },
            Sample { connections: 16, ..late(3) },
        ];
        let bend = find(&samples, LIMITS).unwrap();
        assert_eq!((bend.second, bend.lag_ms), (2, 1_200));
        assert_eq!(bend.saturated, ["the CPU: binary 0.90, PostgreSQL 0.60, this test and the rest 0.45 of 2 cores"]);
    }

    #[test]
    fn what_waits_unseen_is_late_too_and_nothing_late_is_no_bend() {
        let stuck = Sample { second: 4, oldest_ms: 5_000, pending: 500, rechecks: 30, ..late(4) };
        let bend = find(&[stuck], LIMITS).unwrap();
        assert_eq!((bend.lag_ms, bend.saturated.len()), (5_000, 2));
        let troubled = find(&[late(5)], Limits { has_faults: true, ..LIMITS }).unwrap();
        assert_eq!(troubled.saturated, ["shops that were in trouble on purpose"]);
        assert_eq!(find(&[Sample { second: 1, ..Sample::default() }], LIMITS), None);
    }
}
