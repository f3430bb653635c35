//! Asks the fleet what is true, over plain HTTP on loopback.

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// A running fleet.
#[derive(Clone, Debug)]
pub struct Sim {
    base: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

/// One shop of it.
#[derive(Clone, Debug)]
pub struct SimStore {
    /// From 1.
    pub index: u64,
    pub name: String,
    pub home_url: String,
    pub shop_url: String,
    pub consumer_key: String,
    pub consumer_secret: String,
}

impl Sim {
    /// The fleet that listens on this address.
    #[must_use]
    pub fn at(address: std::net::SocketAddr) -> Self {
        Self { base: format!("http://{address}"), client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// Its shops.
    ///
    /// # Errors
    /// If the fleet does not answer.
    pub async fn stores(&self) -> Result<Vec<SimStore>> {
        let list = self.get("/_sim/stores").await?;
        list.as_array()
            .context("list of shops")?
            .iter()
            .map(|shop| {
                let text =
                    |name: &str| shop[name].as_str().map(str::to_owned).with_context(|| format!("shop's {name}"));
                Ok(SimStore {
                    index: shop["index"].as_u64().context("shop's index")?,
                    name: text("name")?,
                    home_url: text("home_url")?,
                    shop_url: text("shop_url")?,
                    consumer_key: text("consumer_key")?,
                    consumer_secret: text("consumer_secret")?,
                })
            })
            .collect()
    }

    /// Every record of a kind, as REST shows it.
    ///
    /// # Errors
    /// If the fleet does not answer.
    pub async fn records(&self, index: u64, kind: &str) -> Result<Vec<Value>> {
        Ok(self.get(&format!("/_sim/stores/{index}/{kind}")).await?.as_array().context("list of records")?.clone())
    }

    /// Every refund with its lines.
    ///
    /// # Errors
    /// If the fleet does not answer.
    pub async fn refunds(&self, index: u64) -> Result<Vec<Value>> {
        self.records(index, "refunds").await
    }

    /// A customer buys one; answers the order.
    ///
    /// # Errors
    /// If the shop refuses.
    pub async fn buy(&self, index: u64, wanted: Value) -> Result<Value> {
        self.post(&format!("/_sim/stores/{index}/buy"), wanted).await
    }

    /// Changes per second over all shops from now on.
    ///
    /// # Errors
    /// If the fleet does not answer.
    pub async fn set_rate(&self, per_second: f64) -> Result<()> {
        self.post("/_sim/rate", serde_json::json!({ "per_second": per_second })).await.map(drop)
    }

    /// Stops the traffic and waits until every shop has delivered what it had to say.
    ///
    /// # Errors
    /// If the fleet does not answer.
    pub async fn quiesce(&self) -> Result<Value> {
        self.post("/_sim/quiesce", Value::Null).await
    }

    /// Any truth that has no function of its own.
    ///
    /// # Errors
    /// If the fleet does not answer with JSON.
    pub async fn get(&self, path: &str) -> Result<Value> {
        self.call(Method::GET, path, Bytes::new()).await
    }

    /// Any lever that has no function of its own.
    ///
    /// # Errors
    /// If the fleet refuses.
    pub async fn post(&self, path: &str, body: Value) -> Result<Value> {
        self.call(Method::POST, path, Bytes::from(body.to_string())).await
    }

    async fn call(&self, method: Method, path: &str, body: Bytes) -> Result<Value> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .body(Full::new(body))?;
        let response = self.client.request(request).await.with_context(|| format!("fleet at {path}"))?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        ensure!(status.is_success(), "{path}: {status}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).with_context(|| format!("{path} is no JSON"))
    }
}
