//! What several people ask for at once, read and rendered once: who asks while a reading is under way shares the next one.
//!
//! Nothing is remembered. A reading begins after everybody whom it serves has asked and was let in, so nobody is shown what was true
//! before they came. When a change sends a crowd back to the same page, two readings serve all of it.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use crate::error::WebError;

/// Readings under way, each by what it is of. Clones share them.
pub struct Together<K: Eq + Hash + Clone, V>(Arc<Mutex<Lines<K, V>>>);

/// Those who wait for the next reading; a key is here while somebody reads.
type Lines<K, V> = HashMap<K, Vec<oneshot::Sender<Turn<K, V>>>>;

/// What the wait for a reading ends with.
enum Turn<K: Eq + Hash + Clone, V> {
    /// Somebody read; nothing, if that failed.
    Told(Option<Arc<V>>),
    /// It is on oneself to read.
    Yours(Lead<K, V>),
}

/// The right and the duty to read. Given up, also by a request that is cancelled, it goes to who waited longest.
struct Lead<K: Eq + Hash + Clone, V> {
    lines: Arc<Mutex<Lines<K, V>>>,
    key: K,
    /// Whom the reading under way will serve.
    served: Vec<oneshot::Sender<Turn<K, V>>>,
}

impl<K: Eq + Hash + Clone, V> Together<K, V> {
    /// What `key` stands for, from a reading that begins after this call: `read` itself, or somebody else's with an equal key.
    ///
    /// # Errors
    /// As `read`; `Unavailable` if somebody else's failed.
    pub async fn read(&self, key: K, read: impl Future<Output = Result<V, WebError>>) -> Result<Arc<V>, WebError> {
        let mut lead = match self.join(key) {
            Ok(lead) => lead,
            Err(turn) => match turn.await {
                Ok(Turn::Yours(lead)) => lead,
                Ok(Turn::Told(Some(value))) => return Ok(value),
                Ok(Turn::Told(None)) | Err(_) => return Err(WebError::Unavailable),
            },
        };
        lead.begin();
        match read.await {
            Ok(value) => {
                let value = Arc::new(value);
                lead.tell(Some(&value));
                Ok(value)
            }
            Err(error) => {
                lead.tell(None);
                Err(error)
            }
        }
    }

    fn join(&self, key: K) -> Result<Lead<K, V>, oneshot::Receiver<Turn<K, V>>> {
        match lock(&self.0).entry(key) {
            Entry::Vacant(line) => {
                let key = line.key().clone();
                line.insert(Vec::new());
                Ok(Lead { lines: Arc::clone(&self.0), key, served: Vec::new() })
            }
            Entry::Occupied(mut line) => {
                let (teller, turn) = oneshot::channel();
                line.get_mut().push(teller);
                Err(turn)
            }
        }
    }
}

impl<K: Eq + Hash + Clone, V> Lead<K, V> {
    fn begin(&mut self) {
        self.served = lock(&self.lines).get_mut(&self.key).map(std::mem::take).unwrap_or_default();
    }

    fn tell(&mut self, value: Option<&Arc<V>>) {
        for teller in self.served.drain(..) {
            // Who went away meanwhile needs no answer.
            let _ = teller.send(Turn::Told(value.cloned()));
        }
    }

    /// Who is to read next. Nobody, when nobody waits: then the line is closed.
    fn next(&mut self) -> Option<oneshot::Sender<Turn<K, V>>> {
        let mut lines = lock(&self.lines);
        let line = lines.get_mut(&self.key)?;
        line.splice(0..0, self.served.drain(..));
        line.retain(|teller| !teller.is_closed());
        if line.is_empty() {
            lines.remove(&self.key);
            return None;
        }
        Some(line.remove(0))
    }
}

impl<K: Eq + Hash + Clone, V> Drop for Lead<K, V> {
    fn drop(&mut self) {
        if let Some(next) = self.next() {
            let lead = Self { lines: Arc::clone(&self.lines), key: self.key.clone(), served: Vec::new() };
            // What cannot be sent, or is sent and never taken, is dropped, and so goes on from there.
            let _ = next.send(Turn::Yours(lead));
        }
    }
}

impl<K: Eq + Hash + Clone, V> Default for Together<K, V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Eq + Hash + Clone, V> Clone for Together<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

