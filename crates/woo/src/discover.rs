//! Finding a store's REST root and what it says of itself, before any key is sent anywhere.
//!
//! WordPress names its root in a `Link` header of every page; without one the usual places are tried. One redirect on
//! the same host is followed here, at connect time, and never again. The root always stays on the host that was asked
//! for: where a page names another, only its path is taken, so that keys go nowhere a person did not type.

use reqwest::Method;
use tracing::instrument;
use url::Url;

use crate::{
    Failure, Outbound, StoreClient, WooError,
    call::{Call, Plaintext},
    index::{Outline, read_index},
    judge::judge,
};

const REST_RELATION: &str = "https://api.w.org/";

/// A store found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// As the store itself writes it; webhooks name it as their source.
    pub home_url: Url,
    /// Where every REST path hangs, to be kept for good.
    pub rest_root: Url,
    pub name: String,
    /// An IANA name, or an offset such as `+03:00` where the store has no name set.
    pub timezone: String,
    pub namespaces: Vec<String>,
    /// The root is plain http, by a person's choice; false where the shop turned out to redirect to https.
    pub plain_http: bool,
}

/// Finds the store at `shop`, as [`crate::normalise_store_url`] made it, over https only.
///
/// # Errors
/// `Moved` for a redirect to another host, `NotWooCommerce` where none answers, `Refused` for a plain http address, and
/// whatever stands in the way.
#[instrument(name = "woo.store.discover", skip_all, fields(store.host = shop.host_str()), err(level = "debug"))]
pub async fn discover(outbound: &Outbound, shop: &Url) -> Result<Discovery, WooError> {
    find(outbound, shop, Plaintext::Refused).await
}

/// Finds a store that a person chose to reach over plain http, as [`crate::normalise_plain_store_url`] made its address.
/// A shop that redirects to https on its host is found there, and is a store like any other.
///
/// # Errors
/// As [`discover()`].
#[instrument(name = "woo.store.discover", skip_all, fields(store.host = shop.host_str()), err(level = "debug"))]
pub async fn discover_plain(outbound: &Outbound, shop: &Url) -> Result<Discovery, WooError> {
    find(outbound, shop, Plaintext::Allowed).await
}

pub(crate) async fn find(outbound: &Outbound, shop: &Url, plaintext: Plaintext) -> Result<Discovery, WooError> {
    let front = front_page(outbound, shop, plaintext).await?;
    let mut first_fault = None;
    for root in candidates(&front) {
        match read_index(outbound, &root, plaintext).await {
            Ok(index) => {
                index.require_woocommerce()?;
                let Outline { name, home, timezone, namespaces } = index;
                return Ok(Discovery {
                    home_url: home.unwrap_or_else(|| front.url.clone()),
                    plain_http: root.scheme() == "http",
                    rest_root: root,
                    name,
                    timezone: timezone.unwrap_or_else(|| "+00:00".to_owned()),
                    namespaces,
                });
            }
            // The host is not there, or too slow to be asked five times more.
            Err(error) if error.status.is_none() && error.class != Failure::Interrupted => return Err(error),
            Err(error) => first_fault = first_fault.or(Some(error)),
        }
    }
    Err(verdict(first_fault, &front))
}

/// The shop's front page, as far as we look at it.
struct Front {
    /// After a redirect.
    url: Url,
    advertised: Option<Url>,
}

async fn front_page(outbound: &Outbound, shop: &Url, plaintext: Plaintext) -> Result<Front, WooError> {
    let mut front = Front { url: shop.clone(), advertised: None };
    let mut may_redirect = true;
    // Some hosts answer HEAD with an error or without the headers of a page; GET costs the store more.
    for method in [Method::HEAD, Method::GET] {
        loop {
            let accept = "text/html,*/*;q=0.8";
            let call = Call { method: method.clone(), accept, plaintext, ..Call::get(front.url.clone()) };
            let answer = match outbound.send(call).await {
                Ok(answer) => answer,
                Err(error) if matches!(error.class, Failure::Interrupted | Failure::TooLarge) => break,
                Err(error) => return Err(error),
            };
            if (300..=399).contains(&answer.status) && answer.location().is_some() {
                let target = answer.location().and_then(|location| front.url.join(location).ok());
                match target.filter(|target| may_redirect && is_same_host(&front.url, target)) {
                    Some(target) => front.url = without_query(target),
                    None => return judge(answer, &front.url).map(|_| front),
                }
                may_redirect = false;
                continue;
            }
            front.advertised = answer.link(REST_RELATION).and_then(|link| rebased(&front.url, link));
            if front.advertised.is_some() {
                return Ok(front);
            }
            break;
        }
    }
    Ok(front)
}

