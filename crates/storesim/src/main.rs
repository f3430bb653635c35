//! The fleet as a program of its own, so that it outlives what it is used to test.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use serde_json::json;
use storesim::{DeliveryMode, Fleet, FleetConfig};
use tokio::signal::unix::{SignalKind, signal};

/// How many ports above a busy one are tried.
const NUM_PORTS: u16 = 50;

/// Simulated WooCommerce shops over real HTTP.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Examples:
  storesim                                     four shops on 127.0.0.1:9100
  storesim --stores 20 --rate 5                twenty shops, five changes a second
  storesim --ca-dir ./sim-ca --json            keep the certificates; tell the keys as one line of JSON
  curl http://127.0.0.1:9100/_sim/stores       the shops and their keys
  curl -XPOST http://127.0.0.1:9100/_sim/stores/1/buy -d '{}'
                                               a customer buys something in shop 1"
)]
struct Arguments {
    /// Address to listen on, for http and https alike; a busy port takes the next free one
    #[arg(long, default_value = "127.0.0.1:9100")]
    listen: SocketAddr,
    /// Number of shops
    #[arg(long, default_value_t = 4)]
    stores: usize,
    /// The same seed gives the same shops and keys
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Changes per second over all shops
    #[arg(long, default_value_t = 0.0)]
    rate: f64,
    /// Orders each shop begins with
    #[arg(long, default_value_t = 40)]
    orders: usize,
    /// Products each shop begins with
    #[arg(long, default_value_t = 16)]
    products: usize,
    /// Folder that keeps the certificates, so that a restart keeps the trust
    #[arg(long)]
    ca_dir: Option<PathBuf>,
    /// Deliver webhooks only every so many seconds, like a shop that has nothing but cron
    #[arg(long, value_name = "SECONDS")]
    cron: Option<u64>,
    /// What the shops' clocks show at the start, such as 2026-03-08T06:58:00Z; the machine's time without it
    #[arg(long, value_name = "MOMENT")]
    at: Option<jiff::Timestamp>,
    /// When ready, print one line of JSON instead of the table
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let mut terminate = signal(SignalKind::terminate())?;
    let fleet = start(&arguments).await?;
    announce(&fleet, arguments.json)?;
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    fleet.stop().await;
    Ok(())
}

/// Starts the fleet at the address, or at the next free port.
async fn start(arguments: &Arguments) -> anyhow::Result<Fleet> {
    let mut listen = arguments.listen;
    let last = listen.port().saturating_add(NUM_PORTS);
    loop {
        let config = FleetConfig {
            listen,
            stores: arguments.stores,
            hosts: 1,
            seed: arguments.seed,
            rate: arguments.rate,
            ca_dir: arguments.ca_dir.clone(),
            delivery: arguments
                .cron
                .map_or(DeliveryMode::Fast, |seconds| DeliveryMode::Cron(Duration::from_secs(seconds))),
            orders_per_store: arguments.orders,
            products_per_store: arguments.products,
            shops: Vec::new(),
            now: arguments.at,
        };
        match Fleet::start(config).await {
            Err(error) if is_busy(&error) && listen.port() != 0 && listen.port() < last => {
                eprintln!("port {} is busy, trying {}", listen.port(), listen.port() + 1);
                listen.set_port(listen.port() + 1);
            }
            outcome => return outcome,
        }
    }
}

fn is_busy(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::AddrInUse)
}

fn announce(fleet: &Fleet, as_json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if as_json {
        let line = json!({ "addr": fleet.addr().to_string(), "ca_pem": fleet.ca_pem(), "stores": fleet.stores() });
        writeln!(out, "{line}")?;
        return Ok(out.flush()?);
    }
    writeln!(out, "Simulated shops on http://{0}/ and https://{0}/ (private CA)\n", fleet.addr())?;
    let stores = fleet.stores();
    for store in stores.iter().take(20) {
        writeln!(out, "{:>4}  {}", store.index, store.name)?;
        writeln!(out, "      home    {}", store.home_url)?;
        writeln!(out, "      shop    {}/", store.shop_url)?;
        writeln!(out, "      key     {}", store.consumer_key)?;
        writeln!(out, "      secret  {}", store.consumer_secret)?;
        let (zone, currency, version) = (&store.timezone, &store.currency, &store.version);
        writeln!(out, "      site    {zone}, {currency}, WooCommerce {version} ({:?})\n", store.storage)?;
    }
    if stores.len() > 20 {
        writeln!(out, "… and {} more: http://{}/_sim/stores", stores.len() - 20, fleet.addr())?;
    }
    Ok(out.flush()?)
}