fn lock<T>(lines: &Mutex<T>) -> MutexGuard<'_, T> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::{
        cell::Cell,
        future::{pending, ready},
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use super::*;

    /// Polls once, for which nobody needs to be woken.
    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    fn told(answer: Poll<Result<Arc<u32>, WebError>>) -> Option<u32> {
        match answer {
            Poll::Ready(Ok(value)) => Some(*value),
            Poll::Ready(Err(_)) | Poll::Pending => None,
        }
    }

    #[tokio::test]
    async fn who_asks_during_a_reading_is_told_by_the_next_one() {
        let (together, readings) = (Together::<&str, u32>::default(), Cell::new(0));
        let (go, went) = oneshot::channel::<()>();
        let count = || {
            readings.set(readings.get() + 1);
            Ok(readings.get())
        };
        let mut first = pin!(together.read("orders", async {
            let answer = count();
            went.await.unwrap();
            answer
        }));
        let mut second = pin!(together.read("orders", async { count() }));
        let mut third = pin!(together.read("orders", async { count() }));
        assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
        assert!(poll(third.as_mut()).is_pending());
        assert_eq!(
            told(poll(pin!(together.read("products", async { Ok(7) })))),
            Some(7),
            "another page waits for nobody"
        );
        go.send(()).unwrap();
        assert_eq!(told(poll(first.as_mut())), Some(1));
        assert_eq!(told(poll(second.as_mut())), Some(2));
        assert_eq!(told(poll(third.as_mut())), Some(2));
        assert!(lock(&together.0).is_empty(), "nothing is left behind");
    }

    #[tokio::test]
    async fn a_reading_that_is_given_up_goes_to_who_waits() {
        let together = Together::<&str, u32>::default();
        let mut waiting = pin!(together.read("orders", ready(Ok(2))));
        {
            let mut gone_too = pin!(together.read("orders", ready(Ok(1))));
            {
                let mut given_up = pin!(together.read("orders", pending()));
                assert!(poll(given_up.as_mut()).is_pending());
                assert!(poll(gone_too.as_mut()).is_pending() && poll(waiting.as_mut()).is_pending());
            }
            // It is on this one now, which goes without having looked.
        }
        assert_eq!(told(poll(waiting.as_mut())), Some(2));
        assert!(lock(&together.0).is_empty());
    }

    #[tokio::test]
    async fn whom_a_given_up_reading_would_have_served_are_served_by_the_next() {
        let together = Together::<&str, u32>::default();
        let mut heir = pin!(together.read("orders", ready(Ok(2))));
        let mut last = pin!(together.read("orders", ready(Ok(3))));
        {
            let (go, went) = oneshot::channel::<()>();
            let mut leading = pin!(together.read("orders", async {
                went.await.ok();
                Ok(0)
            }));
            let mut given_up = pin!(together.read("orders", pending()));
            assert!(poll(leading.as_mut()).is_pending() && poll(given_up.as_mut()).is_pending());
            assert!(poll(heir.as_mut()).is_pending() && poll(last.as_mut()).is_pending());
            drop(go);
            assert_eq!(told(poll(leading.as_mut())), Some(0));
            assert!(poll(given_up.as_mut()).is_pending(), "it reads for the other two");
        }
        assert_eq!(told(poll(heir.as_mut())), Some(2));
        assert_eq!(told(poll(last.as_mut())), Some(2));
    }

    #[tokio::test]
    async fn a_reading_that_fails_fails_for_all_and_the_next_is_tried_anew() {
        let together = Together::<&str, u32>::default();
        let (go, went) = oneshot::channel::<()>();
        let mut leading = pin!(together.read("orders", async {
            went.await.ok();
            Ok(0)
        }));
        let mut failing = pin!(together.read("orders", ready(Err(WebError::NotFound))));
        let mut with_it = pin!(together.read("orders", ready(Ok(1))));
        assert!(poll(leading.as_mut()).is_pending() && poll(failing.as_mut()).is_pending());
        assert!(poll(with_it.as_mut()).is_pending());
        drop(go);
        assert_eq!(told(poll(leading.as_mut())), Some(0));
        assert!(matches!(poll(failing.as_mut()), Poll::Ready(Err(WebError::NotFound))));
        assert!(matches!(poll(with_it.as_mut()), Poll::Ready(Err(WebError::Unavailable))));
        assert_eq!(together.read("orders", ready(Ok(3))).await.ok().as_deref(), Some(&3));
    }
}
