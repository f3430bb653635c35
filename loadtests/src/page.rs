//! The panel's list: the newest fifty orders of a store that has very many, as HTML for somebody who is logged in, beside the
//! same bytes from memory: as a crowd that looks at one page, and as people who each look at another.

mod many;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use clap::Args;
use hyper::StatusCode;
use serde::Serialize;

use crate::cpu::{self, Used};
use crate::floor::{Floor, Kind};
use crate::latency::{Latencies, Percentiles};
use crate::poster::Poster;
use crate::report::{Environment, load, median, micros_each, ms, per_second};
use crate::rig::{Rig, RigOptions};
use crate::row::{Goal, Row, Unit};
use crate::timing::Timing;

const WARM_UP: Duration = Duration::from_secs(1);
/// A quarter of what NestJS with EJS used for a page, on the machine where both were measured.
const CPU_GOAL_MICROS: u64 = 152;

/// How large the store is, and how many look at it.
#[derive(Args, Clone, Debug)]
pub struct PageFlags {
    /// Orders of the store
    #[arg(long, default_value_t = 200_000)]
    pub listed_orders: u32,
    /// Connections, each asking as soon as it was answered
    #[arg(long, default_value_t = 16)]
    pub readers: usize,
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct PageReport {
    pub environment: Environment,
    pub page_bytes: usize,
    pub storewire: Vec<Read>,
    /// The same while each reader looks at another page.
    pub apart: Vec<Read>,
    pub limit: Vec<Read>,
    pub rows: Vec<Row>,
}

/// One round.
#[derive(Clone, Debug, Serialize)]
pub struct Read {
    pub pages: u64,
    pub per_second: u64,
    pub cpu_us: u64,
    pub cpu_of_database_us: u64,
    pub times: Percentiles,
}

/// Who asks for what.
#[derive(Clone)]
struct Reader {
    address: SocketAddr,
    /// Each connection's own, in turn.
    paths: Vec<String>,
    cookie: String,
}

/// Measures and answers.
///
/// # Errors
/// If a part fails, or a page is refused.
pub async fn run(rig_options: &RigOptions, timing: Timing, flags: &PageFlags) -> Result<PageReport> {
    ensure!(flags.readers > 0, "nobody reads");
    let load_before = load();
    let rig = Rig::start(&RigOptions { stores: 1, ..rig_options.clone() }).await?;
    let environment = Environment::look(&rig_options.storewire, rig.postgres_version.clone(), load_before)?;
    let store = many::fill(rig.admin(), i64::from(flags.listed_orders)).await?;
    rig.settle().await?;

    let path = format!("/orders?store={store}");
    let ours = Reader { address: rig.address, paths: vec![path], cookie: format!("sw={}", rig.bearer) };
    let (apart, page) = ours.apart(flags.readers).await?;
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), &page)?;
    let floor =
        Floor::start(Kind::Page, file.path().to_str().context("a temporary folder with a strange name")?).await?;
    let limit = Reader { address: floor.address(), ..ours.clone() };

    let of_ours = || rig.cpu();
    let of_limit = || Ok(Used { program: cpu::of_tree(floor.pid()?)?, ..Used::default() });
    ours.read(flags.readers, WARM_UP, &of_ours).await?;
    apart.read(flags.readers, WARM_UP, &of_ours).await?;
    limit.read(flags.readers, WARM_UP, &of_limit).await?;
    let (mut storewire, mut each, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for number in 1..=timing.rounds {
        let page = ours.read(flags.readers, timing.step(), &of_ours).await?;
        let other = apart.read(flags.readers, timing.step(), &of_ours).await?;
        let same = limit.read(flags.readers, timing.step(), &of_limit).await?;
        eprintln!("round {number}: {} | each another: {} | from memory {}", page.told(), other.told(), same.told());
        storewire.push(page);
        each.push(other);
        bare.push(same);
    }
    floor.stop().await?;
    rig.stop().await?;
    let rows = rows(&storewire, &each, &bare, flags.readers);
    Ok(PageReport { environment, page_bytes: page.len(), storewire, apart: each, limit: bare, rows })
}

