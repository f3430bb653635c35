//! Where people and stores reach us.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use ipnet::IpNet;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use url::Url;

use super::value;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    #[serde(deserialize_with = "value::address")]
    pub listen: SocketAddr,
    #[serde(default, deserialize_with = "site")]
    pub public_url: Option<Url>,
    #[serde(deserialize_with = "value::list")]
    pub trusted_proxies: Vec<IpNet>,
    #[serde(deserialize_with = "value::duration")]
    pub delivery_deadline: Duration,
}

impl Server {
    /// The public address, or the one of the listener that was really bound.
    pub fn public_url(&self, bound: SocketAddr) -> Result<Url> {
        match &self.public_url {
            Some(url) => Ok(url.clone()),
            None => Url::parse(&format!("http://{bound}/")).context("the listener has no address"),
        }
    }
}

/// An address that pages and webhooks can be below of.
fn site<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let wrong = |what: &str| D::Error::custom(format!("{text:?} {what}: write it as \"https://ops.example.com\""));
    let url = Url::parse(&text).map_err(|_| wrong("is no address"))?;
    match () {
        () if !matches!(url.scheme(), "http" | "https") => Err(wrong("is not http or https")),
        () if !url.username().is_empty() || url.password().is_some() => Err(wrong("holds a login")),
        () if url.query().is_some() || url.fragment().is_some() => Err(wrong("goes on after its path")),
        () => Ok(Some(url)),
    }
}
