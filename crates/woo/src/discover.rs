//! Finding a store's REST root and what it says of itself, before any key is sent anywhere.
//!
//! WordPress names its root in a `Link` header of every page; without one the usual places are tried. One redirect on
//! the same host is followed here, at connect time, and never again. The root always stays on the host that was asked
//! for: where a page names another, only its path is taken, so that keys go nowhere a person did not type.

use reqwest::Method;
use tracing::instrument;
use url::Url;

use crate::{
    Failure, Outbound, WooError,
    decode::{Fields, scalar_text},
    endpoint::endpoint,
    judge::judge,
    outbound::Call,
    salvage,
    zone::zone_text,
};

const REST_RELATION: &str = "https://api.w.org/";
const NAMESPACE: &str = "wc/v3";

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
}

/// What a REST index says.
pub(crate) struct Index {
    name: String,
    home: String,
    timezone: String,
    namespaces: Vec<String>,
}

impl Index {
    pub(crate) fn require_woocommerce(&self) -> Result<(), WooError> {
        let found = self.namespaces.iter().any(|name| name == NAMESPACE);
        if found { Ok(()) } else { Err(WooError::new(Failure::NotWooCommerce).with_code("wc_v3_missing")) }
    }
}

/// Finds the store at `shop`, as [`crate::normalise_store_url`] made it.
///
/// # Errors
/// `Moved` for a redirect to another host, `NotWooCommerce` where none answers, and whatever stands in the way.
#[instrument(name = "woo.store.discover", skip_all, fields(store.host = shop.host_str()), err(level = "debug"))]
pub async fn discover(outbound: &Outbound, shop: &Url) -> Result<Discovery, WooError> {
    let front = front_page(outbound, shop).await?;
    let mut first_fault = None;
    for root in candidates(&front) {
        match read_index(outbound, &root).await {
            Ok(index) => {
                index.require_woocommerce()?;
                let home_url = Url::parse(&index.home).unwrap_or_else(|_| front.url.clone());
                let Index { name, timezone, namespaces, .. } = index;
                return Ok(Discovery { home_url, rest_root: root, name, timezone, namespaces });
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

async fn front_page(outbound: &Outbound, shop: &Url) -> Result<Front, WooError> {
    let mut front = Front { url: shop.clone(), advertised: None };
    let mut may_redirect = true;
    // Some hosts answer HEAD with an error or without the headers of a page; GET costs the store more.
    for method in [Method::HEAD, Method::GET] {
        loop {
            let call = Call { method: method.clone(), accept: "text/html,*/*;q=0.8", ..Call::get(front.url.clone()) };
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

/// The upgrade to https, or another path on the same host and port.
fn is_same_host(from: &Url, to: &Url) -> bool {
    to.scheme() == "https" && from.host() == to.host() && from.port_or_known_default() == to.port_or_known_default()
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

/// Reads a REST index, without keys.
pub(crate) async fn read_index(outbound: &Outbound, rest_root: &Url) -> Result<Index, WooError> {
    let fields = "name,home,url,gmt_offset,timezone_string,namespaces";
    let params = vec![("_fields", fields.to_owned()), ("_skip_cache", "1".to_owned())];
    let url = endpoint(rest_root, "", &params);
    let answer = judge(outbound.send(Call::get(url.clone())).await?, &url).map_err(no_keys_were_sent)?;
    let body = salvage::json(&answer, true)?;
    let unreadable = || salvage::fault(&answer, Failure::BadJson);
    let index = Fields::parse(&body.text).map_err(|_| unreadable())?;
    if !index.has("namespaces") {
        return Err(salvage::fault(&answer, Failure::NotWooCommerce));
    }
    let namespaces = index.list("namespaces").map_err(|_| unreadable())?;
    let home = [index.text("home"), index.text("url")].into_iter().find(|text| !text.is_empty());
    Ok(Index {
        name: index.text("name"),
        home: home.unwrap_or_default(),
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
