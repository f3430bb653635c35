//! A person or program with a login, over plain HTTP.

use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, Method, StatusCode, header, redirect::Policy};
use serde_json::{Value, json};

use crate::node::{Node, PASSWORD};

/// See the module. Redirects are not followed: where they lead is part of the answer.
pub struct Person {
    client: Client,
    base: String,
    pub token: String,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub text: String,
}

/// A call that is the same one however often it is made.
pub struct Keyed {
    pub method: Method,
    pub path: String,
    pub key: String,
    /// The version that was seen.
    pub version: Option<i64>,
    pub body: String,
}

impl Answer {
    /// The answer's JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.text).with_context(|| format!("{}: {}", self.status, self.text))
    }
}

impl Person {
    /// Logs in by the API.
    pub async fn log_in(node: &Node, email: &str) -> Result<Self> {
        let client = Client::builder().redirect(Policy::none()).build()?;
        let mut person = Self { client, base: node.url(""), token: String::new() };
        let credentials = json!({ "email": email, "password": PASSWORD });
        let answer = person.ask(Method::POST, "/api/v1/auth/login", Some(credentials)).await?;
        ensure!(answer.status == StatusCode::OK, "the login answered {}: {}", answer.status, answer.text);
        person.token = answer.json()?["access_token"].as_str().context("no token")?.to_owned();
        Ok(person)
    }

    /// A call of the API.
    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Answer> {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if let Some(body) = body {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        read(request).await
    }

    /// A call of the API under its key.
    pub async fn keyed(&self, call: &Keyed) -> Result<Answer> {
        let mut request = self
            .client
            .request(call.method.clone(), format!("{}{}", self.base, call.path))
            .bearer_auth(&self.token)
            .header("Idempotency-Key", &call.key)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(version) = call.version {
            request = request.header(header::IF_MATCH, version);
        }
        read(request.body(call.body.clone())).await
    }

    /// What an address of the API shows.
    pub async fn get(&self, path: &str) -> Result<Value> {
        let answer = self.ask(Method::GET, path, None).await?;
        ensure!(answer.status == StatusCode::OK, "{path} answered {}: {}", answer.status, answer.text);
        answer.json()
    }

    /// A page of the panel.
    pub async fn see(&self, path: &str) -> Result<Answer> {
        let cookie = format!("sw={}", self.token);
        read(self.client.get(format!("{}{path}", self.base)).header(header::COOKIE, cookie)).await
    }

    /// A form of the panel, as a browser of this site sends it.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let form: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .header(header::COOKIE, format!("sw={}", self.token))
            .header(header::ORIGIN, &self.base)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        read(request).await
    }
}

/// Sends a request and reads the answer to its end.
pub async fn read(request: reqwest::RequestBuilder) -> Result<Answer> {
    let mut answer = request.send().await?;
    let status = answer.status();
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(Answer { status, text: String::from_utf8(bytes)? })
}
