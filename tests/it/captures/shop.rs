//! The captured shop, open again: a small TLS server that answers the product's client from the captures.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::{Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, Response, StatusCode, body::Incoming, header::HeaderValue, service::service_fn};
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::{
    content::{Content, KINDS, Version},
    reply::{Ask, Reply},
};

pub const CONSUMER_KEY: &str = "ck_captured";
pub const CONSUMER_SECRET: &str = "cs_captured";
const AUTHORIZATION: &str = "Basic Y2tfY2FwdHVyZWQ6Y3NfY2FwdHVyZWQ=";
/// What the shop's lists show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lists {
    /// What REST answered while it was captured.
    AsListed,
    /// The same without what was deleted since. Asked about one record, the shop tells its last state.
    WithoutDeleted,
    /// What all captures together show.
    Last,
}

/// How a shop answers that tells everybody what it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// A page with this status.
    Page(u16),
    /// WooCommerce's own form of an error, with this status.
    Error(u16),
    /// A redirection to an address that holds it all.
    Redirect,
    /// A page with status 500 to whoever wants to write, and the right answer to everybody else.
    ToWriters,
}

/// See the module.
pub struct CapturedShop {
    pub url: String,
    pub ca_pem: String,
    state: Arc<State>,
}

struct State {
    content: Arc<Content>,
    lists: Mutex<Lists>,
    asked: Mutex<Vec<String>>,
    hooks: Mutex<BTreeMap<u64, Value>>,
    echo: Mutex<Option<Echo>>,
}

impl CapturedShop {
    pub async fn open(content: Arc<Content>) -> Result<Self> {
        let (acceptor, ca_pem) = certificate()?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address: SocketAddr = listener.local_addr()?;
        let state = Arc::new(State {
            content,
            lists: Mutex::new(Lists::AsListed),
            asked: Mutex::default(),
            hooks: Mutex::default(),
            echo: Mutex::default(),
        });
        let shop = Self { url: format!("https://{address}"), ca_pem, state: Arc::clone(&state) };
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, state) = (acceptor.clone(), Arc::clone(&state));
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(socket).await else { return };
                    let service = service_fn(move |request| serve(Arc::clone(&state), request));
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Ok(shop)
    }

    pub fn show(&self, lists: Lists) {
        *locked(&self.state.lists) = lists;
    }

    /// From now on it answers by telling what it was sent, keys included.
    pub fn echo(&self, echo: Option<Echo>) {
        *locked(&self.state.echo) = echo;
    }

    /// Forgets its webhooks.
    pub fn forget_hooks(&self) {
        locked(&self.state.hooks).clear();
    }

    /// How often it was asked for anything.
    pub fn asked_at_all(&self) -> usize {
        locked(&self.state.asked).len()
    }

    /// The delivery URLs of the registered webhooks, by topic.
    pub fn hooks(&self) -> Vec<(String, String)> {
        let hooks = locked(&self.state.hooks);
        let text = |hook: &Value, name: &str| hook[name].as_str().unwrap_or_default().to_owned();
        hooks.values().map(|hook| (text(hook, "topic"), text(hook, "delivery_url"))).collect()
    }

    /// How often a path was asked for.
    pub fn asked(&self, wanted: &str) -> usize {
        locked(&self.state.asked).iter().filter(|path| *path == wanted).count()
    }
}

async fn serve(state: Arc<State>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let sent = format!("{} {} {:?} {CONSUMER_KEY}:{CONSUMER_SECRET}", head.method, head.uri, head.headers);
    let query = url::form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let ask = Ask {
        has_keys: head.headers.get("authorization").is_some_and(|given| given == AUTHORIZATION),
        method: head.method,
        path: head.uri.path().to_owned(),
        query,
        body: body.collect().await.map(|whole| whole.to_bytes()).unwrap_or_default(),
    };
    locked(&state.asked).push(format!("{} {}", ask.method, ask.path));
    let echo = *locked(&state.echo);
    if let Some(echo) = echo.filter(|echo| *echo != Echo::ToWriters || ask.method != Method::GET) {
        return Ok(told(echo, &format!("{sent} {}", String::from_utf8_lossy(&ask.body))));
    }
    Ok(state.answer(&ask).and_then(Reply::into_response).unwrap_or_else(|error| {
        let mut broken = Response::new(Full::new(error.to_string().into()));
        *broken.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        broken
    }))
}

fn told(echo: Echo, sent: &str) -> Response<Full<Bytes>> {
    let (status, kind, body) = match echo {
        Echo::Page(status) => (status, "text/html", format!("<html><body>{sent}</body></html>")),
        Echo::Error(status) => {
            let error = json!({ "code": sent, "message": sent, "data": { "status": status, "params": { "x": sent } } });
            (status, "application/json", error.to_string())
        }
        Echo::Redirect => (302, "text/html", sent.to_owned()),
        Echo::ToWriters => (500, "text/html", sent.to_owned()),
    };
    let mut answer = Response::new(Full::new(body.into()));
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    answer.headers_mut().insert("content-type", HeaderValue::from_static(kind));
    let elsewhere = format!("https://{CONSUMER_KEY}:{CONSUMER_SECRET}@127.0.0.1/?consumer_secret={CONSUMER_SECRET}");
    if let Ok(place) = HeaderValue::from_str(&elsewhere) {
        answer.headers_mut().insert("location", place);
    }
    answer
}

