//! A letter as whoever writes it gives it.

use std::fmt;

use jiff::Timestamp;

/// One plain text letter to one person. The same letter makes the same bytes in every try.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// As in the header: `<left@right>`, ASCII, at most 200 characters. What a reader who gets it twice knows it by.
    pub message_id: String,
    /// The bare address, such as `mary@example.com`; see [`crate::is_address`].
    pub to: String,
    /// What the person is called, in any script; may be empty. Shown up to its 100th character.
    pub to_name: String,
    /// In any script, one line; shown up to its 200th character.
    pub subject: String,
    /// Lines of any length in any script, ended as one likes. Control characters but tabs are dropped.
    pub body: String,
    /// The header's date, to the second: when it was written, not when it is tried.
    pub written_at: Timestamp,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}
