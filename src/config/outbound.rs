//! How stores may be called.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use ipnet::IpNet;
use rustls::pki_types::{CertificateDer, pem::PemObject};
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
    pub(super) connect_timeout: Duration,
    #[serde(deserialize_with = "value::duration")]
    pub(super) total_timeout: Duration,
    pub(super) max_body: usize,
}

impl Outbound {
    pub fn client_config(&self) -> Result<OutboundConfig> {
        let ca_pem = self.ca_file.as_deref().map(|path| read_authority("outbound.ca_file", path)).transpose()?;
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

/// The certificates in the file that this key names.
pub(super) fn read_authority(key: &str, path: &Path) -> Result<Vec<u8>> {
    let shown = path.display();
    let pem = std::fs::read(path).with_context(|| format!("cannot read {key} {shown}"))?;
    let mut certificates = CertificateDer::pem_slice_iter(&pem).peekable();
    let is_good = certificates.peek().is_some() && certificates.all(|certificate| certificate.is_ok());
    ensure!(
        is_good,
        "{key} {shown} holds no certificate in PEM: name a file that begins with -----BEGIN CERTIFICATE-----"
    );
    Ok(pem)
}
