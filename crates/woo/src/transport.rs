//! What went wrong below HTTP: name, connection, handshake, or the wire itself.

use crate::{Failure, WooError, resolver::ResolveError};

/// Names a transport fault. The URL, which may carry keys, is taken out of the cause.
pub(crate) fn transport(error: reqwest::Error) -> WooError {
    let error = error.without_url();
    let connecting = error.is_connect();
    let class = match innermost(&error) {
        Some(class) => class,
        None if error.is_timeout() => Failure::Timeout,
        None if connecting => Failure::Connect,
        None => Failure::Interrupted,
    };
    // A TLS fault after the handshake is a broken connection like any other.
    let class = if class == Failure::Tls && !connecting { Failure::Interrupted } else { class };
    WooError { sent: !connecting, cause: Some(Box::new(error)), ..WooError::new(class) }
}

/// Looks for our resolver's or rustls's own error among the causes.
fn innermost(error: &reqwest::Error) -> Option<Failure> {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(fault) = error.downcast_ref::<ResolveError>() {
            let refused = matches!(fault, ResolveError::Refused(_));
            return Some(if refused { Failure::Refused } else { Failure::Dns });
        }
        if error.is::<rustls::Error>() {
            return Some(Failure::Tls);
        }
        // An I/O error does not name the error it wraps as its source, only that error's source.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner as &(dyn std::error::Error + 'static)),
            None => error.source(),
        };
    }
    None
}
