//! Returns: goods that a buyer sends back, from the first word to the decision what becomes of each of them.

mod items;
mod refusal;

use serde::{Deserialize, Serialize};

pub use items::{Item, check_items, check_quantity};
pub use refusal::ReturnRefusal;

use crate::remote::text_enum;

text_enum! {
    /// Where a return stands.
    pub enum ReturnState {
        /// The buyer asked for it.
        Asked = "asked",
        /// The goods may come.
        Accepted = "accepted",
        Declined = "declined",
        /// They came and were counted.
        Received = "received",
        /// What becomes of each is decided.
        Decided = "decided",
        /// It became so.
        Closed = "closed",
        /// The buyer keeps the goods after all, or they never came.
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// What moves a return.
    pub enum ReturnEvent {
        Accept = "accept",
        /// With a reason.
        Decline = "decline",
        /// With a count of each item; again, to correct it.
        Receive = "receive",
        /// With a decision on each item that came; again, where the store did not take one back on its shelf.
        Decide = "decide",
        Close = "close",
        Cancel = "cancel",
    }
}

text_enum! {
    /// Why the buyer sends goods back.
    pub enum ReturnReason {
        Damaged = "damaged",
        WrongItem = "wrong_item",
        NotAsDescribed = "not_as_described",
        Unwanted = "unwanted",
        Late = "late",
        Other = "other",
    }
}

text_enum! {
    /// What becomes of an item.
    pub enum ItemDecision {
        /// Back on the shelf: the store's count grows.
        Restock = "restock",
        Scrap = "scrap",
        /// Back to the buyer.
        SendBack = "send_back",
    }
}

text_enum! {
    /// What an entry of a return's timeline tells.
    pub enum ReturnEntry {
        Opened = "opened",
        State = "state",
        Received = "received",
        Decided = "decided",
        /// The write that puts goods back on the shelf has ended, one way or the other.
        Restock = "restock",
        Photo = "photo",
        /// Words among staff and merchants.
        Comment = "comment",
        /// Words to the buyer.
        Message = "message",
    }
}

impl ReturnState {
    /// Whether nothing moves it any more; it still takes comments, photos and messages.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Declined | Self::Closed | Self::Cancelled)
    }
}

/// Where a return stands after an event. What the event says of its items is [`check_items`]'s to judge.
///
/// # Errors
/// `IllegalStep`: the event cannot follow.
pub const fn step(from: ReturnState, event: ReturnEvent) -> Result<ReturnState, ReturnRefusal> {
    match (from, event) {
        (ReturnState::Asked, ReturnEvent::Accept) => Ok(ReturnState::Accepted),
        (ReturnState::Asked, ReturnEvent::Decline) => Ok(ReturnState::Declined),
        (ReturnState::Asked | ReturnState::Accepted, ReturnEvent::Cancel) => Ok(ReturnState::Cancelled),
        (ReturnState::Accepted | ReturnState::Received, ReturnEvent::Receive) => Ok(ReturnState::Received),
        (ReturnState::Received | ReturnState::Decided, ReturnEvent::Decide) => Ok(ReturnState::Decided),
        (ReturnState::Decided, ReturnEvent::Close) => Ok(ReturnState::Closed),
        _ => Err(ReturnRefusal::IllegalStep),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows: from; columns: accept, decline, receive, decide, close, cancel.
    const TABLE: &str = "
        asked     accepted declined .        .       .      cancelled
        accepted  .        .        received .       .      cancelled
        declined  .        .        .        .       .      .
        received  .        .        received decided .      .
        decided   .        .        .        decided closed .
        closed    .        .        .        .       .      .
        cancelled .        .        .        .       .      .";

    #[test]
    fn a_return_moves_as_this_table_says() {
        let rows: Vec<Vec<&str>> = TABLE.lines().skip(1).map(|row| row.split_whitespace().collect()).collect();
        assert_eq!(rows.len(), ReturnState::ALL.len());
        for row in rows {
            let from: ReturnState = row[0].parse().unwrap();
            let told = ReturnEvent::ALL.iter().map(|event| step(from, *event).map_or(".", ReturnState::as_str));
            assert_eq!(told.collect::<Vec<_>>(), row[1..], "from {from}");
        }
    }

    #[test]
    fn nothing_moves_a_return_that_has_ended_and_something_moves_every_other() {
        for from in ReturnState::ALL {
            let is_moved = ReturnEvent::ALL.iter().any(|event| step(*from, *event).is_ok());
            assert_ne!(is_moved, from.is_final(), "{from}");
        }
    }
}
