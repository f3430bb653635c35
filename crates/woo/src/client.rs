//! The client of one store: signs, sends, judges and opens every exchange; [`crate::reads`] and [`crate::webhooks`] hold
//! the calls themselves.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::tz::TimeZone;
use reqwest::Method;
use storewire_domain::{AuthScheme, RemoteId};
use url::Url;

use crate::{
    Failure, Item, Keys, Outbound, Page, Poison, Site, WooError,
    answer::Answer,
    decode::Decoder,
    endpoint::{Params, endpoint},
    judge::{judge, refused_params},
    outbound::Call,
    salvage::{self, json},
    site_zone,
};

/// Parameters that a call can do without. A store that refuses one is not sent it again.
const OPTIONAL: &[&str] = &["_skip_cache", "_fields"];

/// Speaks to one store. Cheap to clone; clones share what was learned about the store.
#[derive(Clone)]
pub struct StoreClient(Arc<Inner>);

struct Inner {
    outbound: Outbound,
    site: Site,
    zone: Option<TimeZone>,
    refused: Mutex<BTreeSet<&'static str>>,
}

impl StoreClient {
    /// A client for a store whose address and keys were found good by [`crate::discover`] and [`crate::probe`].
    #[must_use]
    pub fn new(outbound: Outbound, site: Site) -> Self {
        let zone = site_zone(&site.timezone);
        Self(Arc::new(Inner { outbound, site, zone, refused: Mutex::default() }))
    }

    /// The store's host, for logs.
    pub(crate) fn host(&self) -> &str {
        self.0.site.rest_root.host_str().unwrap_or_default()
    }

    pub(crate) fn zone(&self) -> TimeZone {
        self.0.zone.clone().unwrap_or(TimeZone::UTC)
    }

    pub(crate) fn decoder(&self) -> Decoder {
        Decoder { zone: self.0.zone.clone() }
    }

    pub(crate) fn outbound(&self) -> &Outbound {
        &self.0.outbound
    }

    pub(crate) fn rest_root(&self) -> &Url {
        &self.0.site.rest_root
    }

    /// Reads one page and decodes each of its records by itself.
    pub(crate) async fn list<T>(
        &self,
        path: &str,
        params: Params,
        decode: impl Fn(&[u8]) -> Result<Item<T>, Poison>,
    ) -> Result<Page<T>, WooError> {
        let answer = self.read(path, params).await?;
        let body = json(&answer, true)?;
        let raws = crate::decode::elements_of(&body.text).map_err(|_| salvage::fault(&answer, Failure::BadJson))?;
        let items = raws.into_iter().map(|raw| decode(raw.get().as_bytes())).collect();
        Ok(Page::new(&answer, body.dirty, items))
    }

    /// A GET that asks caches to stand aside and drops what this store does not accept.
    pub(crate) async fn read(&self, path: &str, mut params: Params) -> Result<Answer, WooError> {
        params.push(("_skip_cache", "1".to_owned()));
        {
            let refused = self.0.refused.lock().unwrap_or_else(PoisonError::into_inner);
            params.retain(|(name, _)| !refused.contains(name));
        }
        let url = endpoint(self.rest_root(), path, &params);
        let answer = self.exchange(Method::GET, url.clone(), None).await?;
        let refused = if answer.status == 400 { self.learn(&answer, &params) } else { Vec::new() };
        if refused.is_empty() {
            return judge(answer, &url);
        }
        params.retain(|(name, _)| !refused.contains(name));
        let url = endpoint(self.rest_root(), path, &params);
        judge(self.exchange(Method::GET, url.clone(), None).await?, &url)
    }

    /// A call that changes the store. Sent once, never again by itself.
    pub(crate) async fn write(
        &self,
        method: Method,
        path: &str,
        params: Params,
        json: Option<String>,
    ) -> Result<Answer, WooError> {
        let url = endpoint(self.rest_root(), path, &params);
        judge(self.exchange(method, url.clone(), json).await?, &url)
    }

    async fn exchange(&self, method: Method, url: Url, json: Option<String>) -> Result<Answer, WooError> {
        let call = signed(Call { method, json, ..Call::get(url) }, self.0.site.auth, &self.0.site.keys)?;
        self.0.outbound.send(call).await
    }

    /// Which optional parameters a 400 complains about; remembers them.
    fn learn(&self, answer: &Answer, params: &Params) -> Vec<&'static str> {
        let complained = refused_params(&answer.body);
        let known = OPTIONAL.iter().copied().filter(|name| complained.iter().any(|other| other == name));
        let sent: Vec<&'static str> = known.filter(|name| params.iter().any(|(other, _)| other == name)).collect();
        let mut refused = self.0.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.extend(&sent);
        sent
    }
}

impl fmt::Debug for StoreClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreClient").field("site", &self.0.site).finish_non_exhaustive()
    }
}

/// Adds the keys to a call; over https only.
pub(crate) fn signed(mut call: Call, scheme: AuthScheme, keys: &Keys) -> Result<Call, WooError> {
    if call.url.scheme() != "https" {
        return Err(WooError::unsent(Failure::Refused, crate::UrlRefused::Plaintext));
    }
    match scheme {
        AuthScheme::Basic => {
            let header = keys
                .basic()
                .ok_or_else(|| WooError::unsent(Failure::AuthRejected, "keys cannot be sent as a header"))?;
            call.authorization = Some(header);
        }
        AuthScheme::Query => keys.add_to(&mut call.url),
    }
    Ok(call)
}

/// An id as a part of a path. WooCommerce's are numbers; anything else could lead elsewhere.
pub(crate) fn path_id(id: &RemoteId) -> Result<&str, WooError> {
    let id = id.as_str();
    let is_number = !id.is_empty() && id.len() <= 20 && id.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        Ok(id)
    } else {
        Err(WooError::unsent(Failure::BadRequest, "the id is no number").with_code("bad_id"))
    }
}
