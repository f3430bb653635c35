//! The second gate: names are resolved here, and a connection is only ever made to an address that passed.
//!
//! The client connects to exactly the addresses of this one look-up, so a name server that answers differently the next
//! moment gains nothing. No address left is an error, never a fall back.

use std::{future::Future, net::IpAddr, net::SocketAddr, pin::Pin, sync::Arc};

use hickory_resolver::TokioResolver;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::gate::{Gate, UrlRefused};

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Answers = Pin<Box<dyn Future<Output = Result<Vec<IpAddr>, BoxError>> + Send>>;

/// Asks for the addresses of a name.
pub(crate) type Lookup = Arc<dyn Fn(String) -> Answers + Send + Sync>;

/// Why a name gave no address to connect to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResolveError {
    #[error("failed to resolve the host name")]
    Lookup(#[source] BoxError),
    #[error("the host name has no address")]
    Nothing,
    #[error("the host name resolves to no public address")]
    Refused(#[source] UrlRefused),
}

pub(crate) struct FilteringResolver {
    gate: Gate,
    lookup: Lookup,
}

impl FilteringResolver {
    pub(crate) fn new(gate: Gate, lookup: Lookup) -> Self {
        Self { gate, lookup }
    }
}

impl Resolve for FilteringResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (gate, answers) = (self.gate.clone(), (self.lookup)(name.as_str().to_owned()));
        Box::pin(async move {
            let addresses = answers.await.map_err(ResolveError::Lookup)?;
            Ok(Box::new(filter(&gate, addresses)?.into_iter()) as Addrs)
        })
    }
}

/// Keeps the addresses that the gate lets through. One good address among bad ones is enough to go on, to that one.
fn filter(gate: &Gate, addresses: Vec<IpAddr>) -> Result<Vec<SocketAddr>, ResolveError> {
    let mut refused = None;
    let mut kept = Vec::new();
    for address in addresses {
        match gate.check_address(address) {
            // Port 0: the client sets the URL's.
            Ok(_) => kept.push(SocketAddr::new(address, 0)),
            Err(why) => refused = Some(why),
        }
    }
    match (kept.is_empty(), refused) {
        (false, _) => Ok(kept),
        (true, Some(why)) => Err(ResolveError::Refused(why)),
        (true, None) => Err(ResolveError::Nothing),
    }
}

/// Looks names up as this machine is set up to: its hosts file, then its name servers, with their TTLs kept. Hickory, and
/// not the C library, because a dead name server then costs a waiting task and not a blocked thread. Only where the
/// machine's setting cannot be read does the C library serve instead.
pub(crate) fn system_lookup() -> Lookup {
    match TokioResolver::builder_tokio().and_then(hickory_resolver::ResolverBuilder::build) {
        Ok(resolver) => {
            let resolver = Arc::new(resolver);
            Arc::new(move |name| {
                let resolver = Arc::clone(&resolver);
                Box::pin(async move { Ok(resolver.lookup_ip(name).await?.iter().collect()) })
            })
        }
        Err(error) => {
            tracing::warn!(error = %error, "cannot read the name server settings, resolving by the C library");
            Arc::new(|name| {
                Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|found| found.ip()).collect()) })
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn resolver(answers: impl Fn() -> Result<Vec<IpAddr>, BoxError> + Send + Sync + 'static) -> FilteringResolver {
        FilteringResolver::new(Gate::new(&[]), Arc::new(move |_| Box::pin(std::future::ready(answers()))))
    }

    async fn resolve(resolver: &FilteringResolver) -> Result<Vec<IpAddr>, String> {
        let found = resolver.resolve("shop.example".parse().unwrap()).await;
        found.map(|addresses| addresses.map(|found| found.ip()).collect()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn b9_of_mixed_answers_only_public_addresses_are_used() {
        let mixed = || Ok(vec![ip("10.0.0.1"), ip("93.184.216.34"), ip("::1"), ip("169.254.169.254")]);
        assert_eq!(resolve(&resolver(mixed)).await, Ok(vec![ip("93.184.216.34")]));
    }

    #[tokio::test]
    async fn b9_a_name_that_flips_between_public_and_private_never_leads_inside() {
        let calls = AtomicUsize::new(0);
        let flipping = move || {
            let inside = calls.fetch_add(1, Ordering::Relaxed) % 2 == 1;
            Ok(vec![if inside { ip("127.0.0.1") } else { ip("93.184.216.34") }])
        };
        let resolver = resolver(flipping);
        for round in 0..1000 {
            let found = resolve(&resolver).await;
            if round % 2 == 0 {
                assert_eq!(found, Ok(vec![ip("93.184.216.34")]));
            } else {
                assert_eq!(found, Err("the host name resolves to no public address".to_owned()));
            }
        }
    }

    #[tokio::test]
    async fn b9_no_answer_and_a_failed_lookup_are_errors() {
        assert_eq!(resolve(&resolver(|| Ok(vec![]))).await, Err("the host name has no address".to_owned()));
        let failing = || Err("no name server".into());
        assert_eq!(resolve(&resolver(failing)).await, Err("failed to resolve the host name".to_owned()));
    }
}
