//! The end of a rehearsal: traffic and trouble are over, the copies catch up, and the oracle counts.

use std::time::Duration;

use anyhow::Result;
use storesim::Totals;
use storewire_db::rehearsals;
use storewire_domain::{
    ReadScope,
    rehearsal::{Bend, Deliveries, Phase, Report},
};
use storewire_oracle::{Client, KINDS, Sim, SimStore, Verdict, compare_shop, connect_within, log};
use tokio::time::Instant;

use super::{gauge::Gauge, play::Scene, troubles};

/// For so long the shops may go on telling what they had to tell.
const TOLD_WITHIN: Duration = Duration::from_secs(60);
/// Afterwards both sides must be equal within this time.
const EQUAL_WITHIN: Duration = Duration::from_secs(180);
const LOOK_EVERY: Duration = Duration::from_millis(500);
const DIFFERENCES_KEPT: usize = 20;

/// What was found by comparing.
struct Found {
    verdict: Verdict,
    settled: Option<Duration>,
}

/// Comes to the report.
pub(super) async fn settle(mut scene: Scene<'_>, mut gauge: Gauge) -> Result<Report> {
    let is_cut_short = scene.is_stopped();
    let parts = scene.parts;
    troubles::heal(&scene.shops, scene.wanted.wish.twins());
    scene.shops.set_rate(0);
    scene.progress.slices = gauge.read(&parts.db).await?;
    scene.save(Phase::Settling).await?;

    let began = Instant::now();
    let totals = match tokio::time::timeout(TOLD_WITHIN, scene.shops.quiesce()).await {
        Ok(totals) => totals?,
        // What was not told is found by reading, or it is missing.
        Err(_) => Totals::default(),
    };
    gauge.look(&parts.db, parts.clock.now()).await?;
    parts.engine.settle_twins(scene.id).await?;
    let sim = Sim::at(scene.shops.control());
    let client = connect_within(parts.app_url.expose(), scene.id.uuid()).await?;
    let found = compare(&scene, &sim, &client, began).await?;
    scene.progress.slices = gauge.read(&parts.db).await?;
    scene.save(Phase::Settling).await?;
    report(&scene, &totals, found, &client, is_cut_short).await
}

/// Compares again and again whatever was not seen equal, until all was or the time is over.
async fn compare(scene: &Scene<'_>, sim: &Sim, client: &Client, began: Instant) -> Result<Found> {
    let deadline = Instant::now() + EQUAL_WITHIN;
    let mut verdict = Verdict::default();
    let mut unequal = sim.stores().await?;
    loop {
        let is_last = Instant::now() >= deadline;
        if is_last || is_idle(scene).await? {
            let mut still: Vec<SimStore> = Vec::new();
            for shop in unequal {
                let of_shop = compare_shop(sim, client, &shop, &KINDS).await?;
                if of_shop.is_equal() || is_last {
                    verdict.add(of_shop);
                } else {
                    still.push(shop);
                }
            }
            unequal = still;
        }
        if unequal.is_empty() {
            let settled = verdict.is_equal().then(|| began.elapsed());
            return Ok(Found { verdict, settled });
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn is_idle(scene: &Scene<'_>) -> Result<bool> {
    let parts = scene.parts;
    let tx = parts.db.read(&ReadScope::Tenant(scene.id)).await?;
    let backlog = rehearsals::backlog(&tx, scene.id, parts.clock.now()).await?;
    tx.commit().await?;
    Ok(backlog.is_empty())
}

async fn report(
    scene: &Scene<'_>,
    totals: &Totals,
    found: Found,
    client: &Client,
    is_cut_short: bool,
) -> Result<Report> {
    let Scene { parts, id, wanted, progress, .. } = scene;
    let (doubled, gone_back) = (log::doubled(client).await?, log::gone_back(client).await?);
    let tx = parts.db.read(&ReadScope::Tenant(*id)).await?;
    let left = rehearsals::left(&tx, *id).await?;
    let lag = match progress.began_at {
        Some(began_at) => rehearsals::lag(&tx, *id, began_at).await?,
        None => None,
    };
    tx.commit().await?;
    let of_records = found.verdict.findings.iter().map(|finding| finding.differences.len()).sum();
    let mut differences = found.verdict.differences();
    differences.extend(doubled.broken.iter().chain(&gone_back.broken).cloned());
    differences.truncate(DIFFERENCES_KEPT);
    Ok(Report {
        twins: count(wanted.wish.twins()),
        is_cut_short,
        orders: totals.orders as u64,
        products: totals.products as u64,
        deliveries: Deliveries {
            sent: totals.deliveries,
            acknowledged: totals.delivered,
            failed: totals.failed,
            dropped: totals.dropped,
            applied: left.applied,
        },
        lag,
        changes: left.changes,
        lost: count(of_records),
        deliveries_lost: count(found.verdict.lost_deliveries.len()),
        doubled: count(doubled.broken.len()),
        gone_back: count(gone_back.broken.len()),
        dead_letters: left.dead_letters,
        settled_ms: found.settled.map(|settled| u32::try_from(settled.as_millis()).unwrap_or(u32::MAX)),
        bend: Bend::find(&progress.slices, wanted.wish.goal_seconds),
        differences,
    })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
