//! The fleet's own certificate authority, and the certificate of its one address.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, date_time_ymd};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};

/// Names in every certificate.
const NAMES: [&str; 3] = ["127.0.0.1", "::1", "localhost"];

/// Certificates as PEM. The authority's key is not kept: nothing else is ever signed by it.
#[derive(Clone)]
pub struct Identity {
    pub ca_pem: String,
    leaf_pem: String,
    leaf_key_pem: String,
}

impl Identity {
    /// Takes the identity of a folder, or makes one and leaves it there, so that trust outlives a restart. One that is made is also for
    /// the names in `more`.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn load_or_create(folder: Option<&Path>, more: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let Some(folder) = folder else { return Self::create(more) };
        let (ca, leaf, key) = (folder.join("ca.pem"), folder.join("leaf.pem"), folder.join("leaf-key.pem"));
        if ca.exists() && leaf.exists() && key.exists() {
            let read = |path: &Path| fs::read_to_string(path).with_context(|| format!("read {}", path.display()));
            return Ok(Self { ca_pem: read(&ca)?, leaf_pem: read(&leaf)?, leaf_key_pem: read(&key)? });
        }
        fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
        let identity = Self::create(more)?;
        write(&key, &identity.leaf_key_pem, 0o600)?;
        write(&leaf, &identity.leaf_pem, 0o644)?;
        write(&ca, &identity.ca_pem, 0o644)?;
        Ok(identity)
    }

    fn create(more: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let ca_key = KeyPair::generate().context("make the authority's key")?;
        let mut ca = CertificateParams::default();
        ca.distinguished_name.push(DnType::CommonName, "Simulated stores CA");
        ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        (ca.not_before, ca.not_after) = (date_time_ymd(2024, 1, 1), date_time_ymd(2049, 1, 1));
        let ca_pem = ca.self_signed(&ca_key).context("sign the authority")?.pem();
        let issuer = Issuer::new(ca, ca_key);

        let leaf_key = KeyPair::generate().context("make the stores' key")?;
        let names: Vec<String> = NAMES.map(str::to_owned).into_iter().chain(more).collect();
        let mut leaf = CertificateParams::new(names).context("name the stores")?;
        leaf.distinguished_name.push(DnType::CommonName, "Simulated stores");
        (leaf.not_before, leaf.not_after) = (date_time_ymd(2024, 1, 1), date_time_ymd(2049, 1, 1));
        let leaf_pem = leaf.signed_by(&leaf_key, &issuer).context("sign the stores' certificate")?.pem();
        Ok(Self { ca_pem, leaf_pem, leaf_key_pem: leaf_key.serialize_pem() })
    }

    /// For the listener.
    ///
    /// # Errors
    /// When the PEM of a folder is not what this module wrote.
    pub fn server(&self) -> anyhow::Result<ServerConfig> {
        let chain = vec![CertificateDer::from_pem_slice(self.leaf_pem.as_bytes()).context("read the certificate")?];
        let key = PrivateKeyDer::from_pem_slice(self.leaf_key_pem.as_bytes()).context("read the key")?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .context("use the certificate")?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    /// For deliveries by https: whoever this authority signed is trusted.
    ///
    /// # Errors
    /// When the PEM of a folder is not what this module wrote.
    pub fn client(&self) -> anyhow::Result<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.ca_pem.as_bytes()).context("read the authority")?)?;
        Ok(ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth())
    }
}

fn write(path: &Path, text: &str, mode: u32) -> anyhow::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(mode)
        .open(path)
        .with_context(|| format!("write {}", path.display()))?;
    file.write_all(text.as_bytes()).with_context(|| format!("write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_the_identity() {
        let folder = std::env::temp_dir().join(format!("storesim-ca-{}-{}", std::process::id(), rand::random::<u32>()));
        let first = Identity::load_or_create(Some(&folder), std::iter::empty()).unwrap();
        let again = Identity::load_or_create(Some(&folder), std::iter::empty()).unwrap();
        assert_eq!(first.ca_pem, again.ca_pem);
        again.server().unwrap();
        again.client().unwrap();
        fs::remove_dir_all(folder).unwrap();
    }
}
