//! Which tenant's actor runs where: started by the first who asks for it, started anew by whoever finds it gone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use actix::{Actor, Addr, ArbiterHandle, Context, Handler, MailboxError, Message, dev::ToEnvelope};
use storewire_domain::TenantId;

use super::DeskError;

/// Longer than a command takes on any database that is well.
const PATIENCE: Duration = Duration::from_secs(10);

type Make<A> = Box<dyn Fn(TenantId) -> A + Send + Sync>;

/// The running actors of one kind. Cheap to clone.
pub(super) struct Tenants<A: Actor> {
    of: Arc<Of<A>>,
}

struct Of<A: Actor> {
    arbiter: ArbiterHandle,
    make: OnceLock<Arc<Make<A>>>,
    running: Mutex<HashMap<TenantId, Addr<A>>>,
}

impl<A: Actor> Clone for Tenants<A> {
    fn clone(&self) -> Self {
        Self { of: Arc::clone(&self.of) }
    }
}

impl<A: Actor<Context = Context<A>> + Send> Tenants<A> {
    /// None yet; they are to live on this thread.
    pub(super) fn new(arbiter: ArbiterHandle) -> Self {
        Self { of: Arc::new(Of { arbiter, make: OnceLock::new(), running: Mutex::default() }) }
    }

    /// Says once how an actor is made.
    pub(super) fn begin_with(&self, make: impl Fn(TenantId) -> A + Send + Sync + 'static) {
        let _ = self.of.make.set(Arc::new(Box::new(make)));
    }

    /// The tenant's actor, started if it does not run; `None` before anybody said how.
    pub(super) fn addr(&self, tenant: TenantId) -> Option<Addr<A>> {
        let mut running = self.running();
        if let Some(addr) = running.get(&tenant).filter(|addr| addr.connected()) {
            return Some(addr.clone());
        }
        let make = Arc::clone(self.of.make.get()?);
        let addr = A::start_in_arbiter(&self.of.arbiter, move |_| make(tenant));
        running.insert(tenant, addr.clone());
        Some(addr)
    }

    /// Asks the tenant's actor, and once more another if it was just ending: a command that was not begun is not lost by that.
    pub(super) async fn ask<M>(&self, tenant: TenantId, message: M) -> Result<M::Result, DeskError>
    where
        M: Message + Clone + Send + 'static,
        M::Result: Send,
        A: Handler<M>,
        Context<A>: ToEnvelope<A, M>,
    {
        for _ in 0..2 {
            let addr = self.addr(tenant).ok_or(DeskError::Busy)?;
            match addr.send(message.clone()).timeout(PATIENCE).await {
                Ok(answer) => return Ok(answer),
                Err(MailboxError::Closed) => {}
                // It may still be carried out: whoever asks again with the same deed is told.
                Err(MailboxError::Timeout) => return Err(DeskError::Busy),
            }
        }
        Err(DeskError::Busy)
    }

    /// Those that run, without the ones that have ended.
    pub(super) fn living(&self) -> Vec<Addr<A>> {
        let mut running = self.running();
        running.retain(|_, addr| addr.connected());
        running.values().cloned().collect()
    }

    fn running(&self) -> MutexGuard<'_, HashMap<TenantId, Addr<A>>> {
        self.of.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
