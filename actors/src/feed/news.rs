//! What those who commit tell the feed: that something is in the log, or what it is, so that the log need not be asked.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use actix::Addr;
use storewire_db::ChangeRow;

use super::{Changed, Feed, Whisper};

/// More than this is better read from the log.
const MOST: usize = 1_000;

/// Tells the feed that something was committed; nudges coalesce.
#[derive(Clone)]
pub(crate) struct FeedNudge {
    feed: Addr<Feed>,
    news: Arc<News>,
}

/// What was told since the feed looked last. Losing it costs a look at the log.
#[derive(Default)]
pub(crate) struct News {
    is_nudged: AtomicBool,
    told: Mutex<Told>,
}

/// See [`News`].
#[derive(Default)]
pub(super) struct Told {
    /// Committed changes, those of one store mostly in order.
    pub(super) changes: Vec<ChangeRow>,
    /// There is more in the log than these.
    pub(super) is_incomplete: bool,
}

impl FeedNudge {
    pub(crate) fn new(feed: Addr<Feed>, news: Arc<News>) -> Self {
        Self { feed, news }
    }

    /// Changes were committed, and the log has them.
    pub(crate) fn send(&self) {
        self.put(|told| told.is_incomplete = true);
    }

    /// These changes were committed.
    pub(crate) fn tell(&self, changes: Vec<ChangeRow>) {
        self.put(|told| {
            if told.changes.len() + changes.len() > MOST {
                *told = Told { changes: Vec::new(), is_incomplete: true };
            } else if !told.is_incomplete {
                told.changes.extend(changes);
            }
        });
    }

    /// Has pages ask who is there. Nothing is lost with a whisper that finds the mailbox full.
    pub(crate) fn whisper(&self, whisper: Whisper) {
        let _ = self.feed.try_send(whisper);
    }

    fn put(&self, change: impl FnOnce(&mut Told)) {
        change(&mut self.news.told.lock().unwrap_or_else(PoisonError::into_inner));
        if !self.news.is_nudged.swap(true, Ordering::AcqRel) && self.feed.try_send(Changed).is_err() {
            // The mailbox is full: who nudges next tries again, and the feed looks by itself every second.
            self.news.is_nudged.store(false, Ordering::Release);
        }
    }
}

impl News {
    /// What was told, and from now on a nudge is sent again.
    pub(super) fn take(&self) -> Told {
        self.is_nudged.store(false, Ordering::Release);
        std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
