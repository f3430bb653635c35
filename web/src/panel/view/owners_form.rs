//! The form by which staff say who owns the fields of a store.

use storewire_db::ownership::Ownership;
use storewire_domain::owner::{OwnedField, Owner};

use super::{Choice, owner::label};
use crate::panel::words::Words;

/// See the module.
#[derive(Clone, Debug)]
pub struct OwnersForm {
    /// That the page shows.
    pub version: i64,
    pub fields: Vec<OwnedChoice>,
}

/// One field with the owners that it can have.
#[derive(Clone, Debug)]
pub struct OwnedChoice {
    pub name: &'static str,
    pub label: String,
    pub owners: Vec<Choice>,
}

impl OwnersForm {
    #[must_use]
    pub fn new(ownership: &Ownership, t: &Words) -> Self {
        let field = |field: &OwnedField| OwnedChoice {
            name: field.as_str(),
            label: label(*field, t),
            owners: Owner::ALL.iter().rev().map(|owner| choice(*owner, ownership.owners.of(*field), t)).collect(),
        };
        Self { version: ownership.version, fields: OwnedField::ALL.iter().map(field).collect() }
    }
}

fn choice(owner: Owner, chosen: Owner, t: &Words) -> Choice {
    let label = match owner {
        Owner::Shop => t.get("owner-shop"),
        Owner::LastWriter => t.get("owner-both"),
    };
    Choice { value: owner.to_string(), label, is_chosen: owner == chosen }
}
