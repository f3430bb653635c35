//! The way out to sockets: those of one thread are written to by that thread, and what many of them are told is handed to it once.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use uuid::Uuid;

use super::Frame;

/// Frames that may wait for a peer; beyond, it is caught up from the log once it reads again.
const BOUND: usize = 256;

/// Writes to the sockets of one thread.
pub trait Relay: Send + Sync + 'static {
    /// Hands frames over for these sockets, in order. Who is gone is passed by.
    fn tell(&self, frames: Arc<[Frame]>, to: Vec<Uuid>);
}

/// A listener's way out. Clones are the same.
#[derive(Clone)]
pub struct Outlet {
    relay: Arc<dyn Relay>,
    waiting: Arc<AtomicUsize>,
}

impl Outlet {
    /// `waiting` is what the relay has not written yet of what this listener was sent: raised here with each frame, lowered by the relay.
    #[must_use]
    pub fn new(relay: Arc<dyn Relay>, waiting: Arc<AtomicUsize>) -> Self {
        Self { relay, waiting }
    }

    /// Sends to this listener alone; false if too much waits.
    pub(super) fn send(&self, id: Uuid, frame: Frame) -> bool {
        let has_room = self.reserve(1);
        if has_room {
            self.relay.tell(Arc::new([frame]), vec![id]);
        }
        has_room
    }

    fn reserve(&self, frames: usize) -> bool {
        let has_room = self.waiting.load(Ordering::Acquire) + frames <= BOUND;
        if has_room {
            self.waiting.fetch_add(frames, Ordering::AcqRel);
        }
        has_room
    }
}

/// The same frames for many, told together relay by relay.
pub(super) struct Round {
    frames: Arc<[Frame]>,
    to: Vec<(Arc<dyn Relay>, Vec<Uuid>)>,
}

impl Round {
    pub(super) fn new(frames: Vec<Frame>) -> Self {
        Self { frames: frames.into(), to: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Includes a listener; false if too much waits for it already.
    pub(super) fn include(&mut self, id: Uuid, outlet: &Outlet) -> bool {
        if !outlet.reserve(self.frames.len()) {
            return false;
        }
        match self.to.iter_mut().find(|(relay, _)| Arc::ptr_eq(relay, &outlet.relay)) {
            Some((_, ids)) => ids.push(id),
            None => self.to.push((Arc::clone(&outlet.relay), vec![id])),
        }
        true
    }

    pub(super) fn tell(self) {
        for (relay, ids) in self.to {
            relay.tell(Arc::clone(&self.frames), ids);
        }
    }
}
