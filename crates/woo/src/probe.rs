//! Trying a pair of keys on a store that was found: which way of sending them works, what they may do, and the settings
//! that every amount and date of the store depends on.

use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::{json, value::RawValue};
use storewire_domain::AuthScheme;
use tracing::instrument;
use url::Url;

use crate::{
    Discovery, Failure, Keys, Outbound, WooError,
    answer::Answer,
    call::{Call, Plaintext},
    client::path_id,
    decode::{Fields, elements_of},
    endpoint::{Params, endpoint},
    judge::judge,
    ladder::Ladder,
    salvage,
    signer::Signer,
    webhooks::webhook,
};

/// What a pair of keys can do, and how the store counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    pub auth: AuthScheme,
    pub woo_version: Option<String>,
    /// ISO 4217 code, upper case.
    pub currency: String,
    /// The store's own setting, whatever its currency's custom.
    pub decimals: u32,
    /// As [`Discovery::timezone`].
    pub timezone: String,
    pub home_url: Url,
    /// Needs a key that may write and a user who is shop manager.
    pub can_manage_webhooks: bool,
}

/// Walks the ladder of ways to give keys once, from Basic to OAuth, and reads the store's settings. Over plain http, which
/// only a [`Discovery`] by choice allows, the keys are only ever signed with.
///
/// # Errors
/// `AuthNotReaching` where no way works, `AuthRejected` for wrong keys, `Forbidden` for a user without rights.
#[instrument(name = "woo.store.probe", skip_all, fields(store.host = discovery.rest_root.host_str()), err(level = "debug"))]
pub async fn probe(outbound: &Outbound, discovery: &Discovery, keys: &Keys) -> Result<Probe, WooError> {
    let Discovery { rest_root, home_url, .. } = discovery;
    let plaintext = Plaintext::chosen(discovery.plain_http);
    let (signer, answer) = Ladder { outbound, rest_root, home_url, keys, plaintext }.climb().await?;
    let asker = Asker { outbound, rest_root, signer };
    let settings = asker.settings(&newest_order(&answer)?).await?;
    let can_manage_webhooks = asker.can_manage_webhooks(home_url).await;
    Ok(Probe {
        auth: asker.signer.scheme,
        woo_version: settings.version,
        currency: settings.currency,
        decimals: settings.decimals,
        timezone: discovery.timezone.clone(),
        home_url: settings.home_url.unwrap_or_else(|| home_url.clone()),
        can_manage_webhooks,
    })
}

struct Asker<'a> {
    outbound: &'a Outbound,
    rest_root: &'a Url,
    signer: Signer,
}

struct Settings {
    version: Option<String>,
    currency: String,
    decimals: u32,
    home_url: Option<Url>,
}

/// What one order tells of the store's settings.
#[derive(Default)]
struct Sample {
    version: Option<String>,
    currency: Option<String>,
    decimals: Option<u32>,
}

impl Asker<'_> {
    async fn ask(&self, method: Method, path: &str, params: Params, json: Option<String>) -> Result<Answer, WooError> {
        let url = endpoint(self.rest_root, path, &params);
        let call = Call { method, json, ..Call::get(url.clone()) };
        judge(self.signer.send(self.outbound, call).await?, &url)
    }

    /// The system status knows all, but needs a shop manager and a store in good health. Without it the currency has a
    /// route of its own, and the newest order tells the rest.
    async fn settings(&self, orders: &Sample) -> Result<Settings, WooError> {
        let params = vec![("_fields", "environment,settings".to_owned())];
        let fault = match self.ask(Method::GET, "wc/v3/system_status", params, None).await {
            Ok(answer) => match salvage::json(&answer, true).map(|body| from_status(&body.text)) {
                Ok(Some(settings)) => return Ok(settings),
                Ok(None) => salvage::fault(&answer, Failure::BadJson),
                Err(error) => error,
            },
            Err(error) => error,
        };
        let currency = match &orders.currency {
            Some(currency) => currency.clone(),
            None => self.currency().await.ok_or(fault)?,
        };
        let decimals = orders.decimals.unwrap_or(2);
        Ok(Settings { version: orders.version.clone(), currency, decimals, home_url: None })
    }

    async fn currency(&self) -> Option<String> {
        let answer = self.ask(Method::GET, "wc/v3/data/currencies/current", Vec::new(), None).await.ok()?;
        let body = salvage::json(&answer, true).ok()?;
        currency_code(&Fields::parse(&body.text).ok()?.text("code"))
    }

    /// Asks for a webhook with a topic that no store accepts: a refusal of the topic proves that the keys may make
    /// webhooks, and nothing is made. Listing them would prove only that they may be read.
    async fn can_manage_webhooks(&self, home_url: &Url) -> bool {
        let body = json!({ "topic": "storewire.probe", "delivery_url": home_url.as_str(), "status": "paused" });
        match self.ask(Method::POST, "wc/v3/webhooks", Vec::new(), Some(body.to_string())).await {
            Err(error) => error.class == Failure::BadRequest,
            Ok(answer) => {
                self.take_back(&answer).await;
                true
            }
        }
    }

    async fn take_back(&self, answer: &Answer) {
        let Ok(made) = webhook(&answer.body) else { return };
        let Ok(id) = path_id(&made.value.id) else { return };
        let force = vec![("force", "true".to_owned())];
        if let Err(error) = self.ask(Method::DELETE, &format!("wc/v3/webhooks/{id}"), force, None).await {
            tracing::warn!(error = %error, remote.id = id, "a webhook made by a probe could not be deleted");
        }
    }
}

fn newest_order(answer: &Answer) -> Result<Sample, WooError> {
    let body = salvage::json(answer, true)?;
    let orders = elements_of(&body.text).map_err(|_| salvage::fault(answer, Failure::BadJson))?;
    Ok(orders.first().and_then(|raw| sample(raw)).unwrap_or_default())
}

fn sample(raw: &RawValue) -> Option<Sample> {
    let order = Fields::of(raw).ok()?;
    Some(Sample {
        version: Some(order.text("version")).filter(|text| !text.is_empty()),
        currency: currency_code(&order.text("currency")),
        decimals: order.decimal("total").ok().flatten().map(|total: Decimal| total.scale()),
    })
}

fn from_status(text: &str) -> Option<Settings> {
    let status = Fields::parse(text).ok()?;
    let (settings, environment) = (status.object("settings")?, status.object("environment"));
    let known = |name: &str| environment.as_ref().map(|fields| fields.text(name)).filter(|text| !text.is_empty());
    Some(Settings {
        version: known("version"),
        currency: currency_code(&settings.text("currency"))?,
        decimals: settings.text("number_of_decimals").parse().ok().filter(|decimals| *decimals <= 12)?,
        home_url: known("home_url").and_then(|text| Url::parse(&text).ok()),
    })
}

fn currency_code(text: &str) -> Option<String> {
    let code = text.trim().to_ascii_uppercase();
    let sound = (3..=10).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    sound.then_some(code)
}
