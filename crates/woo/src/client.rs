//! The client of one store: what it knows of the store, and how it reads. [`crate::changes`] is how it writes;
//! [`crate::reads`], [`crate::glances`], [`crate::updates`] and their neighbours hold the calls themselves.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
};

use jiff::tz::TimeZone;
use reqwest::Method;
use serde_json::value::RawValue;
use storewire_domain::RemoteId;
use url::Url;

use crate::{
    Failure, Item, Outbound, Page, Poison, Site, WooError,
    answer::Answer,
    call::{Call, Plaintext},
    decode::Decoder,
    endpoint::{Params, endpoint},
    judge::{judge, refused_params},
    salvage::{self, json},
    signer::Signer,
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
    signer: Signer,
    zone: Option<TimeZone>,
    refused: Mutex<BTreeSet<&'static str>>,
    posts_only: AtomicBool,
}

impl StoreClient {
    /// A client for a store whose address and keys were found good by [`crate::discover()`] and [`crate::probe()`].
    #[must_use]
    pub fn new(outbound: Outbound, site: Site) -> Self {
        let zone = site_zone(&site.timezone);
        let plaintext = Plaintext::chosen(site.plain_http);
        let signer = Signer::new(site.auth, &site.keys, &site.home_url, plaintext, outbound.clock());
        let (refused, posts_only) = (Mutex::default(), AtomicBool::new(false));
        Self(Arc::new(Inner { outbound, site, signer, zone, refused, posts_only }))
    }

    pub(crate) fn site(&self) -> &Site {
        &self.0.site
    }

    /// Whether this store takes changes by POST only.
    pub(crate) fn posts_only(&self) -> &AtomicBool {
        &self.0.posts_only
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
        let each = |raws: Vec<&RawValue>, dirty| {
            let one = |raw: &RawValue| decode(raw.get().as_bytes()).map(|item| Item { dirty, ..item });
            Page::new(&answer, dirty, raws.into_iter().map(one).collect())
        };
        // As nearly all pages are, it is read once; what stands around a list is looked for only where there is something.
        if let Some(raws) = std::str::from_utf8(&answer.body).ok().and_then(crate::decode::plain_list) {
            return Ok(each(raws, false));
        }
        let body = json(&answer, true)?;
        let raws = crate::decode::elements_of(&body.text).map_err(|_| salvage::fault(&answer, Failure::BadJson))?;
        Ok(each(raws, body.dirty))
    }

    /// A GET that asks caches to stand aside and drops what this store does not accept.
    pub(crate) async fn read(&self, path: &str, params: Params) -> Result<Answer, WooError> {
        self.ask(Method::GET, path, params).await
    }

    /// A read by any method, see [`Self::read`].
    pub(crate) async fn ask(&self, method: Method, path: &str, mut params: Params) -> Result<Answer, WooError> {
        params.push(("_skip_cache", "1".to_owned()));
        {
            let refused = self.0.refused.lock().unwrap_or_else(PoisonError::into_inner);
            params.retain(|(name, _)| !refused.contains(name));
        }
        let url = endpoint(self.rest_root(), path, &params);
        let answer = self.exchange(Call { method: method.clone(), ..Call::get(url.clone()) }).await?;
        let refused = if answer.status == 400 { self.learn(&answer, &params) } else { Vec::new() };
        if refused.is_empty() {
            return judge(answer, &url);
        }
        params.retain(|(name, _)| !refused.contains(name));
        let url = endpoint(self.rest_root(), path, &params);
        judge(self.exchange(Call { method, ..Call::get(url.clone()) }).await?, &url)
    }

    pub(crate) async fn exchange(&self, call: Call) -> Result<Answer, WooError> {
        self.0.signer.send(&self.0.outbound, call).await
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

/// An id as a part of a path. WooCommerce's are numbers; anything else could lead elsewhere.
pub(crate) fn path_id(id: &RemoteId) -> Result<&str, WooError> {
    let id = id.as_str();
    let is_number = !id.is_empty() && id.len() <= 20 && id.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { Ok(id) } else { Err(WooError::unasked(Failure::BadRequest, "the id is no number", "bad_id")) }
}
