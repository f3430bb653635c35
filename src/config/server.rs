//! Where people and stores reach us.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use ipnet::IpNet;
use serde::Deserialize;
use url::Url;

use super::value;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
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
