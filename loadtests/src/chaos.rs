//! The fault laboratory: the real binary between shops, networks and a database that all fail by a seeded plan, and a verdict by counting.

pub(crate) mod api;
pub(crate) mod calm;
pub(crate) mod database;
mod deaths;
mod deeds;
pub(crate) mod faults;
mod lives;
pub(crate) mod node;
mod outcome;
mod plan;
mod poison;
pub(crate) mod shops;
pub(crate) mod sockets;
mod stage;
pub(crate) mod verdict;
mod wishes;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use storewire_oracle::{Sim, Watcher, frames};
use storewire_testkit::{FaultProxy, wait_until};
use tokio::task::JoinSet;
use tokio_postgres::Client;

use api::Api;
use database::Database;
use lives::Obituary;
use node::{Node, Surroundings};
use plan::{Plan, Size};
use shops::{Shop, Shops};
use sockets::Socket;
use stage::Stage;
use verdict::Evidence;
use wishes::Targets;

pub use deaths::{DESK_PLACES, PLACES};
pub use node::find_storewire;
pub use outcome::Outcome;

const EMAIL: &str = "chaos@storewire.test";
const SOCKETS: usize = 3;
const READ_WITHIN: Duration = Duration::from_secs(240);
const LIVE_WITHIN: Duration = Duration::from_secs(60);
/// How long somebody whose request was cut off goes on asking.
const PATIENCE: Duration = Duration::from_secs(3);
const QUIET_WITHIN: Duration = Duration::from_secs(60);

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    pub storewire: PathBuf,
    pub stores: usize,
    pub seed: u64,
    /// How long things go wrong.
    pub time: Duration,
    /// The binary dies so often at most; as often as it can without.
    pub kills: Option<usize>,
    /// Changes per second over all shops.
    pub rate: u32,
    /// With all trouble over, everything must agree within this time.
    pub within: Duration,
    /// Where the database lies.
    pub folder: PathBuf,
}

/// Runs it all, and tells by `say` what it is at.
///
/// # Errors
/// If the laboratory itself fails. What the product does wrong is told by the outcome.
pub async fn run(options: &Options, say: &(dyn Fn(&str) + Sync)) -> Result<Outcome> {
    let folder = tempfile::Builder::new().prefix("storewire-chaos-").tempdir_in(&options.folder)?;
    // PostgreSQL runs as another user when we are root, and must get through.
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711))?;
    let ended = run_in(folder.path(), options, say).await;
    if !ended.as_ref().is_ok_and(Outcome::holds) {
        say(&format!("the binary's log is in {}", folder.keep().display()));
    }
    ended
}

async fn run_in(folder: &Path, options: &Options, say: &(dyn Fn(&str) + Sync)) -> Result<Outcome> {
    let database = Arc::new(Database::start_confined(&folder.join("pg")).await?);
    let (wire, database_url) = database.wire(options.seed).await?;
    let shops = Shops::open(options.stores, options.seed).await?;
    let address = crate::port::free()?;
    let door = FaultProxy::seeded(address, options.seed).await?;
    // As it is now, whoever builds it anew meanwhile.
    let program = folder.join("storewire");
    std::fs::copy(&options.storewire, &program)?;
    let mut node = Node::prepare(&Surroundings {
        program: &program,
        folder,
        database_url: &database_url,
        ca_pem: shops.fleet.ca_pem(),
        public_url: &format!("http://{}", door.addr()),
        address,
        stores: options.stores,
    })?;
    node.start(None)?;
    ensure!(node.is_ready().await?, "storewire ended at its start\n{}", node.tail());
    let admin = database.admin().await?;
    let (api, connected, targets) = open(&node, &shops, &admin, options.stores).await?;
    let sockets: Vec<Socket> = (0..SOCKETS).map(|_| Socket::open(address, api.bearer())).collect();
    wait_until(LIVE_WITHIN, "the sockets are live", || async { sockets.iter().all(Socket::is_live) }).await?;
    let since = frames::heads(&admin).await?;
    drop(admin);
    say(&format!("{} shops are connected; for {} s everything goes wrong", connected.len(), options.time.as_secs()));

    let size =
        Size { shops: options.stores, hosts: shops::hosts(options.stores), time: options.time, kills: options.kills };
    let plan = Plan::new(options.seed, size);
    let database_of_stage = Arc::clone(&database);
    let stage =
        Stage { shops, connected, targets, door, wire, api, database: database_of_stage, memory: Mutex::default() };
    let stage = Arc::new(stage);
    let (ends, asking) = go_wrong(options, &plan, &stage, &mut node).await?;

    say("all faults are off; waiting until everything agrees");
    stage.mend();
    let _peace = database.peace().await?;
    node.start(None)?;
    ensure!(node.is_ready().await?, "storewire ended at its last start\n{}", node.tail());
    let calm = Instant::now();
    let sim = Sim::at(stage.shops.fleet.addr());
    let admin = database.admin().await?;
    let gone = hear_out(&stage, asking).await?;
    say(&format!("after {} s: every shop has delivered; {gone} callers lost patience", calm.elapsed().as_secs()));
    let converged = calm::converge(&sim, &admin, &stage.api, calm, options.within, say).await?;
    let waiting = calm::waiting(&admin).await?;
    let until = frames::heads(&admin).await?;
    let watchers = watched(&until, &sockets).await;
    let evidence = Evidence {
        sim: &sim,
        admin: &admin,
        stage: &stage,
        sockets: &sockets,
        watchers: &watchers,
        since: &since,
        until: &until,
        ends: &ends,
    };
    let (checks, amounts) = evidence.judge().await?;
    let blows = stage.memory().blows;
    let outcome = Outcome { checks, converged, within: options.within, waiting, ends, blows, amounts };
    drop(sockets);
    node.stop().await?;
    Ok(outcome)
}

