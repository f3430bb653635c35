//! The end of a tenant's actor at the desk, told however it comes about.

use actix::{Message, Recipient};
use storewire_domain::TenantId;

/// An actor of the desk ended. Sent by its guard, also while a panic unwinds.
#[derive(Clone, Copy, Message)]
#[rtype(result = "()")]
pub(super) struct Ended {
    pub(super) tenant: TenantId,
    pub(super) has_panicked: bool,
}

/// Reports the end of the actor that holds it.
pub(super) struct EndGuard {
    pub(super) keeper: Recipient<Ended>,
    pub(super) tenant: TenantId,
}

impl Drop for EndGuard {
    fn drop(&mut self) {
        // A full mailbox loses nothing: the keeper also looks which of its actors still live.
        let _ = self.keeper.try_send(Ended { tenant: self.tenant, has_panicked: std::thread::panicking() });
    }
}
