//! One stretch of changes, told to a crowd by the product or by the limit.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use anyhow::Result;
use serde::Serialize;
use storewire_oracle::frames;

use crate::cpu::{self, Used};
use crate::crowd::{Crowd, Reached};
use crate::floor::{BroadcastPoster, Floor};
use crate::latency::Percentiles;
use crate::live::DRAIN_WITHIN;
use crate::open::{self, Stage, StepResult, Webhooks, connections};
use crate::poster::Poster;
use crate::report::{decimal, median, ms};
use crate::rig::Rig;
use crate::source::Source;

pub(super) const PATH: &str = "/api/v1/live";

/// What a stretch came to.
#[derive(Clone, Debug, Serialize)]
pub struct Fan {
    /// Changes per second that were asked for.
    pub rate: u64,
    /// Over all sockets.
    pub frames: u64,
    pub bytes: u64,
    pub lost: u64,
    pub per_second: u64,
    pub cpu_us_hundredths: u64,
    pub cpu_of_database_us_hundredths: u64,
    /// From due to seen.
    pub times: Percentiles,
}

/// The product or the limit.
pub(super) trait Side {
    /// Has `count` changes happen at a rate, and waits until the crowd was told.
    fn tell(&self, count: u64, rate: u64) -> impl Future<Output = Result<Fan>>;
}

pub(super) struct Ours<'a> {
    pub(super) rig: &'a Rig,
    pub(super) crowd: Crowd,
}

pub(super) struct Broadcast<'a> {
    pub(super) floor: &'a Floor,
    pub(super) crowd: Crowd,
    pub(super) poster: BroadcastPoster,
    pub(super) source: &'a Source,
}

/// The request's line by which our sockets log in.
pub(super) fn login(rig: &Rig) -> String {
    format!("Authorization: Bearer {}\r\n", rig.bearer)
}

impl Side for Ours<'_> {
    async fn tell(&self, count: u64, rate: u64) -> Result<Fan> {
        let rig = self.rig;
        let mut posters = Vec::with_capacity(connections(rate));
        for _ in 0..connections(rate) {
            let poster = Poster::connect(rig.address).await?;
            posters.push(Webhooks { poster, source: Arc::clone(&rig.source) });
        }
        let head = async || anyhow::Ok(frames::heads(rig.admin()).await?.values().sum::<i64>());
        let (counted, first, used) = (self.crowd.counted(), head().await?, rig.cpu()?);
        let stage = Stage { notes: &self.crowd.notes, period: rig.source.period(), cpu: || rig.cpu() };
        let step = open::run(&stage, posters, rig.source.take(count), count, rate).await?;
        rig.drain(DRAIN_WITHIN).await?;
        let changes = u64::try_from(head().await? - first)?;
        let reached = self.crowd.wait(&counted, changes).await;
        let used = rig.cpu()?.since(&used);
        self.crowd.ensure_whole()?;
        Ok(Fan::of(&step, reached, used))
    }
}

impl Side for Broadcast<'_> {
    async fn tell(&self, count: u64, rate: u64) -> Result<Fan> {
        let cpu = || Ok(Used { program: cpu::of_tree(self.floor.pid()?)?, ..Used::default() });
        let (counted, used) = (self.crowd.counted(), cpu()?);
        let stage = Stage { notes: &self.crowd.notes, period: self.source.period(), cpu };
        let posters = vec![self.poster.clone()];
        let step = open::run(&stage, posters, self.source.take(count), count, rate).await?;
        let reached = self.crowd.wait(&counted, count).await;
        let used = (stage.cpu)()?.since(&used);
        self.crowd.ensure_whole()?;
        Ok(Fan::of(&step, reached, used))
    }
}

impl Fan {
    fn of(step: &StepResult, reached: Reached, used: Used) -> Self {
        let each = |time: std::time::Duration| {
            let nanos = time.as_nanos() / 10 / u128::from(reached.frames.max(1));
            u64::try_from(nanos).unwrap_or(u64::MAX)
        };
        Self {
            rate: step.rate,
            frames: reached.frames,
            bytes: reached.bytes,
            lost: reached.lost + step.refused,
            per_second: reached.frames * 1_000 / step.took_ms.max(1),
            cpu_us_hundredths: each(used.total()),
            cpu_of_database_us_hundredths: each(used.database),
            times: step.times,
        }
    }

    /// Each figure's median; of what was lost, all.
    pub(super) fn median(rounds: &[Self]) -> Self {
        let of = |pick: fn(&Self) -> u64| median(rounds.iter().map(pick));
        Self {
            rate: of(|fan| fan.rate),
            frames: of(|fan| fan.frames),
            bytes: of(|fan| fan.bytes),
            lost: rounds.iter().map(|fan| fan.lost).sum(),
            per_second: of(|fan| fan.per_second),
            cpu_us_hundredths: of(|fan| fan.cpu_us_hundredths),
            cpu_of_database_us_hundredths: of(|fan| fan.cpu_of_database_us_hundredths),
            times: Percentiles::median(&rounds.iter().map(|fan| fan.times).collect::<Vec<_>>()),
        }
    }
}

impl fmt::Display for Fan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (price, p99) = (decimal(self.cpu_us_hundredths), ms(self.times.p99_us));
        write!(f, "{price} us/frame, {} frames/s, p99 {p99} ms, lost {}", self.per_second, self.lost)
    }
}