/// Somebody who may do everything, and every shop connected and read.
async fn open(node: &Node, shops: &Shops, admin: &Client, count: usize) -> Result<(Api, Vec<Shop>, Vec<Targets>)> {
    let password = shops::random()?;
    node.run(&["user", "create", "--email", EMAIL, "--role", "platform-admin"], &[("STOREWIRE_PASSWORD", &password)])
        .await?;
    let connected = shops.connect(node, admin).await?;
    let read = "SELECT count(*) FROM store WHERE state = 'live' AND hooks_checked_at IS NOT NULL";
    let wanted = i64::try_from(count)?;
    let is_read = || async {
        let row = admin.query_one(read, &[]).await;
        row.is_ok_and(|row| row.try_get(0).is_ok_and(|live: i64| live == wanted))
    };
    wait_until(READ_WITHIN, "every shop was read", is_read).await.with_context(|| node.tail())?;
    let mut targets = Vec::with_capacity(connected.len());
    for shop in &connected {
        targets.push(Targets::of(admin, shop).await?);
    }
    Ok((Api::log_in(node.address, EMAIL, &password).await?, connected, targets))
}

/// Traffic, trouble and death, all at once, until the time is over or the last death was died. Whoever still waits for an answer is handed on.
async fn go_wrong(
    options: &Options,
    plan: &Plan,
    stage: &Arc<Stage>,
    node: &mut Node,
) -> Result<(Obituary, JoinSet<()>)> {
    let began = Instant::now();
    stage.shops.fleet.set_rate(f64::from(options.rate));
    let mut asking = JoinSet::new();
    let ends = tokio::select! {
        ends = lives::live(node, &stage.database, &plan.deaths, began + options.time) => ends,
        never = stage.play(plan, began, &mut asking) => match never {},
    };
    stage.shops.fleet.set_rate(0.0);
    if ends.is_err() {
        // Nobody may hold the database any more when its folder goes.
        asking.shutdown().await;
    }
    Ok((ends?, asking))
}

/// Waits for those who ask, and for what shops have to say; answers how many lost patience. A request that was cut off keeps its key for a
/// minute, in which a repetition is put off: its caller goes, and what became of the wish is for the verdict.
async fn hear_out(stage: &Stage, mut asking: JoinSet<()>) -> Result<usize> {
    let all = async { while asking.join_next().await.is_some() {} };
    // Whoever is left after that is counted.
    let _ = tokio::time::timeout(PATIENCE, all).await;
    let gone = asking.len();
    asking.shutdown().await;
    let quiet = tokio::time::timeout(QUIET_WITHIN, stage.shops.fleet.quiesce()).await;
    quiet.context("a shop could not deliver what it had to say")?;
    Ok(gone)
}

/// What the sockets were shown, once they have come so far.
async fn watched(heads: &frames::Heads, sockets: &[Socket]) -> Vec<Watcher> {
    let has_all = |socket: &Socket| {
        let watcher = socket.watcher();
        heads.iter().all(|(store, seq)| watcher.seen.contains_key(&(*store, *seq)))
    };
    // Whether they have all is for the check to say.
    let _ = wait_until(Duration::from_secs(10), "the sockets have caught up", || async { sockets.iter().all(has_all) })
        .await;
    sockets.iter().map(Socket::watcher).collect()
}