fn locked<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn answer(&self, ask: &Ask) -> Result<Reply> {
        let Some(path) = ask.path.strip_prefix("/wp-json/wc/v3/") else { return self.answer_outside(ask) };
        if !ask.has_keys {
            return Reply::captured("401-no-auth");
        }
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let kind = KINDS.into_iter().find(|kind| *kind == parts[0]);
        match (ask.method.as_str(), parts.as_slice(), kind) {
            ("GET", ["system_status"], _) => ask.selected(Reply::captured("system_status")?),
            ("GET", ["orders", id, "refunds"], _) => ask.page(&self.content.refunds_of(id.parse()?)),
            ("GET", ["products", id, "variations"], _) => self.variations(ask, id.parse()?),
            ("GET", [_], Some(kind)) => self.list(ask, kind),
            ("GET", [_, id], Some(kind)) => self.one(kind, id.parse()?),
            ("GET", ["webhooks"], _) => {
                let hooks: Vec<String> = locked(&self.hooks).values().map(Value::to_string).collect();
                ask.page(&hooks.iter().map(String::as_str).collect::<Vec<_>>())
            }
            ("POST", ["webhooks"], _) => self.register(&serde_json::from_slice(&ask.body)?),
            ("DELETE", ["webhooks", id], _) => {
                let removed = locked(&self.hooks).remove(&id.parse()?);
                Ok(Reply { body: removed.unwrap_or_default().to_string().into(), ..Reply::captured("webhook-post")? })
            }
            _ => Reply::captured("404-route"),
        }
    }

    /// The front page and the REST index, which only in part were captured.
    fn answer_outside(&self, ask: &Ask) -> Result<Reply> {
        let mut reply = Reply::captured("index")?;
        reply.status = 200;
        match ask.path.as_str() {
            "/" => reply.body = Vec::new(),
            "/wp-json/" => {
                let home = "https://127.0.0.1:8443";
                let index = json!({
                    "name": "Real Woo", "url": home, "home": home, "gmt_offset": "-5",
                    "timezone_string": "America/New_York", "namespaces": ["wc/v3", "wp/v2"],
                });
                reply.body = index.to_string().into();
            }
            _ => return Reply::captured("404-route"),
        }
        Ok(reply)
    }

    fn list(&self, ask: &Ask, kind: &str) -> Result<Reply> {
        let lists = *locked(&self.lists);
        let mut shown = match lists {
            Lists::AsListed => self.content.newest_with_gone(kind, |version| !version.is_delivered),
            Lists::WithoutDeleted => self.content.newest(kind, |version| !version.is_delivered),
            Lists::Last => self.content.newest(kind, |_| true),
        };
        let is_trash = ask.query("status") == "trash";
        shown.retain(|version| !version.is_variation() && (version.json["status"] == "trash") == is_trash);
        if !ask.query("modified_after").is_empty() {
            ensure!(ask.query("dates_are_gmt") == "true", "bounds in the shop's own time");
            let inside = |version: &&Version| {
                version.modified() > ask.query("modified_after") && version.modified() < ask.query("modified_before")
            };
            shown.retain(inside);
        }
        shown.sort_by_key(|version| version.id);
        if ask.query("orderby") == "modified" {
            shown.sort_by(|one, other| one.modified().cmp(other.modified()));
        }
        if ask.query("order") != "asc" {
            shown.reverse();
        }
        let raws: Vec<&str> = shown.iter().map(|version| version.raw.as_str()).collect();
        ask.selected(ask.page(&raws)?)
    }

    fn variations(&self, ask: &Ask, parent: u64) -> Result<Reply> {
        let listed = self.content.newest("products", |version| version.is_listed_variation);
        let of_parent = listed.iter().filter(|version| version.json["parent_id"].as_u64() == Some(parent));
        ask.page(&of_parent.map(|version| version.raw.as_str()).collect::<Vec<_>>())
    }

    fn one(&self, kind: &'static str, id: u64) -> Result<Reply> {
        let last = self.content.newest(kind, |version| !version.is_listed_variation);
        if let Some(found) = last.into_iter().find(|version| version.id == id) {
            return Ok(Reply { body: found.raw.clone().into(), ..Reply::captured("order-one")? });
        }
        let invalid = |code: &str| json!({ "code": code, "message": "Invalid ID.", "data": { "status": 404 } });
        let missing = Reply::captured("order-404")?;
        match kind {
            "orders" if id == 460 => Reply::captured("get-deleted-order"),
            "orders" => Ok(missing),
            "products" => Reply::captured("product-404"),
            "customers" => Ok(Reply { body: invalid("woocommerce_rest_invalid_id").to_string().into(), ..missing }),
            _ => Ok(Reply { body: invalid("woocommerce_rest_shop_coupon_invalid_id").to_string().into(), ..missing }),
        }
    }

    fn register(&self, wanted: &Value) -> Result<Reply> {
        let topic = wanted["topic"].as_str().unwrap_or_default();
        if !["order.", "product.", "customer.", "coupon."].iter().any(|resource| topic.starts_with(resource)) {
            return Reply::captured("webhook-post-bad-topic");
        }
        let mut reply = Reply::captured("webhook-post")?;
        let mut made: Value = serde_json::from_slice(&reply.body)?;
        let mut hooks = locked(&self.hooks);
        let id = 100 + u64::try_from(hooks.len())?;
        made["id"] = id.into();
        for name in ["topic", "name", "delivery_url"] {
            made[name] = wanted[name].clone();
        }
        reply.body = made.to_string().into();
        hooks.insert(id, made);
        Ok(reply)
    }
}

fn certificate() -> Result<(TlsAcceptor, String)> {
    let mut ca = CertificateParams::new(Vec::new())?;
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_key = KeyPair::generate()?;
    let ca_pem = ca.self_signed(&ca_key)?.pem();
    let leaf_key = KeyPair::generate()?;
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()])?.signed_by(&leaf_key, &Issuer::new(ca, ca_key))?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)?;
    Ok((TlsAcceptor::from(Arc::new(config)), ca_pem))
}