impl Reader {
    /// As many readers, each further down the list than the one before, and the first page.
    async fn apart(&self, readers: usize) -> Result<(Self, Bytes)> {
        let mut connection = Poster::connect(self.address).await?;
        let (mut path, mut paths, mut first) = (self.paths.concat(), Vec::with_capacity(readers), None);
        while paths.len() < readers {
            let (status, page) = connection.browse(&path, &self.cookie).await?;
            ensure!(status == StatusCode::OK, "the list was answered with {status}");
            let further = std::str::from_utf8(&page)?.split_once("data-older href=\"").context("no way on")?.1;
            let further = further.split_once('"').context("an open attribute")?.0.replace("&#38;", "&");
            paths.push(std::mem::replace(&mut path, further));
            first.get_or_insert(page);
        }
        Ok((Self { paths, ..self.clone() }, first.context("nobody reads")?))
    }

    /// Reads for a time, over so many connections.
    async fn read(&self, readers: usize, time: Duration, cpu: &impl Fn() -> Result<Used>) -> Result<Read> {
        let mut connections = Vec::with_capacity(readers);
        for _ in 0..readers {
            connections.push(Poster::connect(self.address).await?);
        }
        let (used, started) = (cpu()?, Instant::now());
        let reading: Vec<_> = connections
            .into_iter()
            .zip(self.paths.iter().cycle().cloned())
            .map(|(mut connection, path)| {
                let cookie = self.cookie.clone();
                tokio::spawn(async move {
                    let (mut pages, mut times) = (0, Latencies::new()?);
                    while started.elapsed() < time {
                        let asked = Instant::now();
                        let (status, _) = connection.browse(&path, &cookie).await?;
                        ensure!(status == StatusCode::OK, "a page was answered with {status}");
                        times.add(asked.elapsed());
                        pages += 1;
                    }
                    anyhow::Ok((pages, times))
                })
            })
            .collect();
        let (mut pages, mut times) = (0, Latencies::new()?);
        for reader in reading {
            let (its_pages, its_times) = reader.await??;
            pages += its_pages;
            times.merge(&its_times)?;
        }
        let (took, used) = (started.elapsed(), cpu()?.since(&used));
        Ok(Read {
            pages,
            per_second: per_second(pages, took),
            cpu_us: micros_each(used.total(), pages),
            cpu_of_database_us: micros_each(used.database, pages),
            times: times.percentiles(),
        })
    }
}

impl Read {
    fn told(&self) -> String {
        format!("{} us/page, {} pages/s, p99 {} ms", self.cpu_us, self.per_second, ms(self.times.p99_us))
    }
}

fn rows(ours: &[Read], apart: &[Read], limit: &[Read], readers: usize) -> Vec<Row> {
    let both = |pick: fn(&Read) -> u64| (median(ours.iter().map(pick)), median(limit.iter().map(pick)));
    let row = |text: &str, unit, ours, limit, goal| Row::new("B5", text, unit, ours, limit, goal);
    let (price, price_of_limit) = both(|read| read.cpu_us);
    let price_apart = median(apart.iter().map(|read| read.cpu_us));
    let (carried, carried_by_limit) = both(|read| read.per_second);
    let (late, late_of_limit) = both(|read| read.times.p99_us);
    vec![
        row("CPU per page", Unit::Micros, price, CPU_GOAL_MICROS, Goal::AtMost(100)),
        row("the same beside it from memory", Unit::Micros, price, price_of_limit, Goal::Told),
        row("the same, each reader another page", Unit::Micros, price_apart, price_of_limit, Goal::Told),
        row(&format!("pages, {readers} readers"), Unit::PerSecond, carried, carried_by_limit, Goal::AtLeast(13)),
        row("p99", Unit::Millis, late, late_of_limit, Goal::Told),
    ]
}