/// Another path on the same host and port, or the upgrade to https; never the way back.
fn is_same_host(from: &Url, to: &Url) -> bool {
    let same_port = from.port_or_known_default() == to.port_or_known_default();
    let scheme_fits = match (from.scheme(), to.scheme()) {
        ("http", "https") => same_port || (from.port().is_none() && to.port().is_none()),
        (from, to) => from == to && same_port,
    };
    scheme_fits && from.host() == to.host()
}

fn without_query(mut url: Url) -> Url {
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// The path and query of `link` on the host of `front`.
fn rebased(front: &Url, link: &str) -> Option<Url> {
    let link = front.join(link).ok()?;
    let mut root = front.clone();
    root.set_path(link.path());
    root.set_query(link.query());
    root.set_fragment(None);
    Some(root)
}

fn candidates(front: &Front) -> Vec<Url> {
    let base = front.url.path().trim_end_matches('/').to_owned();
    let below = |path: &str, query: Option<&str>| {
        let mut url = without_query(front.url.clone());
        url.set_path(path);
        url.set_query(query);
        url
    };
    let mut roots: Vec<Url> = front.advertised.iter().cloned().collect();
    roots.push(below(&format!("{base}/wp-json/"), None));
    roots.push(below(&format!("{base}/"), Some("rest_route=/")));
    roots.push(below(&format!("{base}/index.php/wp-json/"), None));
    if !base.is_empty() {
        // A page of the shop was pasted, not where it is installed.
        roots.push(below("/wp-json/", None));
        roots.push(below("/", Some("rest_route=/")));
    }
    let mut seen = Vec::new();
    roots.retain(|root| {
        !seen.contains(root) && {
            seen.push(root.clone());
            true
        }
    });
    roots
}

/// What to tell when no candidate was a REST index. The first was the likeliest, so its fault counts; but ordinary pages
/// and missing ones only say that this is no WordPress with WooCommerce.
fn verdict(fault: Option<WooError>, front: &Front) -> WooError {
    let Some(fault) = fault else { return WooError::new(Failure::NotWooCommerce) };
    let is_plain_page = fault.code.as_deref() == Some("html_answer");
    match fault.class {
        Failure::NoRoute | Failure::Gone | Failure::BadJson => WooError { class: Failure::NotWooCommerce, ..fault },
        Failure::Blocked if is_plain_page && front.advertised.is_none() => {
            WooError { class: Failure::NotWooCommerce, ..fault }
        }
        _ => fault,
    }
}

impl StoreClient {
    /// Finds the REST root again, for a store whose routes are gone: permalinks or prefix may have changed. It is looked for
    /// where the store is installed, on the host that was connected, and nowhere else.
    ///
    /// # Errors
    /// As [`discover()`].
    #[instrument(name = "woo.store.rediscover", skip_all, fields(store.host = self.host()), err(level = "debug"))]
    pub async fn rediscover(&self) -> Result<Discovery, WooError> {
        let site = self.site();
        let mut shop = without_query(site.rest_root.clone());
        shop.set_path(site.home_url.path());
        find(self.outbound(), &shop, Plaintext::chosen(site.plain_http)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_may_lead_up_to_https_or_along_but_never_down_or_away() {
        for (from, to, expected) in [
            ("http://s.example/", "https://s.example/", true),
            ("http://s.example:8080/", "https://s.example:8080/", true),
            ("https://s.example/", "https://s.example/butik/", true),
            ("http://s.example/", "http://s.example/butik/", true),
            ("https://s.example/", "http://s.example/", false),
            ("http://s.example/", "https://www.s.example/", false),
            ("http://s.example/", "https://s.example:8443/", false),
            ("http://s.example:8080/", "https://s.example/", false),
            ("http://s.example/", "http://s.example:8080/", false),
            ("https://s.example/", "ftp://s.example/", false),
        ] {
            assert_eq!(is_same_host(&from.parse().unwrap(), &to.parse().unwrap()), expected, "{from} {to}");
        }
    }
}
