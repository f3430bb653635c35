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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::{Texts, sample::Ears};

    fn frame() -> Frame {
        Frame::Texts(Texts::new(vec!["{}".into()]))
    }

    fn outlet(ears: &Arc<Ears>) -> (Uuid, Outlet, Arc<AtomicUsize>) {
        let waiting = Arc::<AtomicUsize>::default();
        (Uuid::new_v4(), Outlet::new(Arc::clone(ears) as Arc<dyn Relay>, Arc::clone(&waiting)), waiting)
    }

    #[test]
    fn as_many_frames_wait_for_a_peer_as_may_and_each_that_is_written_makes_room_for_one() {
        let ears = Arc::<Ears>::default();
        let (id, outlet, waiting) = outlet(&ears);
        let sent = (0..BOUND * 2).filter(|_| outlet.send(id, frame())).count();
        assert_eq!((sent, waiting.load(Ordering::Acquire)), (BOUND, BOUND), "what is refused is not counted");
        waiting.fetch_sub(1, Ordering::AcqRel);
        assert_eq!([outlet.send(id, frame()), outlet.send(id, frame())], [true, false]);
        assert_eq!(ears.heard(id).len(), BOUND + 1);
    }

    #[test]
    fn who_has_no_room_for_all_of_a_round_is_left_out_of_it_and_each_relay_is_told_once() {
        let threads = [Arc::<Ears>::default(), Arc::default()];
        let listeners: Vec<_> = (0..6).map(|number| outlet(&threads[number % 2])).collect();
        let (full, _, waiting) = &listeners[3];
        waiting.store(BOUND - 1, Ordering::Release);
        let mut round = Round::new(vec![frame(), frame()]);
        let left_out: Vec<Uuid> =
            listeners.iter().filter(|(id, outlet, _)| !round.include(*id, outlet)).map(|(id, ..)| *id).collect();
        assert_eq!((left_out, waiting.load(Ordering::Acquire)), (vec![*full], BOUND - 1));
        round.tell();
        assert_eq!(threads.each_ref().map(|ears| ears.count()), [2, 2], "two frames, handed over together");
        for (number, (id, _, waiting)) in listeners.iter().enumerate().filter(|(_, (id, ..))| id != full) {
            let heard = threads.each_ref().map(|ears| ears.heard(*id).len());
            assert_eq!(heard, if number % 2 == 0 { [2, 0] } else { [0, 2] });
            assert_eq!(waiting.load(Ordering::Acquire), 2);
        }
    }
}
