//! Why a deed about a ticket is refused.

use serde::{Deserialize, Serialize};

use crate::remote::text_enum;

text_enum! {
    /// Why a ticket did not take something: a key of the panel's texts, and a code of the API.
    pub enum TicketRefusal {
        /// Notes, assignments, priorities and actions are the platform's people's.
        StaffOnly = "staff_only",
        /// The ticket moved on since it was looked at.
        Changed = "changed",
        Empty = "empty",
        TooLong = "too_long",
        /// Control characters; one of them no database keeps.
        BadText = "bad_text",
        /// It is in that state already.
        NothingToChange = "nothing_to_change",
        /// The assignee is none of the platform's people, or does not keep the store.
        NotStaff = "not_staff",
        /// A file of a kind that is not taken, or a picture that is broken.
        BadType = "bad_type",
        /// A file of too many bytes.
        TooLarge = "too_large",
        TooManyFiles = "too_many_files",
        /// The tenant has as many bytes of files as it may have.
        Full = "full",
        /// A file that somebody else uploaded, or that is attached already.
        NotYours = "not_yours",
    }
}

impl TicketRefusal {
    /// Why, in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::StaffOnly => "only the platform's people do that",
            Self::Changed => "the ticket has changed since you looked",
            Self::Empty => "write something",
            Self::TooLong => "the text is too long",
            Self::BadText => "the text holds control characters",
            Self::NothingToChange => "the ticket stands there already",
            Self::NotStaff => "only one of the platform's people who keeps the store can be given the ticket",
            Self::BadType => {
                "only PNG, JPEG, GIF and WebP pictures, PDF, text and CSV files are taken, and they have to be whole"
            }
            Self::TooLarge => "the file is too large",
            Self::TooManyFiles => "a message takes no more files",
            Self::Full => "there is no room for more files",
            Self::NotYours => "there is no such file of yours that could be attached",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_refusal_has_words_of_its_own() {
        let words: BTreeSet<_> = TicketRefusal::ALL.iter().map(|refusal| refusal.words()).collect();
        assert_eq!(words.len(), TicketRefusal::ALL.len());
    }
}
