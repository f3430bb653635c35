//! Why a deed about a return is refused.

use serde::{Deserialize, Serialize};

use crate::remote::text_enum;

text_enum! {
    /// Why a return did not take something: a key of the panel's texts, and a code of the API.
    pub enum ReturnRefusal {
        /// Only the platform's people work on returns.
        StaffOnly = "staff_only",
        /// It is no longer as the person saw it.
        Changed = "changed",
        /// It stands where this cannot follow.
        IllegalStep = "illegal_step",
        /// A return of nothing.
        NoItems = "no_items",
        /// No number of things, or none at all.
        BadQuantity = "bad_quantity",
        /// More than the order's line held, other returns counted, or more came than was to come.
        TooMany = "too_many",
        /// Who declines says why.
        ReasonNeeded = "reason_needed",
        /// An item was not counted when the goods came.
        NotReceived = "not_received",
        /// An item came and nothing is said of what becomes of it.
        NotDecided = "not_decided",
        /// The store does not count the stock of what is to be restocked.
        NotCounted = "not_counted",
        /// Another fate for what is on its way back to the shelf, or there.
        RestockBegun = "restock_begun",
        /// A line that the order or the return does not have, or one that is named twice.
        NoSuchItem = "no_such_item",
        /// A restock is on its way to the store, or failed there.
        RestockOpen = "restock_open",
        /// The order has no address to write to.
        NoEmail = "no_email",
        /// No file was chosen.
        NoPhotos = "no_photos",
        /// A file that shows nothing.
        NotPicture = "not_picture",
    }
}

impl ReturnRefusal {
    /// Why, in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::StaffOnly => "only the platform's people work on returns",
            Self::Changed => "it is no longer as you saw it",
            Self::IllegalStep => "the return stands where this cannot follow",
            Self::NoItems => "say what is returned",
            Self::BadQuantity => "say how many, with a number above zero; of what arrived, zero is one too",
            Self::TooMany => "that is more than there is to return",
            Self::ReasonNeeded => "say why it is declined",
            Self::NotReceived => "count every item, if only to say that none of it came",
            Self::NotDecided => "decide what becomes of every item that came",
            Self::NotCounted => "the store does not count the stock of this product",
            Self::RestockBegun => "it is on its way back to the shelf, or there",
            Self::NoSuchItem => "the return has no such item, or it is named twice",
            Self::RestockOpen => "the store does not have everything back that is to be restocked",
            Self::NoEmail => "the order has no address to write to",
            Self::NoPhotos => "choose a photo",
            Self::NotPicture => "only PNG, JPEG, GIF and WebP pictures show what came back",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_refusal_has_words_of_its_own() {
        let words: BTreeSet<_> = ReturnRefusal::ALL.iter().map(|refusal| refusal.words()).collect();
        assert_eq!(words.len(), ReturnRefusal::ALL.len());
    }
}
