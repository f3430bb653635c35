//! Which statements of a transaction are on their way to the server, so that its end can be sent right behind the last of them.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use tokio::sync::Notify;

/// Statements leave in the order in which they are handed to the driver. One whose text must be prepared first is handed over later
/// than it was asked for.
#[derive(Debug, Default)]
pub(crate) struct Pipeline {
    unsent: AtomicUsize,
    sent: Notify,
    is_closed: AtomicBool,
}

/// A statement that was asked for and not handed over yet.
pub(crate) struct Unsent<'a>(&'a Pipeline);

impl Pipeline {
    /// Takes note of a statement; `None` if the transaction's end was sent already.
    pub(crate) fn ask(&self) -> Option<Unsent<'_>> {
        if self.is_closed.load(Ordering::Acquire) {
            return None;
        }
        self.unsent.fetch_add(1, Ordering::AcqRel);
        Some(Unsent(self))
    }

    /// Returns when nothing is left to be handed over, and lets nothing follow.
    pub(crate) async fn close(&self) {
        loop {
            let sent = self.sent.notified();
            if self.unsent.load(Ordering::Acquire) == 0 {
                return self.is_closed.store(true, Ordering::Release);
            }
            sent.await;
        }
    }
}

impl Unsent<'_> {
    /// Runs `statement`, which the driver has been handed as soon as it was polled once.
    pub(crate) async fn send<T>(self, statement: impl Future<Output = T>) -> T {
        let mut unsent = Some(self);
        let mut statement = pin!(statement);
        poll_fn(|cx| {
            let answer = statement.as_mut().poll(cx);
            drop(unsent.take());
            answer
        })
        .await
    }
}

impl Drop for Unsent<'_> {
    fn drop(&mut self) {
        self.0.unsent.fetch_sub(1, Ordering::AcqRel);
        self.0.sent.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn the_end_waits_for_what_is_not_handed_over_and_lets_nothing_follow() {
        let pipeline = Pipeline::default();
        let (first, second) = (pipeline.ask().unwrap(), pipeline.ask().unwrap());
        let mut end = pin!(pipeline.close());
        let is_closed = poll_fn(|cx| std::task::Poll::Ready(end.as_mut().poll(cx).is_ready()));
        assert!(!is_closed.await);
        drop(first);
        let mut answer = pin!(second.send(pending::<()>()));
        poll_fn(|cx| {
            assert!(answer.as_mut().poll(cx).is_pending());
            std::task::Poll::Ready(())
        })
        .await;
        end.await;
        assert!(pipeline.ask().is_none());
    }
}
