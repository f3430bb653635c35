//! The end of a store's actor: told to the supervisor, however it comes about, and never before its jobs have ended.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use actix::{Message, Recipient};
use storewire_domain::StoreId;
use tokio::task::{JoinError, JoinHandle};

/// A store actor ended. Sent to the supervisor by the actor's own guard, also while a panic unwinds.
#[derive(Clone, Copy, Message)]
#[rtype(result = "()")]
pub(crate) struct Ended {
    pub(crate) store: StoreId,
    pub(crate) generation: u64,
    pub(crate) has_panicked: bool,
}

/// What a guard reports, and to whom. Reports nothing itself, so that a start which never happens is no end.
pub(crate) struct EndGuardParts {
    pub(crate) supervisor: Recipient<Ended>,
    pub(crate) store: StoreId,
    pub(crate) generation: u64,
}

impl EndGuardParts {
    /// The guard, for the actor to hold from its first moment.
    pub(crate) fn arm(self) -> EndGuard {
        EndGuard(Arc::new(End { parts: self, has_panicked: AtomicBool::new(false) }))
    }
}

/// Reports the end of the actor that holds it, once its jobs have ended too: they hold clones. The next actor of the store begins after
/// that.
#[derive(Clone)]
pub(crate) struct EndGuard(Arc<End>);

impl Drop for EndGuard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.has_panicked.store(true, Ordering::Release);
        }
    }
}

struct End {
    parts: EndGuardParts,
    has_panicked: AtomicBool,
}

impl Drop for End {
    fn drop(&mut self) {
        let Self { parts, has_panicked } = self;
        let has_panicked = has_panicked.load(Ordering::Acquire);
        let ended = Ended { store: parts.store, generation: parts.generation, has_panicked };
        // A full mailbox loses nothing: the supervisor also looks whether its actors still live.
        let _ = parts.supervisor.try_send(ended);
    }
}

/// A job that ends with its actor: nobody would hear of its end.
pub(super) struct Job<T>(pub(super) JoinHandle<T>);

impl<T> Job<T> {
    pub(super) async fn ended(&mut self) -> Result<T, JoinError> {
        (&mut self.0).await
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
