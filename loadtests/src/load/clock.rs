//! Looks at everything once a second.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use storesim::Fleet;

use super::arrivals::Arrivals;
use super::lags::Lags;
use super::sample::Sample;
use crate::chaos::node::Node;
use crate::cpu::{self, Used};
use crate::ground::Ground;
use crate::memory::Resident;

/// How things stand, in one statement.
const STANDING: &str = "SELECT
    (SELECT count(*) FROM inbox WHERE state = 'pending'),
    (SELECT coalesce((extract(epoch FROM now() - min(received_at)) * 1000)::bigint, 0) FROM inbox WHERE state = 'pending'),
    (SELECT count(*) FROM recheck),
    (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'storewire' AND state <> 'idle')";

/// See the module.
pub struct Looker<'a> {
    ground: &'a Ground,
    node: &'a Node,
    arrivals: &'a Arrivals,
    began: Instant,
    last: Totals,
}

/// What had happened up to a look.
struct Totals {
    at: Instant,
    posted: u64,
    acked: u64,
    applied: u64,
    frames: u64,
    arrivals: usize,
    used: Used,
    machine: Duration,
}

impl<'a> Looker<'a> {
    /// # Errors
    /// If one of the processes is gone.
    pub async fn start(ground: &'a Ground, node: &'a Node, arrivals: &'a Arrivals) -> Result<Self> {
        let (posted, acked) = deliveries(&ground.fleet);
        let last = Totals {
            at: Instant::now(),
            posted,
            acked,
            applied: acked,
            frames: arrivals.frames(),
            arrivals: arrivals.after(0).len(),
            used: used(ground, node)?,
            machine: machine()?,
        };
        Ok(Self { ground, node, arrivals, began: Instant::now(), last })
    }

    /// What happened since the last look.
    ///
    /// # Errors
    /// If the binary or the database is gone.
    pub async fn look(&mut self) -> Result<Sample> {
        let row = self.ground.admin.query_one(STANDING, &[]).await?;
        let standing = |index: usize| -> Result<u64> { Ok(u64::try_from(row.try_get::<_, i64>(index)?)?) };
        let pending = standing(0)?;
        let (posted, acked) = deliveries(&self.ground.fleet);
        let came = self.arrivals.after(self.last.arrivals);
        let now = Totals {
            at: Instant::now(),
            posted,
            acked,
            applied: acked.saturating_sub(pending),
            frames: self.arrivals.frames(),
            arrivals: self.last.arrivals + came.len(),
            used: used(self.ground, self.node)?,
            machine: machine()?,
        };
        let last = std::mem::replace(&mut self.last, now);
        let (now, took) = (&self.last, self.last.at.duration_since(last.at));
        let cores =
            |time: Duration| u64::try_from(time.as_micros() * 100 / took.as_micros().max(1)).unwrap_or_default();
        let used = now.used.since(&last.used);
        let lags = came.iter().map(|one| one.seen_at.as_microsecond() - one.received_at.as_microsecond());
        Ok(Sample {
            second: self.began.elapsed().as_secs(),
            posted: now.posted - last.posted,
            acked: now.acked - last.acked,
            applied: now.applied.saturating_sub(last.applied),
            frames: now.frames - last.frames,
            lag: Lags::of(lags),
            program_cores: cores(used.program),
            database_cores: cores(used.database),
            machine_cores: cores(now.machine.saturating_sub(last.machine)),
            resident_kib: Resident::of(self.node.pid().context("storewire has ended")?)?.now,
            pending,
            oldest_ms: standing(1)?,
            rechecks: standing(2)?,
            connections: standing(3)?,
        })
    }
}

/// Deliveries that shops have sent, and that were answered with success.
fn deliveries(fleet: &Fleet) -> (u64, u64) {
    let totals = fleet.totals();
    (totals.deliveries - totals.dropped, totals.delivered)
}

fn used(ground: &Ground, node: &Node) -> Result<Used> {
    let program = cpu::of_tree(node.pid().context("storewire has ended")?)?;
    Ok(Used { program, database: cpu::of_tree(ground.database.pid()?)? })
}

/// CPU time that this machine has spent so far on anything.
fn machine() -> Result<Duration> {
    let stat = std::fs::read_to_string("/proc/stat").context("no /proc/stat")?;
    busy(&stat).context("/proc/stat has another shape")
}

/// User, nice and system time, and that of interrupts; the kernel counts in hundredths of a second.
fn busy(stat: &str) -> Option<Duration> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u64> = line.split_ascii_whitespace().map_while(|text| text.parse().ok()).collect();
    let sum: u64 = [0, 1, 2, 5, 6].into_iter().filter_map(|index| ticks.get(index)).sum();
    Some(Duration::from_millis(sum * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_for_a_disk_is_not_work() {
        let stat = "cpu  100 10 50 9999 777 5 5 0 0 0\ncpu0 1 1 1 1 1 1 1 0 0 0\n";
        assert_eq!(busy(stat), Some(Duration::from_millis(1_700)));
        assert_eq!(busy("intr 1"), None);
    }
}
