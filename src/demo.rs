//! A rehearsal of the whole: simulated shops, two merchants, their people, and a live panel.

use std::time::Duration;

use anyhow::Context;
use ipnet::IpNet;
use storesim::{Fleet, FleetConfig};
use storewire_actors::EngineConfig;
use storewire_web::DemoLogin;
use tokio::runtime::Runtime;

use crate::app::{self, Node, NodeParts, bind_near};
use crate::cli::Demo;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::failure::{Exit, Failure, Outcome};
use crate::lifecycle::Lifecycle;
use crate::loopback;
use crate::output::say;
use crate::storage::{Reach, Storage, engine_runtime};
use crate::telemetry;

mod connecting;
mod observer;
mod people;
mod report;
mod verify;

const DATABASE: &str = "storewire_demo";
/// The shops' wish; another port serves as well.
const SHOPS: ([u8; 4], u16) = ([127, 0, 0, 1], 9100);
const METRICS: ([u8; 4], u16) = ([127, 0, 0, 1], 9464);
/// With the traffic over, the copies must equal the shops within this time.
const AGREES_WITHIN: Duration = Duration::from_secs(60);

pub fn run(wanted: &Demo) -> Outcome {
    let config = configuration(wanted)?;
    let password = people::password()?;
    let data_dir = DataDir::lock(&config.data_dir()?)?;
    let listener = bind_near(wanted.listen, "the panel")?;
    let metrics = bind_near(METRICS.into(), "the metrics page")?;

    // The shops have threads of their own: they stand for machines that are far away.
    let shops = engine_runtime(2)?;
    let fleet = shops.block_on(start_fleet(wanted, &data_dir))?;
    let runtime = engine_runtime(2)?;
    let storage = Reach::alone(&config, data_dir, DATABASE, true)?.open(&config, &runtime)?;

    let local = loopback::reachable(listener.local_addr()?);
    let public_url = format!("http://{local}").parse().context("the listener has no address")?;
    let parts = NodeParts {
        config: &config,
        storage: &storage,
        runtime: runtime.handle().clone(),
        listener,
        metrics: Some(metrics),
        engine: quick(EngineConfig::new(public_url)),
        public_url: format!("http://{local}").parse().context("the listener has no address")?,
        outbound: outbound(&config, &fleet)?,
        demo: Some(DemoLogin { users: people::on_the_login_page(), password: password.clone() }),
    };
    let rehearsed = actix_rt::System::new().block_on(rehearse(wanted, parts, &storage, &fleet, &shops, &password));
    shops.block_on(fleet.stop());
    storage.close_after(rehearsed)
}

async fn rehearse(
    wanted: &Demo,
    parts: NodeParts<'_>,
    storage: &Storage,
    fleet: &Fleet,
    shops: &Runtime,
    password: &str,
) -> Outcome {
    let lifecycle = Lifecycle::listen()?;
    let tenants = people::create(&storage.db, password).await?;
    let node = Node::start(parts).await?;
    report::welcome(&node, fleet, password, wanted.rate);
    let played = play(wanted, &node, storage, fleet, shops, &tenants, &lifecycle).await;
    node.stop(&lifecycle).await;
    played
}

async fn play(
    wanted: &Demo,
    node: &Node,
    storage: &Storage,
    fleet: &Fleet,
    shops: &Runtime,
    tenants: &[storewire_domain::TenantId],
    lifecycle: &Lifecycle,
) -> Outcome {
    let connecting = connecting::connect_all(&node.engine, fleet, tenants);
    let connected = tokio::select! {
        connected = connecting => connected?,
        () = lifecycle.stopping() => return Ok(()),
    };
    let Some(duration) = wanted.duration else {
        fleet.set_rate(wanted.rate);
        return app::lives(lifecycle, storage).await;
    };
    connecting::wait_until_read(&storage.db, connected, lifecycle).await?;
    let seen = observer::watch(node, &storage.db).await?;
    say(&format!("running for {duration:?} at {} changes a second", wanted.rate));
    fleet.set_rate(wanted.rate);
    tokio::select! {
        ended = app::lives(lifecycle, storage) => ended?,
        () = tokio::time::sleep(duration) => {}
    }
    say("traffic stopped; waiting until the copies equal the shops");
    // On the shops' own runtime, where their deliveries are.
    let totals = quiesce(fleet, shops).await;
    let verdict = verify::until_equal(storage.admin_url.expose(), fleet, AGREES_WITHIN, lifecycle).await?;
    let differences = verdict.differences();
    let delay = seen.settle(lifecycle).await;
    report::print(&totals, &delay, &differences)?;
    if delay.gaps > 0 {
        return Err(Failure::new(Exit::Failed, format!("{} frames did not reach the socket", delay.gaps)));
    }
    match differences.len() {
        0 if telemetry::has_crashed() => Err(Failure::new(Exit::Failed, "a part of the program crashed")),
        0 => Ok(()),
        count => Err(Failure::new(Exit::Failed, format!("{count} differences between the shops and their copies"))),
    }
}

async fn quiesce(fleet: &Fleet, shops: &Runtime) -> storesim::Totals {
    let _entered = shops.enter();
    fleet.quiesce().await
}

async fn start_fleet(wanted: &Demo, data_dir: &DataDir) -> Outcome<Fleet> {
    // Storesim binds by itself; a moment of nobody listening is harmless here.
    let listen = bind_near(SHOPS.into(), "the shops")?.local_addr()?;
    let fleet = Fleet::start(FleetConfig {
        listen,
        stores: usize::from(wanted.stores),
        ca_dir: Some(data_dir.path().join("shops")),
        ..FleetConfig::default()
    })
    .await?;
    std::fs::write(data_dir.path().join("shops-ca.pem"), fleet.ca_pem()).context("cannot write shops-ca.pem")?;
    Ok(fleet)
}

/// Defaults, and what the flags say. The environment and files of a real installation must not leak into a rehearsal.
fn configuration(wanted: &Demo) -> Outcome<Config> {
    let data_dir = wanted.data_dir.to_string_lossy().into_owned();
    let config = Config::defaults(vec![("data_dir", data_dir), ("log.level", "warn".to_owned())]);
    let config = config.map_err(Failure::config)?;
    telemetry::start(&config.log)?;
    Ok(config)
}

/// The shops are on this machine: no need to be gentle, and nobody wants to wait.
fn quick(mut engine: EngineConfig) -> EngineConfig {
    engine.pull_interval = Duration::from_secs(20);
    engine.pull_overlap = Duration::from_secs(30);
    engine.request_interval = Duration::from_millis(20);
    engine.request_burst = 50;
    engine.hooks_interval = Duration::from_secs(60);
    engine.supervise_interval = Duration::from_millis(500);
    engine
}

fn outbound(config: &Config, fleet: &Fleet) -> Outcome<storewire_woo::OutboundConfig> {
    let mut outbound = config.outbound.client_config().map_err(Failure::config)?;
    let loopback: IpNet = "127.0.0.0/8".parse().context("loopback")?;
    outbound.allow_networks.push(loopback);
    outbound.ca_pem = Some(fleet.ca_pem().as_bytes().to_vec());
    Ok(outbound)
}
