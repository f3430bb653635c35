//! What was given up on: heaps by cause, the letters of one, and one with its bytes.

use askama::Template;
use storewire_db::dead_letters::{DeadCause, DeadLetter};

use super::{Choice, Raw, When, delivery::size, money::count, status::readable, text::plain};
use crate::panel::{filters, frame::Frame, url, words::Words};

/// Dead letters of one store and cause.
#[derive(Clone, Debug)]
pub struct CauseView {
    pub store: String,
    pub store_id: String,
    pub store_href: String,
    pub cause: String,
    pub cause_raw: String,
    /// What a person can do about it.
    pub hint: String,
    pub topics: String,
    pub sample: String,
    pub count: String,
    pub newest: When,
    /// This heap opened.
    pub href: String,
    pub is_open: bool,
    /// The letters of the open heap.
    pub letters: Vec<LetterView>,
    pub older: Option<String>,
}

impl CauseView {
    /// One heap per store and cause: topics differ, what to do does not.
    #[must_use]
    pub fn heaps(causes: &[DeadCause], t: &Words) -> Vec<Self> {
        let mut heaps: Vec<(&DeadCause, i64, Vec<&str>)> = Vec::new();
        for cause in causes {
            let known =
                heaps.iter_mut().find(|(first, ..)| first.store_id == cause.store_id && first.cause == cause.cause);
            match known {
                Some((first, letters, topics)) => {
                    *letters = letters.saturating_add(cause.count);
                    topics.push(&cause.topic);
                    if cause.newest > first.newest {
                        *first = cause;
                    }
                }
                None => heaps.push((cause, cause.count, vec![&cause.topic])),
            }
        }
        heaps.into_iter().map(|(newest, letters, topics)| Self::new(newest, letters, &topics, t)).collect()
    }

    fn new(newest: &DeadCause, letters: i64, topics: &[&str], t: &Words) -> Self {
        let (cause, hint) = words(&newest.cause, t);
        let store_id = newest.store_id.to_string();
        Self {
            store: plain(&newest.store_name),
            store_href: url::store(newest.store_id),
            cause,
            hint,
            topics: topics.join(", "),
            sample: newest.sample_reason.clone(),
            count: count(letters),
            newest: When::moment(newest.newest),
            href: url::with(url::DEAD_LETTERS, &[("store", &store_id), ("cause", &newest.cause)]),
            cause_raw: newest.cause.clone(),
            store_id,
            is_open: false,
            letters: Vec::new(),
            older: None,
        }
    }
}

/// One dead letter.
#[derive(Clone, Debug)]
pub struct LetterView {
    pub id: String,
    pub href: String,
    pub store: String,
    pub store_id: String,
    pub store_href: String,
    pub topic: String,
    pub remote_id: Option<String>,
    pub origin: String,
    pub cause: String,
    pub hint: String,
    pub reason: String,
    pub received: When,
    pub retried: Option<When>,
    pub resolved: Option<When>,
    pub size: String,
}

impl LetterView {
    #[must_use]
    pub fn new(letter: &DeadLetter, t: &Words) -> Self {
        let (cause, hint) = words(&letter.cause, t);
        Self {
            id: letter.id.to_string(),
            href: url::dead_letter(letter.id),
            store: plain(&letter.store_name),
            store_id: letter.store_id.to_string(),
            store_href: url::store(letter.store_id),
            topic: letter.topic.clone(),
            remote_id: letter.remote_id.clone(),
            origin: match letter.origin.as_str() {
                "delivery" => t.get("dead-origin-delivery"),
                "page" => t.get("dead-origin-page"),
                _ => t.get("dead-origin-record"),
            },
            cause,
            hint,
            reason: letter.reason.clone(),
            received: When::moment(letter.received_at),
            retried: letter.retried_at.map(When::moment),
            resolved: letter.resolved_at.map(When::moment),
            size: size(letter.bytes, t),
        }
    }

    /// In a line: why it was given up on, and what it told of.
    #[must_use]
    pub fn error(&self) -> String {
        match &self.remote_id {
            Some(id) => format!("{}: {} {id}", self.cause, self.topic),
            None => format!("{}: {}", self.cause, self.topic),
        }
    }
}

/// A cause in a few words, and what to do about it.
fn words(cause: &str, t: &Words) -> (String, String) {
    match cause {
        "undecodable" => (t.get("cause-undecodable"), t.get("cause-undecodable-hint")),
        "crashed" => (t.get("cause-crashed"), t.get("cause-crashed-hint")),
        "foreign_source" => (t.get("cause-foreign-source"), t.get("cause-foreign-source-hint")),
        "unreadable" => (t.get("cause-unreadable"), t.get("cause-unreadable-hint")),
        other => (readable(other), t.get("cause-other-hint")),
    }
}

/// `GET /dead-letters`.
#[derive(Template)]
#[template(path = "dead_letters/list.html")]
pub struct DeadLettersPage {
    pub t: Words,
    pub frame: Frame,
    pub stores: Vec<Choice>,
    pub is_narrowed: bool,
    pub heaps: Vec<CauseView>,
    pub can_retry: bool,
}

/// `GET /dead-letters/{id}`.
#[derive(Template)]
#[template(path = "dead_letters/show.html")]
pub struct DeadLetterPage {
    pub t: Words,
    pub frame: Frame,
    pub row: LetterView,
    pub body: Raw,
    pub can_retry: bool,
}
