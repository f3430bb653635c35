//! The twins of the rehearsals that this node carries out: how their stores are reached, and where they deliver to.
//!
//! Real stores never come here: what a rehearsal may reach is decided by its tenant's id, which no person can choose.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, PoisonError, RwLock},
};

use storewire_domain::{Clock, TenantId};
use storewire_woo::{Outbound, OutboundConfig, SetupError};
use url::Url;

/// Twins, before they are connected.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The rehearsal's tenant.
    pub tenant: TenantId,
    /// The exact places where the twins listen.
    pub places: Vec<SocketAddr>,
    /// The authority of their certificates, PEM.
    pub ca_pem: Vec<u8>,
    /// Our own listener on this machine: twins deliver there, past whatever stands before the public address.
    pub deliver_to: Url,
}

/// Why twins cannot be reached.
#[derive(Debug, thiserror::Error)]
pub enum TwinsError {
    #[error("twins are only for the tenant of a rehearsal")]
    RealTenant,
    #[error(transparent)]
    Setup(#[from] SetupError),
}

/// See the module. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Twins(Arc<RwLock<HashMap<TenantId, Way>>>);

/// The way to and from the twins of one rehearsal.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) outbound: Outbound,
    pub(crate) deliver_to: Url,
}

impl Twins {
    pub(crate) fn open(&self, opened: Opened, clock: &Clock) -> Result<(), TwinsError> {
        if !opened.tenant.is_rehearsal() {
            return Err(TwinsError::RealTenant);
        }
        let config = OutboundConfig { clock: clock.clone(), ..OutboundConfig::default() };
        let outbound = Outbound::to_twins(&opened.places, &opened.ca_pem, config)?;
        let way = Way { outbound, deliver_to: opened.deliver_to };
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(opened.tenant, way);
        Ok(())
    }

    pub(crate) fn close(&self, tenant: TenantId) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&tenant);
    }

    pub(crate) fn of(&self, tenant: TenantId) -> Option<Way> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&tenant).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_real_tenant_is_given_twins() {
        let twins = Twins::default();
        let tenant = TenantId::fresh();
        let opened = Opened {
            tenant,
            places: vec!["127.0.0.1:9700".parse().unwrap()],
            ca_pem: Vec::new(),
            deliver_to: "http://127.0.0.1:8080".parse().unwrap(),
        };
        assert!(matches!(twins.open(opened, &Clock::system()), Err(TwinsError::RealTenant)));
        assert!(twins.of(tenant).is_none());
    }
}
