//! Connecting a store: found, proven with its keys, written down. Its actor does the rest.

use secrecy::{ExposeSecret, SecretString};
use storewire_db::{
    Db, DbError,
    standing::{self, Reach},
    stores,
    stores::secret,
};
use storewire_domain::{AuthScheme, Clock, StoreId, StoreState, TenantId};
use storewire_guard::{
    seal::{Keyring, SealContext},
    token,
};
use storewire_woo::{
    Discovery, Keys, Outbound, Probe, UrlRefused, WooError, discover, discover_plain, normalise_plain_store_url,
    normalise_store_url, probe,
};

/// What a person gives to connect a store.
pub struct ConnectStore {
    pub tenant_id: TenantId,
    /// The shop's address, as pasted.
    pub url: String,
    pub consumer_key: SecretString,
    pub consumer_secret: SecretString,
    /// A person chose that an `http://` address may be used as it is: requests are signed, and everybody on the way can read them.
    pub allow_plain_http: bool,
    /// What people will call it; the site's own title otherwise.
    pub name: Option<String>,
    /// A webhook token to use instead of a fresh one: for moves between installations and for load tests.
    pub webhook_token: Option<SecretString>,
    /// A webhook secret to use instead of a fresh one.
    pub webhook_secret: Option<SecretString>,
}

/// What a person gives to try a connection: see [`ConnectStore`].
#[derive(Clone, Debug)]
pub struct Trial {
    pub url: String,
    pub consumer_key: SecretString,
    pub consumer_secret: SecretString,
    pub allow_plain_http: bool,
}

impl ConnectStore {
    fn trial(&self) -> Trial {
        Trial {
            url: self.url.clone(),
            consumer_key: self.consumer_key.clone(),
            consumer_secret: self.consumer_secret.clone(),
            allow_plain_http: self.allow_plain_http,
        }
    }
}

/// What a connection test found.
#[derive(Clone, Debug)]
pub struct Connection {
    pub name: String,
    pub home_url: String,
    pub rest_root: String,
    pub auth: AuthScheme,
    /// It is reached without TLS, by a person's choice; false where the shop itself leads to https.
    pub plain_http: bool,
    pub woo_version: Option<String>,
    pub currency: String,
    pub decimals: u32,
    pub timezone: String,
    /// Without it the store is only pulled.
    pub can_manage_webhooks: bool,
}

/// Why a store was not connected.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("the address is refused: {0}")]
    Url(#[from] UrlRefused),
    #[error("{0}")]
    Woo(#[from] WooError),
    #[error("the store is connected already")]
    Connected,
    #[error("the webhook token is in use by another store")]
    TokenInUse,
    #[error("the webhook token must have at least 16 letters, digits, '-' or '_'")]
    TokenUnfit,
    #[error("the tenant does not exist")]
    NoTenant,
    #[error(transparent)]
    Db(DbError),
}

impl ConnectError {
    /// A short machine word: a key of the panel's and the API's texts.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Url(refused) => refused.code(),
            Self::Woo(error) => error.code(),
            Self::Connected => "already_connected",
            Self::TokenInUse => "token_in_use",
            Self::TokenUnfit => "token_unfit",
            Self::NoTenant => "no_tenant",
            Self::Db(_) => "database",
        }
    }
}

impl From<DbError> for ConnectError {
    fn from(error: DbError) -> Self {
        match error.constraint() {
            Some("store_home_url_key") => Self::Connected,
            Some("store_hook_token_key") => Self::TokenInUse,
            Some("store_tenant_id_fkey") => Self::NoTenant,
            _ => Self::Db(error),
        }
    }
}

/// Finds the store and proves the keys, without writing anything anywhere.
///
/// # Errors
/// `Url` for an address that is refused, `Woo` for a store that does not answer as hoped.
pub async fn test(outbound: &Outbound, trial: Trial) -> Result<Connection, ConnectError> {
    let Trial { url, consumer_key, consumer_secret, allow_plain_http } = trial;
    let url = if allow_plain_http { normalise_plain_store_url(&url)? } else { normalise_store_url(&url)? };
    outbound.check(&url)?;
    let found: Discovery =
        if url.scheme() == "http" { discover_plain(outbound, &url).await? } else { discover(outbound, &url).await? };
    let keys = Keys { consumer_key, consumer_secret };
    let proven: Probe = probe(outbound, &found, &keys).await?;
    Ok(Connection {
        name: if found.name.is_empty() { url.host_str().unwrap_or("store").to_owned() } else { found.name.clone() },
        home_url: proven.home_url.to_string(),
        rest_root: found.rest_root.to_string(),
        auth: proven.auth,
        plain_http: found.plain_http,
        woo_version: proven.woo_version,
        currency: proven.currency,
        decimals: proven.decimals,
        timezone: proven.timezone,
        can_manage_webhooks: proven.can_manage_webhooks,
    })
}

