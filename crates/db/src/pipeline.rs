//! In which order the statements of a transaction are handed to the driver, so that many can be under way at once, and the end right behind them.

use std::{
    future::{Future, poll_fn},
    pin::pin,
};

use tokio::sync::{Mutex, MutexGuard};

/// Statements that are joined leave in the order in which they were first polled, also when one's text must be prepared first.
#[derive(Debug, Default)]
pub(crate) struct Pipeline {
    is_closed: Mutex<bool>,
}

/// The right to hand the next statement over.
pub(crate) struct Turn<'a>(#[expect(dead_code, reason = "held, not read")] MutexGuard<'a, bool>);

impl Pipeline {
    /// Waits until everything that was asked before is handed over; `None` if that was the transaction's end.
    pub(crate) async fn turn(&self) -> Option<Turn<'_>> {
        let is_closed = self.is_closed.lock().await;
        (!*is_closed).then_some(Turn(is_closed))
    }

    /// The same for the end: nothing follows it.
    pub(crate) async fn last_turn(&self) -> Option<Turn<'_>> {
        let mut is_closed = self.is_closed.lock().await;
        (!std::mem::replace(&mut *is_closed, true)).then_some(Turn(is_closed))
    }
}

impl Turn<'_> {
    /// Runs `statement`, which the driver has been handed as soon as it was polled once.
    pub(crate) async fn send<T>(self, statement: impl Future<Output = T>) -> T {
        let mut turn = Some(self);
        let mut statement = pin!(statement);
        poll_fn(|cx| {
            let answer = statement.as_mut().poll(cx);
            drop(turn.take());
            answer
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, sync::Mutex as Log, task::Poll};

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn one_that_is_prepared_first_is_not_overtaken_and_nothing_follows_the_end() {
        let (pipeline, log) = (Pipeline::default(), Log::new(Vec::new()));
        let (prepared, preparing) = oneshot::channel::<()>();
        let slow = async {
            let turn = pipeline.turn().await.unwrap();
            preparing.await.unwrap();
            turn.send(async { log.lock().unwrap().push("slow") }).await;
        };
        let quick = async {
            let turn = pipeline.turn().await.unwrap();
            turn.send(async { log.lock().unwrap().push("quick") }).await;
        };
        let end = async {
            let turn = pipeline.last_turn().await.unwrap();
            turn.send(async { log.lock().unwrap().push("end") }).await;
            assert!(pipeline.turn().await.is_none() && pipeline.last_turn().await.is_none());
        };
        let prepare = async { prepared.send(()).unwrap() };
        tokio::join!(biased; slow, quick, end, prepare);
        assert_eq!(*log.lock().unwrap(), ["slow", "quick", "end"]);
    }

    #[tokio::test]
    async fn an_answer_that_is_late_holds_nobody_up_and_one_that_is_given_up_neither() {
        let pipeline = Pipeline::default();
        let mut unanswered = pin!(async { pipeline.turn().await.unwrap().send(pending::<()>()).await });
        poll_fn(|cx| {
            assert!(unanswered.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        let preparing = pipeline.turn().await.unwrap();
        {
            let mut given_up = pin!(pipeline.turn());
            poll_fn(|cx| {
                assert!(given_up.as_mut().poll(cx).is_pending());
                Poll::Ready(())
            })
            .await;
        }
        drop(preparing);
        assert!(pipeline.last_turn().await.is_some());
    }
}
