//! A buyer's address, and a customer account of a store.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Canonical, RemoteId,
    intent::{EditFault, Rejected, readable},
};

/// The longest tag, in characters.
const LONGEST_TAG: usize = 40;

/// A postal address with contact data, as the store sends it; nothing is reformatted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    pub first_name: String,
    pub last_name: String,
    pub company: String,
    pub address_1: String,
    pub address_2: String,
    pub city: String,
    pub state: String,
    pub postcode: String,
    pub country: String,
    pub email: String,
    pub phone: String,
}

impl Address {
    /// First and last name with one space, trimmed; empty if both are.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    pub(crate) fn canonical(&self) -> Canonical {
        let mut out = Canonical::of("address");
        out.text("first_name", &self.first_name)
            .text("last_name", &self.last_name)
            .text("company", &self.company)
            .text("address_1", &self.address_1)
            .text("address_2", &self.address_2)
            .text("city", &self.city)
            .text("state", &self.state)
            .text("postcode", &self.postcode)
            .text("country", &self.country)
            .text("email", &self.email)
            .text("phone", &self.phone);
        out
    }
}

/// A customer account of a store. Guests have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    pub remote_id: RemoteId,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub username: String,
    pub role: String,
    pub created_at: Option<Timestamp>,
    /// A hint only: WooCommerce keeps it differently from the other dates.
    pub modified_at: Option<Timestamp>,
    pub billing: Address,
    pub shipping: Address,
}

impl Customer {
    /// The projection that decides whether two versions are the same.
    #[must_use]
    pub fn canonical(&self) -> Canonical {
        let mut out = Canonical::of("customer");
        out.text("remote_id", self.remote_id.as_str())
            .text("email", &self.email)
            .text("first_name", &self.first_name)
            .text("last_name", &self.last_name)
            .text("username", &self.username)
            .text("role", &self.role)
            .children("billing", std::iter::once(self.billing.canonical()))
            .children("shipping", std::iter::once(self.shipping.canonical()));
        out
    }
}

/// A tag as it is kept: in lower case and without needless blanks, so that a tag is one tag however it is typed.
///
/// # Errors
/// It is empty, too long, or holds what is no character to read; a slash, which would cut the tag's address in two, is none either.
pub fn tag(text: &str) -> Result<String, Rejected> {
    let tag = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let bad = |fault| Rejected { field: "tag", fault };
    if tag.is_empty() {
        return Err(bad(EditFault::Empty));
    }
    readable("tag", &tag, LONGEST_TAG)?;
    if tag.contains('/') { Err(bad(EditFault::BadText)) } else { Ok(tag) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_one_tag_however_it_is_typed() {
        assert_eq!(tag("  VIP  Wholesale\n"), Ok("vip wholesale".to_owned()));
        for (text, fault) in [
            (" ", EditFault::Empty),
            ("a\u{0}b", EditFault::BadText),
            ("a/b", EditFault::BadText),
            (&*"x".repeat(41), EditFault::TooLong),
        ] {
            assert_eq!(tag(text), Err(Rejected { field: "tag", fault }), "{text:?}");
        }
    }
}
