//! What tests do to a simulated shop's webhooks, and deliveries of their own making.

use anyhow::{Context as _, Result, ensure};
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, body::Bytes};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use secrecy::SecretString;
use serde_json::Value;
use storewire_actors::ConnectStore;
use storewire_domain::StoreId;
use storewire_guard::signature;

use crate::house::House;

pub const TOKEN: &str = "a-token-that-the-test-knows";
pub const SECRET: &str = "a secret that the test knows";

/// Connects a shop with the token and secret of this file, and waits until it was read whole.
pub async fn import_with_known_secret(house: &House, number: usize) -> Result<StoreId> {
    let shop = house.shop(number);
    let wanted = ConnectStore {
        tenant_id: house.tenant,
        url: shop.home_url,
        consumer_key: SecretString::from(shop.consumer_key),
        consumer_secret: SecretString::from(shop.consumer_secret),
        name: Some(shop.name),
        webhook_token: Some(SecretString::from(TOKEN)),
        webhook_secret: Some(SecretString::from(SECRET)),
        allow_plain_http: false,
    };
    let store = house.engine().connect_store(wanted).await.map_err(|error| anyhow::anyhow!("{error}"))?;
    house
        .until("the store is live with its webhooks", || async {
            let row = house.row(store).await?;
            Ok(row.state.as_str() == "live" && row.hooks_checked_at.is_some())
        })
        .await?;
    Ok(store)
}

/// A shop's webhooks as it shows them.
pub fn webhooks(house: &House, number: usize) -> Result<Vec<Value>> {
    let text = house.fleet.truth(number, "webhooks").context("the shop's webhooks")?;
    Ok(serde_json::from_str(&text)?)
}

/// The id of a shop's webhook of a topic; the first if there are several.
pub fn webhook(house: &House, number: usize, topic: &str) -> Result<u64> {
    let all = webhooks(house, number)?;
    let of_topic = all.iter().find(|hook| hook["topic"] == topic);
    of_topic.and_then(|hook| hook["id"].as_u64()).with_context(|| format!("a webhook of {topic}"))
}

/// Pulls one of the levers below `/_sim/stores/{number}`.
pub async fn pull(house: &House, number: usize, method: &str, path: &str, body: Value) -> Result<Value> {
    let (status, answer) = house.fleet.sim(method, &format!("stores/{number}/{path}"), &body).await;
    ensure!(status == 200, "{method} {path}: {status} {answer}");
    Ok(answer)
}

/// Somebody who posts deliveries.
pub struct Poster {
    client: Client<HttpConnector, Full<Bytes>>,
    door: String,
    source: String,
}

impl Poster {
    /// One that claims to be a shop.
    pub fn of(house: &House, number: usize) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { client, door: door(house, TOKEN), source: house.shop(number).home_url }
    }

    /// Posts a signed delivery; the status of the answer.
    pub async fn post(&self, topic: &str, body: impl Into<Bytes>) -> Result<u16> {
        let body = body.into();
        let signed = signature::sign(&body, SECRET.as_bytes());
        self.post_as(topic, body, &signed, &self.source).await
    }

    /// The same with another signature, from another place.
    pub async fn post_as(&self, topic: &str, body: impl Into<Bytes>, signed: &str, source: &str) -> Result<u16> {
        let request = Request::post(&self.door)
            .header("content-type", "application/json")
            .header("x-wc-webhook-topic", topic)
            .header("x-wc-webhook-signature", signed)
            .header("x-wc-webhook-source", source)
            .header("x-wc-webhook-id", "1")
            .header("x-wc-webhook-delivery-id", "0123456789abcdef0123456789abcdef")
            .body(Full::new(body.into()))?;
        let response = self.client.request(request).await?;
        let status = response.status().as_u16();
        response.into_body().collect().await?;
        Ok(status)
    }
}

/// Where deliveries with this token are to go.
pub fn door(house: &House, token: &str) -> String {
    format!("{}/hooks/woo/{token}", house.config.public_url.as_str().trim_end_matches('/'))
}
