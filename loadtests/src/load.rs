//! A load test for a laptop: the built binary, a PostgreSQL of its own and simulated shops that trade, watched each second and compared
//! with their copies at the end.

mod arrivals;
mod bend;
mod clock;
mod journey;
mod lags;
mod outcome;
mod rest;
mod sample;
mod trouble;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use storesim::FleetConfig;
use storewire_domain::Clock;
use storewire_oracle::{Check, KINDS, Sim, Watcher, compare_kinds, frames, log};
use storewire_testkit::wait_until;

use crate::chaos::api::Api;
use crate::chaos::node::Node;
use crate::chaos::shops::{self, Shop};
use crate::chaos::sockets::Socket;
use crate::chaos::{calm, verdict};
use crate::ground::Ground;
use crate::report::{self, Environment};

use arrivals::Arrivals;
use bend::Limits;
use clock::Looker;
use sample::Sample;

pub use outcome::{Figures, Outcome};

const EMAIL: &str = "load@storewire.test";
/// Shops that share an address, as on a shared host.
const SHOPS_PER_HOST: usize = 4;
const READ_WITHIN: Duration = Duration::from_secs(600);
const LIVE_WITHIN: Duration = Duration::from_secs(60);
const QUIET_WITHIN: Duration = Duration::from_secs(120);
/// As `database.connections` is shipped.
const CONNECTIONS: u64 = 16;
/// The names of the columns come again after so many lines.
const HEAD_EVERY: u64 = 20;

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    pub storewire: PathBuf,
    pub stores: usize,
    /// Changes a second over all shops.
    pub rate: u32,
    /// How long they trade.
    pub time: Duration,
    /// Something is wrong with some of the shops.
    pub has_faults: bool,
    pub sockets: usize,
    /// The same seed gives the same shops, trade and trouble.
    pub seed: u64,
    /// Within which everything must agree after the last delivery.
    pub within: Duration,
    /// Where the database lies.
    pub folder: PathBuf,
}

/// Runs it all, and tells by `say` what it is at.
///
/// # Errors
/// If the test itself fails. What the product does wrong is told by the outcome.
pub async fn run(options: &Options, say: &(dyn Fn(&str) + Sync)) -> Result<Outcome> {
    let load_before = report::load();
    let fleet = FleetConfig {
        stores: options.stores,
        hosts: options.stores.div_ceil(SHOPS_PER_HOST),
        seed: options.seed,
        orders_per_store: 12,
        products_per_store: 8,
        ..FleetConfig::default()
    };
    let ground = Ground::open(&options.storewire, &options.folder, fleet).await?;
    say(&format!("{} shops are being connected and read", options.stores));
    let (shops, password) = connect(&ground, options.stores).await?;
    // Shipped settings find what a fault has hidden within hours; the laboratory's, within a minute.
    let mut node = if options.has_faults { ground.quick_node(options.stores)? } else { ground.node(&[])? };
    node.start(None)?;
    ensure!(node.is_ready().await?, "storewire ended at its start\n{}", node.tail());
    let outcome = watch(options, &ground, &shops, &node, &password, load_before, say).await;
    let outcome = match outcome {
        Ok(outcome) if outcome.holds() => outcome,
        other => {
            drop(node);
            say(&format!("the binary's log is in {}", ground.keep().display()));
            return other;
        }
    };
    node.stop().await?;
    Ok(outcome)
}

/// Connects every shop and reads it, in haste; answers the shops and somebody's password.
async fn connect(ground: &Ground, stores: usize) -> Result<(Vec<Shop>, String)> {
    let mut node = ground.quick_node(stores)?;
    node.start(None)?;
    ensure!(node.is_ready().await?, "storewire ended at its start\n{}", node.tail());
    let password = shops::random()?;
    let user = ["user", "create", "--email", EMAIL, "--role", "platform-admin"];
    node.run(&user, &[("STOREWIRE_PASSWORD", &password)]).await?;
    let shops = shops::connect(ground.fleet.stores(), &node, &ground.admin).await?;
    let wanted = i64::try_from(stores)?;
    let sql = "SELECT count(*) FROM store WHERE state = 'live' AND hooks_checked_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM recheck) AND EXISTS (SELECT FROM sweep WHERE sweep.store_id = store.id AND closed_at IS NOT NULL)";
    let is_read = || async {
        let row = ground.admin.query_one(sql, &[]).await;
        row.is_ok_and(|row| row.try_get(0).is_ok_and(|live: i64| live == wanted))
    };
    wait_until(READ_WITHIN, "every shop was read", is_read).await.with_context(|| node.tail())?;
    node.stop().await?;
    Ok((shops, password))
}