/// Connects a store: tests it, then writes it down with its secrets sealed. One that waits for new keys is given these.
///
/// # Errors
/// As [`test`]; `Connected` if the tenant has it already.
pub async fn connect(
    db: &Db,
    outbound: &Outbound,
    keyring: &Keyring,
    clock: &Clock,
    wanted: ConnectStore,
) -> Result<StoreId, ConnectError> {
    let webhook_token = match &wanted.webhook_token {
        Some(given) => fit_token(given.expose_secret())?,
        None => token::fresh(),
    };
    // Without a secret there would be nothing to tell the store's deliveries from anybody's.
    let given_secret =
        wanted.webhook_secret.as_ref().map(ExposeSecret::expose_secret).filter(|given| !given.is_empty());
    let webhook_secret = given_secret.map_or_else(token::fresh, str::to_owned);
    let found = test(outbound, wanted.trial()).await?;
    if let Some(id) = renew_keys(db, keyring, clock, &wanted, &found).await? {
        return Ok(id);
    }
    let id = StoreId::fresh();
    let seal = |column: &'static str, plain: &str| seal(keyring, wanted.tenant_id, id, column, plain);
    let store = stores::NewStore {
        id,
        name: wanted.name.filter(|name| !name.trim().is_empty()).unwrap_or(found.name),
        home_url: found.home_url,
        rest_root: found.rest_root,
        auth: found.auth,
        plain_http: found.plain_http,
        timezone: found.timezone,
        currency: found.currency,
        decimals: i32::try_from(found.decimals).unwrap_or(2),
        woo_version: found.woo_version,
        hook_token_digest: token::digest(&webhook_token),
        secrets: vec![
            seal(secret::CONSUMER_KEY, wanted.consumer_key.expose_secret()),
            seal(secret::CONSUMER_SECRET, wanted.consumer_secret.expose_secret()),
            seal(secret::WEBHOOK_SECRET, &webhook_secret),
            seal(secret::WEBHOOK_TOKEN, &webhook_token),
        ],
    };
    let tx = db.tenant(wanted.tenant_id).await?;
    stores::insert(&tx, &store, clock.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// A store that waits for new keys is given them by being connected again. `None` if the tenant has no such store.
async fn renew_keys(
    db: &Db,
    keyring: &Keyring,
    clock: &Clock,
    wanted: &ConnectStore,
    found: &Connection,
) -> Result<Option<StoreId>, ConnectError> {
    let tx = db.tenant(wanted.tenant_id).await?;
    let Some((id, state)) = stores::find_by_home(&tx, &found.home_url).await? else { return Ok(None) };
    if state != StoreState::NeedsAttention {
        return Err(ConnectError::Connected);
    }
    let keys = [
        seal(keyring, wanted.tenant_id, id, secret::CONSUMER_KEY, wanted.consumer_key.expose_secret()),
        seal(keyring, wanted.tenant_id, id, secret::CONSUMER_SECRET, wanted.consumer_secret.expose_secret()),
    ];
    stores::replace_secrets(&tx, id, &keys, clock.now()).await?;
    // What was found just now is how it is reached from now on.
    let reach = Reach { auth: found.auth, rest_root: found.rest_root.clone(), plain_http: found.plain_http };
    standing::save_reach(&tx, id, &reach, clock.now()).await?;
    let renewed = stores::NewState { state: StoreState::New, reason: Some("renewed"), ok_at: None, error: None };
    stores::set_state(&tx, id, &renewed, clock.now()).await?;
    tx.commit().await?;
    Ok(Some(id))
}

fn seal(
    keyring: &Keyring,
    tenant: TenantId,
    store: StoreId,
    column: &'static str,
    plain: &str,
) -> (&'static str, Vec<u8>) {
    let context = SealContext { tenant: tenant.uuid(), store: store.uuid(), column };
    (column, keyring.seal(&context, plain.as_bytes()))
}

fn fit_token(given: &str) -> Result<String, ConnectError> {
    let is_fit = given.len() >= 16
        && given.len() <= 128
        && given.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if is_fit { Ok(given.to_owned()) } else { Err(ConnectError::TokenUnfit) }
}
