//! Tickets: what a merchant and staff say to each other about something, and what staff note among themselves.
//!
//! Notes lie in a table of their own, which a merchant's scope has no right to read: a query that asks for them there is refused, not
//! filtered. Entries of both kinds have the id of the deed that wrote them, so that a deed which is repeated adds nothing.

mod about;
mod read;
mod readers;
mod seen;
mod thread;
mod write;

pub use about::about;
pub use read::{About, TicketFilter, TicketRow, by_ids, find, list};
pub use readers::{read_up_to, unread, unread_count};
pub use seen::{SeenUpTo, seen};
pub use thread::{MessageRow, NewMessage, NewNote, NoteRow, merchants_of, message, messages, note, notes};
pub use write::{Moved, NewTicket, Said, assign, due, insert, late, lock, move_to, prioritise, said};
