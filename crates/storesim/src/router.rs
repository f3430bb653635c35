//! From a request to the shop it is for: `/s/{n}/…` is a shop, `/_sim/…` is the truth about all of them.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::{Method, Request, Response};

use crate::clock;
use crate::fleet::Shared;
use crate::http::{Ask, Reply};
use crate::journal::Call;
use crate::query::Query;
use crate::store::Store;
use crate::{rest, shop, truth};

/// No shop takes a larger body.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// The way to all shops.
pub struct Router {
    pub(crate) fleet: Arc<Shared>,
}

impl Router {
    /// Reads a request in full and answers it.
    pub async fn answer(&self, request: Request<Incoming>, peer: SocketAddr, is_tls: bool) -> Response<Full<Bytes>> {
        let is_head = request.method() == Method::HEAD;
        let (head, body) = request.into_parts();
        let reply = match Limited::new(body, MAX_BODY).collect().await {
            Err(_) => Reply::html(413, "Request Entity Too Large".to_owned()),
            Ok(body) => {
                let raw_query = head.uri.query().unwrap_or_default().to_owned();
                let ask = Ask {
                    method: overridden(&head.method, &head.headers, &raw_query),
                    path: head.uri.path().to_owned(),
                    query: Query::parse(&raw_query),
                    raw_query,
                    headers: head.headers,
                    body: body.to_bytes(),
                    is_tls,
                };
                self.route(ask, peer).await
            }
        };
        reply.into_response(is_head)
    }

    async fn route(&self, mut ask: Ask, peer: SocketAddr) -> Reply {
        if let Some(path) = ask.path.strip_prefix("/_sim") {
            if ask.is_tls || !peer.ip().is_loopback() {
                return Reply::html(404, "Not Found".to_owned());
            }
            path.to_owned().clone_into(&mut ask.path);
            return truth::answer(&self.fleet, &ask).await;
        }
        let Some((store, below)) = self.store_of(&ask.path) else {
            return if ask.path == "/" {
                shop::directory(&self.fleet.stores)
            } else {
                Reply::html(404, "Not Found".to_owned())
            };
        };
        ask.path = below;
        visit(store, &ask).await
    }

    /// The shop a path belongs to, and the path within it.
    fn store_of(&self, path: &str) -> Option<(&Arc<Store>, String)> {
        let (number, below) = split_number(path.strip_prefix("/s/")?);
        let index: usize = number.parse().ok()?;
        let store = self.fleet.stores.get(index.checked_sub(1)?)?;
        Some((store, below.to_owned()))
    }
}

fn split_number(text: &str) -> (&str, &str) {
    text.find('/').map_or((text, ""), |at| text.split_at(at))
}

/// WordPress takes another method from a header or a parameter of a POST, for hosts that block PUT and DELETE.
fn overridden(method: &Method, headers: &hyper::HeaderMap, raw_query: &str) -> Method {
    if method != Method::POST {
        return method.clone();
    }
    let query = Query::parse(raw_query);
    let wanted =
        headers.get("x-http-method-override").and_then(|value| value.to_str().ok()).or_else(|| query.get("_method"));
    wanted.and_then(|name| Method::from_bytes(name.to_ascii_uppercase().as_bytes()).ok()).unwrap_or(Method::POST)
}

/// A request within a shop: faults first, then REST or the shop's pages; the journal notes how it ended.
async fn visit(store: &Arc<Store>, ask: &Ask) -> Reply {
    let faults = store.faults();
    if let Some(delay) = faults.delay() {
        tokio::time::sleep(delay).await;
    }
    let is_rest = ask.path == "/wp-json" || ask.path.starts_with("/wp-json/");
    let reply = match faults.strike_request(is_rest) {
        Some(reply) => reply,
        None if is_rest => rest::answer(store, ask).await,
        None => shop::answer(store, ask),
    };
    let path = if ask.raw_query.is_empty() { ask.path.clone() } else { format!("{}?{}", ask.path, without_keys(ask)) };
    let call = Call { at_ms: clock::now_ms(), method: ask.method.to_string(), path, status: reply.status };
    store.journal().called(call);
    reply
}

fn without_keys(ask: &Ask) -> String {
    let kept = ask.raw_query.split('&').filter(|pair| !pair.starts_with("consumer_"));
    kept.collect::<Vec<_>>().join("&")
}
