//! Memory for answers while they are read: any one may be large, all of them together may not.
//!
//! Each answer may hold a little without asking; the larger it grows, the fewer others may be as large at the same time. Whoever has to
//! wait for that does so within the time that the exchange has anyway. So a hostile store can delay large answers of others for a
//! while; it cannot take the memory of all.

use tokio::sync::{Semaphore, SemaphorePermit};

/// Beyond so many bytes, at most so many answers at once. A hundred orders of ordinary size are half a mebibyte.
const LANES: [(usize, usize); 3] = [(256 << 10, 12), (768 << 10, 4), (2 << 20, 1)];
/// What an answer about one record, or a few, needs.
const LITTLE: usize = 32 << 10;

/// What all answers share.
pub(crate) struct Room([Semaphore; LANES.len()]);

impl Room {
    pub(crate) fn new() -> Self {
        Self(LANES.map(|(_, at_once)| Semaphore::new(at_once)))
    }

    /// For one answer; what it took is free again when this is dropped.
    pub(crate) fn share(&self) -> Share<'_> {
        Share { room: self, places: Vec::new() }
    }
}

/// One answer's part of the room.
pub(crate) struct Share<'a> {
    room: &'a Room,
    places: Vec<SemaphorePermit<'a>>,
}

impl Share<'_> {
    /// Makes `body` able to hold so many bytes, when it may. Lanes are entered in order, and the last one's owner waits for nobody: no two
    /// answers wait for each other.
    pub(crate) async fn grow(&mut self, body: &mut Vec<u8>, bytes: usize) {
        if bytes <= body.capacity() {
            return;
        }
        let lanes = LANES.iter().zip(&self.room.0).filter(|((limit, _), _)| bytes > *limit);
        for (_, lane) in lanes.skip(self.places.len()) {
            // An error would mean that the room was closed, which nobody does.
            self.places.extend(lane.acquire().await.ok());
        }
        // In few steps, because each leaves a hole of its old size behind. What is not written to yet costs nothing.
        let steps = std::iter::once(LITTLE).chain(LANES.map(|(limit, _)| limit));
        let step = steps.into_iter().find(|step| *step >= bytes).unwrap_or_else(|| bytes.next_power_of_two());
        body.reserve_exact(step.saturating_sub(body.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a new answer of this size is let in at once.
    async fn lets_in(room: &Room, bytes: usize) -> bool {
        tokio::select! {
            biased;
            () = async { room.share().grow(&mut Vec::new(), bytes).await } => true,
            () = std::future::ready(()) => false,
        }
    }

    #[tokio::test]
    async fn small_answers_never_wait_and_the_larger_they_are_the_fewer_at_once() {
        let room = Room::new();
        let mut held = Vec::new();
        // The largest first: they are among the smaller ones too.
        for (limit, at_once) in LANES.into_iter().rev() {
            while held.len() < at_once {
                assert!(lets_in(&room, limit + 1).await);
                let mut share = room.share();
                share.grow(&mut Vec::new(), limit + 1).await;
                held.push(share);
            }
            assert!(!lets_in(&room, limit + 1).await, "more than {at_once} beyond {limit}");
            assert!(lets_in(&room, limit).await);
        }
        held.clear();
        assert!(lets_in(&room, 32 << 20).await);
    }

    #[tokio::test]
    async fn an_answer_that_grows_takes_each_place_once() {
        let room = Room::new();
        let (mut share, mut body) = (room.share(), Vec::new());
        for bytes in [1_000, 300 << 10, 400 << 10, 1 << 20, 3 << 20, 5 << 20] {
            share.grow(&mut body, bytes).await;
            assert!(body.capacity() >= bytes);
        }
        assert_eq!(share.places.len(), LANES.len());
        drop(share);
        assert!(room.0.iter().zip(LANES).all(|(lane, (_, at_once))| lane.available_permits() == at_once));
    }
}
