//! Who owns a field of a store's records: the shop alone, or whoever writes last.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Edit, remote::text_enum};

text_enum! {
    /// What of a store's records can be changed from here, by the kind of edit that changes it. All else that we copy is the shop's, always.
    pub enum OwnedField {
        Price = "product.price",
        Stock = "product.stock",
        ProductStatus = "product.status",
        Categories = "product.categories",
        Texts = "product.text",
        OrderStatus = "order.status",
        OrderNotes = "order.note",
        Tracking = "order.tracking",
        Customer = "customer.fields",
    }
}

text_enum! {
    /// Who may change a field.
    pub enum Owner {
        /// The shop alone: what we would write is refused.
        Shop = "shop",
        /// Both, each on what they have seen of it.
        LastWriter = "last_writer",
    }
}

/// The owner of every field of one store. Without a word about it, a field is the last writer's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    of_shop: BTreeSet<OwnedField>,
}

impl Owners {
    /// Who owns this field.
    #[must_use]
    pub fn of(&self, field: OwnedField) -> Owner {
        if self.of_shop.contains(&field) { Owner::Shop } else { Owner::LastWriter }
    }

    /// The same, with another owner for one field.
    #[must_use]
    pub fn with(mut self, field: OwnedField, owner: Owner) -> Self {
        match owner {
            Owner::Shop => self.of_shop.insert(field),
            Owner::LastWriter => self.of_shop.remove(&field),
        };
        self
    }

    /// The fields that the shop alone changes, in their order.
    pub fn of_shop(&self) -> impl Iterator<Item = OwnedField> {
        self.of_shop.iter().copied()
    }
}

impl Edit {
    /// The field that it changes; `None` for what makes a record, which nobody owns before it is there.
    #[must_use]
    pub const fn owned_field(&self) -> Option<OwnedField> {
        match self {
            Self::Stock { .. } => Some(OwnedField::Stock),
            Self::Price { .. } => Some(OwnedField::Price),
            Self::ProductStatus { .. } | Self::Trash => Some(OwnedField::ProductStatus),
            Self::Categories { .. } => Some(OwnedField::Categories),
            Self::Text { .. } => Some(OwnedField::Texts),
            Self::OrderStatus { .. } => Some(OwnedField::OrderStatus),
            Self::OrderNote { .. } => Some(OwnedField::OrderNotes),
            Self::Tracking { .. } => Some(OwnedField::Tracking),
            Self::Customer { .. } => Some(OwnedField::Customer),
            Self::Create { .. } | Self::AddVariation { .. } | Self::PlaceOrder { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_field_is_called_as_the_edit_that_changes_it() {
        let status = || "draft".to_owned();
        let edits = [
            Edit::Price { regular: None, sale: None },
            Edit::Stock { quantity: 1.into() },
            Edit::ProductStatus { status: status() },
            Edit::Categories { ids: Vec::new() },
            Edit::Text { fields: BTreeMap::new() },
            Edit::OrderStatus { status: status() },
            Edit::OrderNote { text: String::new(), for_customer: false },
            Edit::Tracking { provider: String::new(), number: String::new(), url: None },
            Edit::Customer { fields: BTreeMap::new() },
        ];
        for (edit, field) in edits.iter().zip(OwnedField::ALL) {
            assert_eq!((edit.owned_field(), edit.kind()), (Some(*field), field.as_str()));
        }
        assert_eq!(edits.len(), OwnedField::ALL.len());
        assert_eq!(Edit::Trash.owned_field(), Some(OwnedField::ProductStatus), "the trash is a status, too");
    }

    #[test]
    fn a_field_is_the_last_writers_until_it_is_given_to_the_shop() {
        let owners = Owners::default();
        assert!(OwnedField::ALL.iter().all(|field| owners.of(*field) == Owner::LastWriter));
        let given = owners.clone().with(OwnedField::Price, Owner::Shop);
        assert_eq!(given.of(OwnedField::Price), Owner::Shop);
        assert_eq!(given.of(OwnedField::Stock), Owner::LastWriter);
        assert_eq!(given.of_shop().collect::<Vec<_>>(), [OwnedField::Price]);
        assert_eq!(given.with(OwnedField::Price, Owner::LastWriter), owners);
    }
}
