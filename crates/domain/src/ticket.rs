//! Tickets: where a conversation between a merchant and staff stands, what moves it, and which words it takes.

mod refusal;

use serde::{Deserialize, Serialize};

pub use refusal::TicketRefusal;

use crate::{remote::text_enum, role::RoleClass};

/// The longest texts taken, in characters.
const LONGEST_TEXT: usize = 10_000;
const LONGEST_SUBJECT: usize = 200;

text_enum! {
    /// Whom a ticket waits for.
    pub enum TicketState {
        /// For staff.
        Open = "open",
        /// For the merchant.
        Answered = "answered",
        /// For nobody, until somebody writes again.
        Closed = "closed",
    }
}

text_enum! {
    /// How soon staff have to answer; declared from the least to the most urgent, and so ordered.
    pub enum Priority {
        Low = "low",
        Normal = "normal",
        High = "high",
        Urgent = "urgent",
    }
}

text_enum! {
    /// The kinds of record that a ticket can be about.
    pub enum AboutKind {
        Order = "order",
        Product = "product",
        Customer = "customer",
        Store = "store",
        Request = "request",
        Return = "return",
    }
}

text_enum! {
    /// What an entry of a thread tells.
    pub enum MessageKind {
        /// Words, with or without files.
        Message = "message",
        /// The ticket was closed or reopened.
        State = "state",
        /// Something was done from the thread, such as an approval.
        Action = "action",
    }
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    Merchant,
    Staff,
}

impl Side {
    /// As rows keep it.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::Staff)
    }
}

impl From<RoleClass> for Side {
    fn from(class: RoleClass) -> Self {
        match class {
            RoleClass::Staff => Self::Staff,
            RoleClass::Merchant => Self::Merchant,
        }
    }
}

impl TicketState {
    /// The state after words that both sides see. It is the same from every state: a closed ticket takes words and is open again.
    #[must_use]
    pub const fn after_message(by: Side) -> Self {
        match by {
            Side::Merchant => Self::Open,
            Side::Staff => Self::Answered,
        }
    }

    /// The state once a person closes it.
    ///
    /// # Errors
    /// It is closed.
    pub const fn close(self) -> Result<Self, TicketRefusal> {
        match self {
            Self::Open | Self::Answered => Ok(Self::Closed),
            Self::Closed => Err(TicketRefusal::NothingToChange),
        }
    }

    /// The state once a person takes the closing back without a word: it waits for staff.
    ///
    /// # Errors
    /// It is not closed.
    pub const fn reopen(self) -> Result<Self, TicketRefusal> {
        match self {
            Self::Closed => Ok(Self::Open),
            Self::Open | Self::Answered => Err(TicketRefusal::NothingToChange),
        }
    }
}

/// Whether a subject can be taken: one line that says something.
///
/// # Errors
/// The first fault.
pub fn check_subject(subject: &str) -> Result<(), TicketRefusal> {
    refuse_if(subject.trim().is_empty(), TicketRefusal::Empty)?;
    refuse_if(subject.chars().count() > LONGEST_SUBJECT, TicketRefusal::TooLong)?;
    refuse_if(subject.chars().any(char::is_control), TicketRefusal::BadText)
}

/// Whether a message or a note can be taken. A picture may go without words: `has_files`.
///
/// # Errors
/// The first fault.
pub fn check_words(text: &str, has_files: bool) -> Result<(), TicketRefusal> {
    refuse_if(text.trim().is_empty() && !has_files, TicketRefusal::Empty)?;
    refuse_if(text.chars().count() > LONGEST_TEXT, TicketRefusal::TooLong)?;
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    refuse_if(text.chars().any(is_control), TicketRefusal::BadText)
}

const fn refuse_if(is_at_fault: bool, refusal: TicketRefusal) -> Result<(), TicketRefusal> {
    if is_at_fault { Err(refusal) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_waits_for_whoever_did_not_speak_last_and_only_a_closed_one_opens_again() {
        use TicketRefusal::NothingToChange;
        use TicketState::{Answered, Closed, Open};
        assert_eq!(TicketState::after_message(Side::Merchant), Open);
        assert_eq!(TicketState::after_message(Side::Staff), Answered);
        let table = [
            (Open, Ok(Closed), Err(NothingToChange)),
            (Answered, Ok(Closed), Err(NothingToChange)),
            (Closed, Err(NothingToChange), Ok(Open)),
        ];
        assert_eq!(table.map(|(state, ..)| state), TicketState::ALL);
        for (state, closed, reopened) in table {
            assert_eq!((state.close(), state.reopen()), (closed, reopened), "{state}");
        }
    }

    #[test]
    fn the_most_urgent_comes_first_when_sorted_backwards() {
        assert!(
            Priority::Urgent > Priority::High && Priority::High > Priority::Normal && Priority::Normal > Priority::Low
        );
    }

    #[test]
    fn words_say_something_and_a_picture_speaks_for_itself() {
        assert_eq!(check_words("two\tboxes\r\nare wet", false), Ok(()));
        assert_eq!(check_words(" \n", false), Err(TicketRefusal::Empty));
        assert_eq!(check_words("", true), Ok(()));
        assert_eq!(check_words(&"ü".repeat(10_000), false), Ok(()));
        assert_eq!(check_words(&"ü".repeat(10_001), true), Err(TicketRefusal::TooLong));
        assert_eq!(check_words("wet\0", false), Err(TicketRefusal::BadText));
    }

    #[test]
    fn a_subject_is_one_line() {
        assert_eq!(check_subject("Order 1042 is wet"), Ok(()));
        assert_eq!(check_subject("\u{3000} "), Err(TicketRefusal::Empty));
        assert_eq!(check_subject(&"x".repeat(201)), Err(TicketRefusal::TooLong));
        assert_eq!(check_subject("wet\nBcc: all"), Err(TicketRefusal::BadText));
    }

    #[test]
    fn the_side_of_a_speaker_is_that_of_their_role() {
        assert!(Side::from(RoleClass::Staff).is_staff() && !Side::from(RoleClass::Merchant).is_staff());
    }
}
