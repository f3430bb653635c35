//! From a request to the shop it is for: `/s/{n}/…` is a shop, `/_sim/…` is the truth about all of them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::{Method, Request, Response};

use crate::clock;
use crate::faults::strike::{self, Blow, Strike};
use crate::http::{Ask, Reply};
use crate::journal::Call;
use crate::query::Query;
use crate::shared::Shared;
use crate::store::Store;
use crate::{rest, shop, truth};

/// No shop takes a larger body.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// The way to all shops.
pub struct Router {
    pub(crate) fleet: Arc<Shared>,
}

/// The connection ends without an answer.
#[derive(Clone, Copy, Debug)]
pub struct HungUp;

impl std::fmt::Display for HungUp {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("hung up by a fault")
    }
}

impl std::error::Error for HungUp {}

impl Router {
    /// Reads a request in full and answers it.
    ///
    /// # Errors
    /// [`HungUp`] when a fault wants no answer.
    pub async fn answer(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        is_tls: bool,
    ) -> Result<Response<Full<Bytes>>, HungUp> {
        let is_head = request.method() == Method::HEAD;
        let (head, body) = request.into_parts();
        let reply = match Limited::new(body, MAX_BODY).collect().await {
            Err(_) => Reply::html(413, "Request Entity Too Large".to_owned()),
            Ok(body) => self.route(head, body.to_bytes(), peer, is_tls).await?,
        };
        Ok(reply.into_response(is_head))
    }

    async fn route(&self, head: Parts, body: Bytes, peer: SocketAddr, is_tls: bool) -> Result<Reply, HungUp> {
        let path = head.uri.path();
        if let Some(lever) = path.strip_prefix("/_sim") {
            if is_tls || !peer.ip().is_loopback() {
                return Ok(Reply::html(404, "Not Found".to_owned()));
            }
            let lever = truth::Lever { method: &head.method, path: lever, body: &body };
            return Ok(truth::answer(&self.fleet, &lever).await);
        }
        let Some((store, below)) = self.store_of(path) else {
            return Ok(if path == "/" {
                shop::directory(&self.fleet.stores())
            } else {
                Reply::html(404, "Not Found".to_owned())
            });
        };
        let raw_query = head.uri.query().unwrap_or_default().to_owned();
        let mut headers = head.headers;
        let faults = store.faults();
        if faults.drops_authorization {
            headers.remove("authorization");
        }
        let ask = Ask {
            method: overridden(&head.method, &headers, &raw_query),
            sent_method: head.method,
            path: below,
            query: Query::parse(&raw_query),
            raw_query,
            headers,
            body,
            is_tls,
            number: store.journal().arrives(),
            faults,
        };
        visit(&store, ask).await
    }

    /// The shop a path belongs to, and the path within it.
    fn store_of(&self, path: &str) -> Option<(Arc<Store>, String)> {
        let (number, below) = split_number(path.strip_prefix("/s/")?);
        let store = self.fleet.store(number.parse().ok()?)?;
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
async fn visit(store: &Arc<Store>, ask: Ask) -> Result<Reply, HungUp> {
    let (came_ms, begun) = (clock::machine_ms(), Instant::now());
    if let Some(delay) = ask.faults.delay() {
        tokio::time::sleep(delay).await;
    }
    let note = |status: u16, fault: Option<&'static str>| {
        let query = without_keys(&ask);
        let path = if query.is_empty() { ask.path.clone() } else { format!("{}?{query}", ask.path) };
        store.journal().called(Call {
            number: ask.number,
            at_ms: came_ms,
            method: ask.method.to_string(),
            path,
            status,
            took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            fault,
        });
    };
    let Some(Strike { by, blow }) = ask.faults.strike(&ask, clock::at(store.now())) else {
        let reply = work(store, &ask).await;
        note(reply.status, None);
        return Ok(reply);
    };
    match blow {
        Blow::Answered(reply) => {
            note(reply.status, Some(by));
            Ok(reply.with("date", strike::http_date(clock::at(store.now()))))
        }
        Blow::Cut => {
            note(0, Some(by));
            Err(HungUp)
        }
        Blow::Frozen => {
            note(0, Some(by));
            std::future::pending().await
        }
        Blow::AppliedThenCut => {
            work(store, &ask).await;
            note(0, Some(by));
            Err(HungUp)
        }
        Blow::AppliedThenAnswered(reply) => {
            work(store, &ask).await;
            note(reply.status, Some(by));
            Ok(reply)
        }
        Blow::AppliedLate(delay) => {
            let reply = strike::gateway_timeout();
            note(reply.status, Some(by));
            tokio::spawn(work_later(Arc::clone(store), ask, delay));
            Ok(reply)
        }
    }
}

/// What the shop itself answers.
async fn work(store: &Arc<Store>, ask: &Ask) -> Reply {
    let reply = if ask.is_rest() { ask.faults.spoil(rest::answer(store, ask).await) } else { shop::answer(store, ask) };
    reply.with("date", strike::http_date(clock::at(store.now())))
}

/// PHP goes on working after the gateway has given up; who waits for the shop to come to rest waits for this too.
async fn work_later(store: Arc<Store>, ask: Ask, delay: Duration) {
    let mut stopping = store.common.stopping.clone();
    store.common.outstanding.fetch_add(1, Ordering::AcqRel);
    let is_time = tokio::select! {
        _ = stopping.wait_for(|stop| *stop) => false,
        () = tokio::time::sleep(delay) => true,
    };
    if is_time {
        work(&store, &ask).await;
    }
    store.common.outstanding.fetch_sub(1, Ordering::AcqRel);
}

fn without_keys(ask: &Ask) -> String {
    let kept =
        ask.raw_query.split('&').filter(|pair| !pair.starts_with("consumer_") && !pair.starts_with("oauth_consumer_"));
    kept.collect::<Vec<_>>().join("&")
}
