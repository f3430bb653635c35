//! `storewire store`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use secrecy::SecretString;
use serde::Serialize;
use storewire_actors::{ConnectError, ConnectStore, connect};
use storewire_db::{
    ReadTx,
    stores::{self, StoreRow},
};
use storewire_domain::{Clock, StoreId};
use storewire_woo::Outbound;

use super::{Installation, secret, user::find_or_create_tenant};
use crate::config::Config;
use crate::failure::{Exit, Failure, Outcome};
use crate::output;
use crate::storage::{Storage, engine_runtime};

mod deed;
mod diary;
mod sync;
mod wait;

/// Connected stores
#[derive(Debug, Args)]
pub struct Store {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
    List(List),
    Test(Test),
    Sync(sync::Sync),
    /// Stop all work for stores; their deliveries are kept, and they go on where they stopped
    #[command(after_help = "Example:\n  \
        storewire store pause $STORE --as admin@example.com")]
    Pause(deed::Deed),
    /// Let paused or parked stores go on: what was delivered meanwhile is applied, and they are read at once
    #[command(after_help = "Example:\n  \
        storewire store list --json | jq -r '.[] | select(.state == \"parked\") | .id' \\\n      \
            | xargs storewire store resume --as admin@example.com")]
    Resume(deed::Deed),
    /// Have everything that stores hold compared with our copy, record by record, and repaired where they differ
    #[command(after_help = "Examples:\n  \
        storewire store reconcile $STORE --as admin@example.com\n  \
        storewire store diary $STORE     what it found, when it is over")]
    Reconcile(deed::Deed),
    Diary(diary::Diary),
}

/// Connect a store; a running server starts to read it within seconds
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    storewire store add --tenant 'Anatolia Coffee' --url https://shop.example.com \\\n      \
        --key-file ck.txt --secret-file cs.txt\n  \
    STOREWIRE_CONSUMER_KEY=ck_… STOREWIRE_CONSUMER_SECRET=cs_… \\\n      \
        storewire store add --tenant 'Anatolia Coffee' --url shop.example.com\n\n\
    Secrets come from files (`-` is standard input) or from the variables STOREWIRE_CONSUMER_KEY,\n\
    STOREWIRE_CONSUMER_SECRET, and, for moves between installations and for load tests,\n\
    STOREWIRE_WEBHOOK_TOKEN and STOREWIRE_WEBHOOK_SECRET. Never from flags, which others can see.")]
struct Add {
    #[command(flatten)]
    installation: Installation,
    /// The merchant's company; made if it is new
    #[arg(long, value_name = "NAME")]
    tenant: String,
    #[command(flatten)]
    keys: Keys,
    /// What people call it [default: the shop's title]
    #[arg(long)]
    name: Option<String>,
    /// A file with the token of its webhook address, to use instead of a fresh one
    #[arg(long, value_name = "FILE")]
    webhook_token_file: Option<PathBuf>,
    /// A file with the secret that signs its webhooks, to use instead of a fresh one
    #[arg(long, value_name = "FILE")]
    webhook_secret_file: Option<PathBuf>,
}

/// List the connected stores
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    storewire store list\n  \
    storewire store list --json | jq -r '.[] | select(.state != \"live\") | .name'")]
struct List {
    #[command(flatten)]
    installation: Installation,
    #[arg(long)]
    json: bool,
}

/// Find a store and prove its keys, without writing anything anywhere
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
    storewire store test --url https://shop.example.com --key-file ck.txt --secret-file cs.txt")]
