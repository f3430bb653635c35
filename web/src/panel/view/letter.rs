//! The delivery log: letters about something, how far each has come, and what the mail server said each time.

use jiff::{SignedDuration, Timestamp};
use storewire_db::letters::{LetterRow, TryRow};
use storewire_domain::letter::{LetterFault, LetterState, TryOutcome};
use uuid::Uuid;

use super::{Badge, When};
use crate::panel::words::Words;

/// A letter that is due so soon is watched.
const SOON: SignedDuration = SignedDuration::from_mins(1);

/// The letters about something, newest first.
#[derive(Clone, Debug, Default)]
pub struct LetterLog {
    pub letters: Vec<LetterLine>,
    /// One of them is about to leave: the log is asked for anew until it has.
    pub is_moving: bool,
}

impl LetterLog {
    #[must_use]
    pub fn new(letters: &[LetterRow], now: Timestamp, t: &Words) -> Self {
        let soon = now.checked_add(SOON).unwrap_or(now);
        let is_moving = |letter: &LetterRow| letter.state == LetterState::Waiting && letter.due_at <= soon;
        Self {
            letters: letters.iter().map(|letter| LetterLine::new(letter, t)).collect(),
            is_moving: letters.iter().any(is_moving),
        }
    }
}

/// One letter.
#[derive(Clone, Debug)]
pub struct LetterLine {
    pub subject: String,
    pub to: String,
    pub written: When,
    pub state: Badge,
    /// Why it failed, or when it is tried next.
    pub outcome: Option<String>,
    pub due: Option<When>,
    pub tries: Vec<TryView>,
    /// Where a failed one is sent again, and the deed of the form that does it.
    pub again: Option<(String, Uuid)>,
}

/// One try.
#[derive(Clone, Debug)]
pub struct TryView {
    pub at: When,
    pub word: String,
    /// The mail server's own words.
    pub said: String,
}

impl LetterLine {
    #[must_use]
    pub fn new(letter: &LetterRow, t: &Words) -> Self {
        let is_waiting = letter.state == LetterState::Waiting;
        Self {
            subject: letter.subject.clone(),
            to: match letter.to_name.as_str() {
                "" => letter.to_address.clone(),
                name => format!("{name} <{}>", letter.to_address),
            },
            written: When::moment(letter.created_at),
            state: badge(letter.state, t),
            outcome: letter.fault.map(|fault| why(fault, t)),
            due: (is_waiting && !letter.tries.is_empty()).then(|| When::moment(letter.due_at)),
            tries: letter.tries.iter().map(|tried| TryView::new(tried, t)).collect(),
            again: (letter.state == LetterState::Failed)
                .then(|| (format!("/letters/{}/send", letter.id), Uuid::now_v7())),
        }
    }
}

impl TryView {
    fn new(tried: &TryRow, t: &Words) -> Self {
        let word = match tried.outcome {
            TryOutcome::Sent => t.get("letter-try-sent"),
            TryOutcome::Later => t.get("letter-try-later"),
            TryOutcome::Refused => t.get("letter-try-refused"),
            TryOutcome::Unknown => t.get("letter-try-unknown"),
        };
        Self { at: When::moment(tried.at), word, said: tried.said.clone() }
    }
}

fn badge(state: LetterState, t: &Words) -> Badge {
    let (word, tone, icon) = match state {
        LetterState::Waiting => (t.get("letter-waiting"), "info", "clock"),
        LetterState::Sent => (t.get("letter-sent"), "good", "circle-check"),
        LetterState::Failed => (t.get("letter-failed"), "bad", "circle-alert"),
    };
    Badge { word, tone, icon }
}

fn why(fault: LetterFault, t: &Words) -> String {
    match fault {
        LetterFault::NoSmtp => t.get("letter-no-smtp"),
        LetterFault::Refused => t.get("letter-refused"),
        LetterFault::GaveUp => t.get("letter-gave-up"),
        LetterFault::BadAddress => t.get("letter-bad-address"),
    }
}
