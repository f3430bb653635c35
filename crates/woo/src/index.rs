//! The public index of a store's REST API: who the store says it is, asked without keys.

use tracing::instrument;
use url::Url;

use crate::{
    Failure, Outbound, StoreClient, WooError,
    call::{Call, Plaintext},
    decode::{Fields, scalar_text},
    endpoint::endpoint,
    judge::judge,
    salvage,
    zone::zone_text,
};

const NAMESPACE: &str = "wc/v3";

/// What a store says of itself. Where its index keeps silent, the home and the zone are those it was known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Another home than the one known is a clone, a move, or a plugin that changes it by language.
    pub home: Url,
    /// An IANA name or an offset, see [`crate::site_zone`].
    pub timezone: String,
    pub name: String,
    /// Holds `wc/v3`, or this would have been an error.
    pub namespaces: Vec<String>,
}

impl StoreClient {
    /// Reads the store's index.
    ///
    /// # Errors
    /// As [`Self::ping_index`].
    #[instrument(name = "woo.index.get", skip_all, fields(store.host = self.host()), err(level = "debug"))]
    pub async fn index(&self) -> Result<Index, WooError> {
        let told = self.outline().await?;
        Ok(Index {
            home: told.home.unwrap_or_else(|| self.site().home_url.clone()),
            timezone: told.timezone.unwrap_or_else(|| self.site().timezone.clone()),
            name: told.name,
            namespaces: told.namespaces,
        })
    }

    /// The control request: is the store well, and WooCommerce's REST API there? Asked without keys.
    ///
    /// # Errors
    /// What is wrong with the store.
    #[instrument(name = "woo.index.ping", skip_all, fields(store.host = self.host()), err(level = "debug"))]
    pub async fn ping_index(&self) -> Result<(), WooError> {
        self.outline().await.map(drop)
    }

    async fn outline(&self) -> Result<Outline, WooError> {
        let plaintext = Plaintext::chosen(self.site().plain_http);
        let told = read_index(self.outbound(), self.rest_root(), plaintext).await?;
        told.require_woocommerce()?;
        Ok(told)
    }
}

/// What an index tells, as far as it does.
pub(crate) struct Outline {
    pub(crate) name: String,
    pub(crate) home: Option<Url>,
    pub(crate) timezone: Option<String>,
    pub(crate) namespaces: Vec<String>,
}

impl Outline {
    pub(crate) fn require_woocommerce(&self) -> Result<(), WooError> {
        let found = self.namespaces.iter().any(|name| name == NAMESPACE);
        if found { Ok(()) } else { Err(WooError::new(Failure::NotWooCommerce).with_code("wc_v3_missing")) }
    }
}

/// Reads a REST index, without keys.
pub(crate) async fn read_index(
    outbound: &Outbound,
    rest_root: &Url,
    plaintext: Plaintext,
) -> Result<Outline, WooError> {
    let fields = "name,home,url,gmt_offset,timezone_string,namespaces";
    let params = vec![("_fields", fields.to_owned()), ("_skip_cache", "1".to_owned())];
    let url = endpoint(rest_root, "", &params);
    let call = Call { plaintext, ..Call::get(url.clone()) };
    let answer = judge(outbound.send(call).await?, &url).map_err(no_keys_were_sent)?;
    let body = salvage::json(&answer, true)?;
    let unreadable = || salvage::fault(&answer, Failure::BadJson);
    let index = Fields::parse(&body.text).map_err(|_| unreadable())?;
    if !index.has("namespaces") {
        return Err(salvage::fault(&answer, Failure::NotWooCommerce));
    }
    let namespaces = index.list("namespaces").map_err(|_| unreadable())?;
    Ok(Outline {
        name: index.text("name"),
        home: ["home", "url"].into_iter().find_map(|name| Url::parse(&index.text(name)).ok()),
        timezone: zone_text(&index.text("timezone_string"), &index.text("gmt_offset")),
        namespaces: namespaces.into_iter().filter_map(scalar_text).collect(),
    })
}

/// A public index that wants a login is hidden by a plugin: no fault of any key.
fn no_keys_were_sent(error: WooError) -> WooError {
    match error.class {
        Failure::AuthNotReaching | Failure::AuthRejected | Failure::Forbidden => {
            WooError { class: Failure::Blocked, ..error }
        }
        _ => error,
    }
}
