//! Which certificate authorities a mail server's certificate may come from: the machine's, Mozilla's where it has none, and the
//! operator's own beside either.

use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject as _};

use crate::{PostError, SmtpConfig};

/// TLS 1.2 or 1.3 to this host; its name and the certificate's validity are checked by rustls.
pub(crate) fn parameters(config: &SmtpConfig) -> Result<TlsParameters, PostError> {
    ServerName::try_from(config.host.as_str()).map_err(|_| PostError::Host)?;
    let mut builder = TlsParameters::builder(config.host.clone()).certificate_store(CertificateStore::Default);
    if rustls_native_certs::load_native_certs().certs.is_empty() {
        for root in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
            builder = builder.add_root_certificate(authority(root)?);
        }
    }
    for root in config.ca_pem.iter().flat_map(|pem| CertificateDer::pem_slice_iter(pem)) {
        builder = builder.add_root_certificate(authority(&root.map_err(|_| PostError::Authority)?)?);
    }
    if config.ca_pem.as_deref().is_some_and(|pem| CertificateDer::pem_slice_iter(pem).next().is_none()) {
        return Err(PostError::Authority);
    }
    builder.build().map_err(PostError::Tls)
}

fn authority(root: &CertificateDer<'_>) -> Result<Certificate, PostError> {
    Certificate::from_der(root.to_vec()).map_err(|_| PostError::Authority)
}
