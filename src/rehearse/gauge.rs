//! What is measured each second of a rehearsal, and gathered into slices.

use anyhow::Result;
use jiff::Timestamp;
use storewire_db::{Db, rehearsals};
use storewire_domain::{
    ReadScope, TenantId,
    rehearsal::{SLICE_SECONDS, Slice},
};

/// Gathers measurements since the shops began to live.
pub struct Gauge {
    id: TenantId,
    began_at: Timestamp,
    slices: Vec<Slice>,
    cpu: Cpu,
    /// Processors' time at the beginning of the last slice.
    cpu_before: Option<Spent>,
}

impl Gauge {
    pub fn new(id: TenantId, began_at: Timestamp) -> Self {
        let cpu = Cpu;
        Self { id, began_at, slices: Vec::new(), cpu_before: cpu.read(), cpu }
    }

    /// Looks at what waits now.
    pub async fn look(&mut self, db: &Db, now: Timestamp) -> Result<()> {
        let tx = db.read(&ReadScope::Tenant(self.id)).await?;
        let backlog = rehearsals::backlog(&tx, self.id, now).await?;
        tx.commit().await?;
        let pool = db.pressure();
        let seconds = u32::try_from(now.duration_since(self.began_at).as_secs()).unwrap_or(0);
        let cpu_now = self.cpu.read();
        let slice = slice_at(&mut self.slices, &mut self.cpu_before, cpu_now, seconds / SLICE_SECONDS);
        let oldest = backlog.oldest.map_or(0, |oldest| now.duration_since(oldest).as_millis().max(0));
        slice.waiting = slice.waiting.max(u32::try_from(backlog.deliveries).unwrap_or(u32::MAX));
        slice.oldest = slice.oldest.max(u32::try_from(oldest).unwrap_or(u32::MAX));
        slice.spared = slice.spared.max(u32::try_from(backlog.spared).unwrap_or(u32::MAX));
        slice.pool = slice.pool.max(pool);
        slice.cpu = busy(self.cpu_before, cpu_now).or(slice.cpu);
        Ok(())
    }

    /// The slices so far, with what the change log says of each.
    pub async fn read(&self, db: &Db) -> Result<Vec<Slice>> {
        let tx = db.read(&ReadScope::Tenant(self.id)).await?;
        let measured = rehearsals::measured(&tx, self.id, self.began_at).await?;
        tx.commit().await?;
        Ok(joined(&self.slices, &measured))
    }
}

/// The slice of this number, made with those before it that nobody looked at.
fn slice_at<'a>(
    slices: &'a mut Vec<Slice>,
    before: &mut Option<Spent>,
    now: Option<Spent>,
    number: u32,
) -> &'a mut Slice {
    let index = number as usize;
    while slices.len() <= index {
        let at = u32::try_from(slices.len()).unwrap_or(u32::MAX).saturating_mul(SLICE_SECONDS);
        if !slices.is_empty() {
            *before = now;
        }
        slices.push(Slice { at, ..Slice::default() });
    }
    &mut slices[index]
}

/// What was looked at, with what was measured of the same slice. What was applied after the last look is a slice of its own.
fn joined(looked: &[Slice], measured: &[Slice]) -> Vec<Slice> {
    let mut slices = looked.to_vec();
    for found in measured {
        match slices.iter_mut().find(|slice| slice.at == found.at) {
            Some(slice) => {
                (slice.changes, slice.lag_p50, slice.lag_p99) = (found.changes, found.lag_p50, found.lag_p99);
            }
            None => slices.push(found.clone()),
        }
    }
    slices.sort_by_key(|slice| slice.at);
    slices
}

/// The machine's processors.
struct Cpu;

/// Ticks since the machine's start.
#[derive(Clone, Copy, Debug)]
struct Spent {
    all: u64,
    idle: u64,
}

impl Cpu {
    /// `None` where the system does not tell.
    #[expect(clippy::unused_self, reason = "a gauge is asked")]
    fn read(&self) -> Option<Spent> {
        parse(std::fs::read_to_string("/proc/stat").ok()?.lines().next()?)
    }
}

/// `cpu  user nice system idle iowait irq softirq steal …`
fn parse(line: &str) -> Option<Spent> {
    let ticks: Vec<u64> = line.strip_prefix("cpu ")?.split_whitespace().map_while(|word| word.parse().ok()).collect();
    let idle = ticks.get(3)? + ticks.get(4)?;
    // What guests use is counted in `user` already.
    Some(Spent { all: ticks.iter().take(8).sum(), idle })
}

/// Percent of the time between two looks in which processors worked.
fn busy(before: Option<Spent>, now: Option<Spent>) -> Option<u32> {
    let (before, now) = (before?, now?);
    let all = now.all.checked_sub(before.all).filter(|ticks| *ticks > 0)?;
    let idle = now.idle.saturating_sub(before.idle).min(all);
    u32::try_from((all - idle) * 100 / all).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_are_as_busy_as_their_ticks_say() {
        let before = parse("cpu  100 0 100 700 100 0 0 0 50 0");
        let now = parse("cpu  150 0 150 800 100 0 0 0 90 0");
        assert_eq!(busy(before, now), Some(50));
        assert_eq!(busy(now, now), None, "no time has passed");
        assert!(parse("intr 1 2 3").is_none() && parse("cpu  1 2").is_none());
    }

    #[test]
    fn slices_follow_each_other_without_a_gap_and_take_what_was_measured() {
        let (mut slices, mut before) = (Vec::new(), None);
        slice_at(&mut slices, &mut before, None, 0).waiting = 3;
        slice_at(&mut slices, &mut before, None, 2).waiting = 9;
        assert_eq!(
            slices.iter().map(|slice| (slice.at, slice.waiting)).collect::<Vec<_>>(),
            [(0, 3), (10, 0), (20, 9)]
        );
        let measured = |at, changes| Slice { at, changes, lag_p99: Some(40), ..Slice::default() };
        let joined = joined(&slices, &[measured(10, 5), measured(30, 1)]);
        assert_eq!(joined.iter().map(|slice| slice.changes).collect::<Vec<_>>(), [0, 5, 0, 1]);
        assert_eq!((joined[2].waiting, joined[1].lag_p99), (9, Some(40)));
    }
}
