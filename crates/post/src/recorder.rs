//! A post for tests: it takes every letter and keeps it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{Letter, Outcome, Sent};

/// What a recording [`crate::Post`] has taken, in order. Clones see the same letters.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Vec<Letter>>>);

impl Recorder {
    /// The letters so far.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        self.held().clone()
    }

    pub(crate) fn take(&self, letter: &Letter) -> Sent {
        self.held().push(letter.clone());
        Sent::new(Outcome::Sent, "recorded")
    }

    fn held(&self) -> MutexGuard<'_, Vec<Letter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
