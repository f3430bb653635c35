//! Which certificate authorities a store's certificate may come from.
//!
//! The machine's own list counts, so that an operator's additions and Debian's removals take effect. A bare Debian
//! without `ca-certificates` has none; there Mozilla's list, compiled in, serves, so that a public shop can be reached
//! from the smallest container. The operator's extra authority is added to either.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};
use rustls_pki_types::{CertificateDer, pem::PemObject};

use crate::outbound::SetupError;

/// TLS 1.2 or 1.3 with those roots; host name and validity are checked by rustls as ever.
pub(crate) fn tls(extra_pem: Option<&[u8]>) -> Result<ClientConfig, SetupError> {
    with_roots(roots(rustls_native_certs::load_native_certs().certs, extra_pem)?)
}

/// The same, trusting this authority alone.
pub(crate) fn tls_by(pem: &[u8]) -> Result<ClientConfig, SetupError> {
    let mut roots = RootCertStore::empty();
    add(&mut roots, pem)?;
    with_roots(roots)
}

fn with_roots(roots: RootCertStore) -> Result<ClientConfig, SetupError> {
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(SetupError::Tls)?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn roots(platform: Vec<CertificateDer<'static>>, extra_pem: Option<&[u8]>) -> Result<RootCertStore, SetupError> {
    let mut roots = RootCertStore::empty();
    let (usable, _) = roots.add_parsable_certificates(platform);
    if usable == 0 {
        roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    }
    if let Some(pem) = extra_pem {
        add(&mut roots, pem)?;
    }
    Ok(roots)
}

fn add(roots: &mut RootCertStore, pem: &[u8]) -> Result<(), SetupError> {
    let mut added = 0;
    for certificate in CertificateDer::pem_slice_iter(pem) {
        roots.add(certificate.map_err(|_| SetupError::CaFile)?).map_err(|_| SetupError::CaFile)?;
        added += 1;
    }
    if added == 0 { Err(SetupError::CaFile) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_platform_list_mozillas_serves() {
        assert!(roots(Vec::new(), None).unwrap().len() > 100);
    }

    #[test]
    fn an_extra_authority_joins_the_others_and_must_be_one() {
        let pem = rcgen::generate_simple_self_signed(vec!["ca.example".to_owned()]).unwrap().cert.pem();
        let with = roots(Vec::new(), Some(pem.as_bytes())).unwrap().len();
        assert_eq!(with, roots(Vec::new(), None).unwrap().len() + 1);
        for bad in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"] {
            assert!(matches!(roots(Vec::new(), Some(bad.as_bytes())), Err(SetupError::CaFile)), "{bad}");
        }
    }
}