struct Test {
    #[command(flatten)]
    installation: Installation,
    #[command(flatten)]
    keys: Keys,
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Keys {
    /// The shop's address
    #[arg(long)]
    url: String,
    /// A file with the consumer key, `-` for standard input
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// A file with the consumer secret
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// Reach a shop that has no https: its keys are never sent, requests are only signed (OAuth 1.0a); anyone on the way can read them
    #[arg(long)]
    allow_plain_http: bool,
}

impl Keys {
    fn read(&self) -> Outcome<(SecretString, SecretString)> {
        let key = self.key_file.as_deref();
        let key = secret::require(key, "STOREWIRE_CONSUMER_KEY", "consumer key", "--key-file")?;
        let secret = self.secret_file.as_deref();
        let secret = secret::require(secret, "STOREWIRE_CONSUMER_SECRET", "consumer secret", "--secret-file")?;
        Ok((key, secret))
    }
}

impl Store {
    pub fn run(self) -> Outcome {
        match self.command {
            Command::Add(command) => command.run(),
            Command::List(command) => command.run(),
            Command::Test(command) => command.run(),
            Command::Sync(command) => command.run(),
            Command::Pause(command) => command.run("pause"),
            Command::Resume(command) => command.run("resume"),
            Command::Reconcile(command) => command.run("reconcile"),
            Command::Diary(command) => command.run(),
        }
    }
}

impl Add {
    fn run(self) -> Outcome {
        let (consumer_key, consumer_secret) = self.keys.read()?;
        let webhook_token = secret::read(self.webhook_token_file.as_deref(), "STOREWIRE_WEBHOOK_TOKEN")?;
        let webhook_secret = secret::read(self.webhook_secret_file.as_deref(), "STOREWIRE_WEBHOOK_SECRET")?;
        let config = self.installation.load_quietly()?;
        let outbound = client(&config)?;
        let runtime = engine_runtime(2)?;
        let storage = Storage::open(&config, &runtime)?;
        let added = runtime.block_on(async {
            let wanted = ConnectStore {
                tenant_id: find_or_create_tenant(&storage.db, &self.tenant).await?,
                url: self.keys.url.clone(),
                consumer_key,
                consumer_secret,
                allow_plain_http: self.keys.allow_plain_http,
                name: self.name.clone(),
                webhook_token,
                webhook_secret,
            };
            let connected = connect::connect(&storage.db, &outbound, &storage.keyring, &Clock::system(), wanted).await;
            connected.map_err(refused)
        });
        let id: StoreId = storage.close_after(added)?;
        output::say(&format!("connected {}", self.keys.url));
        Ok(output::line(&id.to_string())?)
    }
}

impl Test {
    fn run(self) -> Outcome {
        let (key, secret) = self.keys.read()?;
        let config = self.installation.load_quietly()?;
        let outbound = client(&config)?;
        let trial = connect::Trial {
            url: self.keys.url.clone(),
            consumer_key: key,
            consumer_secret: secret,
            allow_plain_http: self.keys.allow_plain_http,
        };
        let found = engine_runtime(2)?.block_on(connect::test(&outbound, trial));
        let found = found.map_err(refused)?;
        let facts = [
            ("name", found.name),
            ("address", found.home_url),
            ("api", found.rest_root),
            ("keys sent by", found.auth.to_string()),
            ("woocommerce", found.woo_version.unwrap_or_else(|| "unknown".to_owned())),
            ("currency", found.currency),
            ("timezone", found.timezone),
            ("webhooks", if found.can_manage_webhooks { "yes" } else { "no: the key may not write" }.to_owned()),
        ];
        if self.json {
            let facts: serde_json::Map<_, _> =
                facts.into_iter().map(|(name, value)| (name.replace(' ', "_"), value.into())).collect();
            return Ok(output::json(&facts)?);
        }
        facts.iter().try_for_each(|(name, value)| output::line(&format!("{name:<13} {value}"))).map_err(Into::into)
    }
}

#[derive(Serialize)]
struct Listed {
    id: String,
    tenant: String,
    name: String,
    home_url: String,
    state: String,
    reason: Option<String>,
    orders: i64,
    products: i64,
    as_of: Option<String>,
    last_error: Option<String>,
}

impl From<StoreRow> for Listed {
    fn from(row: StoreRow) -> Self {
        Self {
            id: row.id.to_string(),
            tenant: row.tenant_name,
            name: row.name,
            home_url: row.home_url,
            state: row.state.to_string(),
            reason: row.state_reason,
            orders: row.orders,
            products: row.products,
            as_of: row.as_of.map(|time| time.to_string()),
            last_error: row.last_error,
        }
    }
}

impl List {
    fn run(self) -> Outcome {
        let config = self.installation.load_quietly()?;
        let runtime = engine_runtime(1)?;
        let storage = Storage::open(&config, &runtime)?;
        let listed = runtime.block_on(async {
            let tx = storage.db.staff().await?;
            let rows = stores::list(&tx).await?;
            tx.commit().await?;
            Ok(rows)
        });
        let listed: Vec<Listed> = storage.close_after(listed)?.into_iter().map(Into::into).collect();
        if self.json {
            return Ok(output::json(&listed)?);
        }
        let rows: Vec<Vec<String>> = listed
            .into_iter()
            .map(|one| {
                let state = one.reason.map_or_else(|| one.state.clone(), |reason| format!("{} ({reason})", one.state));
                let as_of = one.as_of.unwrap_or_else(|| "never".to_owned());
                vec![one.id, one.tenant, one.name, state, one.orders.to_string(), one.products.to_string(), as_of]
            })
            .collect();
        Ok(output::table(&["ID", "TENANT", "NAME", "STATE", "ORDERS", "PRODUCTS", "READ UP TO"], &rows)?)
    }
}

/// The store of this id.
pub(super) async fn known(tx: &ReadTx, id: StoreId) -> Outcome<StoreRow> {
    let found = stores::find(tx, id).await?;
    found.ok_or_else(|| Failure::new(Exit::Failed, format!("there is no store {id}; `store list` shows them all")))
}

fn client(config: &Config) -> Outcome<Outbound> {
    let settings = config.outbound.client_config().map_err(Failure::config)?;
    Outbound::new(settings).map_err(|error| Failure::config(error.into()))
}

fn refused(error: ConnectError) -> Failure {
    let exit = match &error {
        ConnectError::Db(_) => return error.into(),
        ConnectError::Woo(failure) if failure.is_retryable() => Exit::TryLater,
        ConnectError::Url(_) | ConnectError::Woo(_) => Exit::Unavailable,
        _ => Exit::Failed,
    };
    let way_out = match error.code() {
        "url_plaintext" => {
            "; for a shop without https say --allow-plain-http: its keys are not sent then, but its data can be read"
        }
        "not_woocommerce" => "; is it the address of the shop's front page, and is WooCommerce active there?",
        "auth_rejected" => "; make a key for reading and writing in its WooCommerce, Settings, Advanced, REST API",
        "already_connected" => "; `store list` shows it",
        "url_private" => "; if it is yours, name its network in outbound.allow_networks",
        "tls" => "; if a private authority signed it, name that authority's file in outbound.ca_file",
        _ => "",
    };
    Failure::new(exit, format!("{error} ({}){way_out}", error.code()))
}
