//! How stores may be called.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use ipnet::IpNet;
use serde::Deserialize;
use storewire_woo::OutboundConfig;

use super::value;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    #[serde(deserialize_with = "value::list")]
    pub allow_networks: Vec<IpNet>,
    pub ca_file: Option<PathBuf>,
    #[serde(deserialize_with = "value::duration")]
    connect_timeout: Duration,
    #[serde(deserialize_with = "value::duration")]
    total_timeout: Duration,
    max_body: usize,
}

impl Outbound {
    pub fn client_config(&self) -> Result<OutboundConfig> {
        let ca_pem = self
            .ca_file
            .as_ref()
            .map(|path| std::fs::read(path).with_context(|| format!("cannot read outbound.ca_file {}", path.display())))
            .transpose()?;
        Ok(OutboundConfig {
            allow_networks: self.allow_networks.clone(),
            ca_pem,
            connect_timeout: self.connect_timeout,
            total_timeout: self.total_timeout,
            max_body: self.max_body,
            ..OutboundConfig::default()
        })
    }
}