/// The trade, its end, and what is made of it.
async fn watch(
    options: &Options,
    ground: &Ground,
    shops: &[Shop],
    node: &Node,
    password: &str,
    load_before: String,
    say: &(dyn Fn(&str) + Sync),
) -> Result<Outcome> {
    let api = Api::log_in(node.address, EMAIL, password).await?;
    let arrivals = Arrivals::default();
    let open = |_| {
        let arrivals = arrivals.clone();
        Socket::telling(node.address, api.bearer(), move |text| arrivals.hear(text))
    };
    let sockets: Vec<Socket> = (0..options.sockets.max(1)).map(open).collect();
    wait_until(LIVE_WITHIN, "the sockets are live", || async { sockets.iter().all(Socket::is_live) }).await?;
    ground.admin.batch_execute("ANALYZE").await?;
    let since = frames::heads(&ground.admin).await?;
    let before = ground.fleet.totals();

    say(&format!("they trade for {} s, {} changes a second in all", options.time.as_secs(), options.rate));
    let began_at = Clock::system().now();
    let mut looker = Looker::start(ground, node, &arrivals).await?;
    ground.fleet.set_rate(f64::from(options.rate));
    let samples = tokio::select! {
        samples = count(options.time, &mut looker, say) => samples?,
        never = trouble(options, ground) => match never {},
    };
    ground.fleet.set_rate(0.0);
    trouble::end(&ground.fleet, options.stores);
    say("the trade is over; waiting until every copy is its shop");
    let quiet = tokio::time::timeout(QUIET_WITHIN, ground.fleet.quiesce()).await;
    let totals = quiet.context("a shop could not deliver what it had to say")?;

    let sim = Sim::at(ground.fleet.addr());
    let converged = if options.has_faults {
        calm::converge(&sim, &ground.admin, &api, Instant::now(), options.within, say).await?
    } else {
        rest::come(&sim, &ground.admin, &api, options.within).await?
    };
    let waiting = calm::waiting(&ground.admin).await?;
    let checks = judge(ground, &sim, &sockets, &since).await?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let limits = Limits {
        cores: cores as u64,
        connections: CONNECTIONS,
        stores: options.stores as u64,
        has_faults: options.has_faults,
    };
    let postgres = ground.admin.query_one("SHOW server_version", &[]).await?.try_get(0)?;
    let figures = Figures {
        environment: Environment::look(&options.storewire, postgres, load_before)?,
        stores: options.stores as u64,
        rate: options.rate,
        seconds: options.time.as_secs(),
        has_faults: options.has_faults,
        posted: totals.deliveries - before.deliveries,
        acked: totals.delivered - before.delivered,
        frames: arrivals.frames(),
        only_read: rest::only_read(&ground.admin, began_at).await?,
        lag: journey::lags(&ground.fleet, shops, &ground.admin, &arrivals.after(0)).await?,
        bend: bend::find(&samples, limits),
        samples,
    };
    Ok(Outcome { checks, converged, waiting, figures })
}

async fn trouble(options: &Options, ground: &Ground) -> std::convert::Infallible {
    if options.has_faults {
        trouble::make(&ground.fleet, options.stores, options.seed).await
    } else {
        std::future::pending().await
    }
}

/// A line each second.
async fn count(time: Duration, looker: &mut Looker<'_>, say: &(dyn Fn(&str) + Sync)) -> Result<Vec<Sample>> {
    let mut samples = Vec::new();
    let mut beat = tokio::time::interval(Duration::from_secs(1));
    beat.tick().await;
    for second in 0..time.as_secs() {
        beat.tick().await;
        if second % HEAD_EVERY == 0 {
            say(Sample::HEAD);
        }
        let sample = looker.look().await?;
        say(&sample.to_string());
        samples.push(sample);
    }
    Ok(samples)
}

/// What must be none of.
async fn judge(ground: &Ground, sim: &Sim, sockets: &[Socket], since: &frames::Heads) -> Result<Vec<Check>> {
    let admin = &ground.admin;
    let [lost, missing] = verdict::of_copies(compare_kinds(sim, admin, &KINDS).await?);
    let until = frames::heads(admin).await?;
    let has_all = |socket: &Socket| {
        let watcher = socket.watcher();
        until.iter().all(|(store, seq)| since.get(store) == Some(seq) || watcher.seen.contains_key(&(*store, *seq)))
    };
    // Whether they have all is for the check to say.
    let all = || async { sockets.iter().all(has_all) };
    let _ = wait_until(Duration::from_secs(10), "the sockets have caught up", all).await;
    let watchers: Vec<Watcher> = sockets.iter().map(Socket::watcher).collect();
    Ok(vec![
        lost,
        log::doubled(admin).await?,
        log::gone_back(admin).await?,
        missing,
        frames::missing(admin, &watchers, since, &until).await?,
        log::gaps(admin).await?,
    ])
}
