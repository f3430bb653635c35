//! The texts of a product that may be changed.

use serde::{Deserialize, Serialize};

use super::{EditFault, Rejected, check::readable};
use crate::{Product, prose, remote::text_enum};

const LONGEST_NAME: usize = 200;
const LONGEST_SKU: usize = 100;
/// What a form takes with every character written as a percent sign and two digits.
const LONGEST_TEXT: usize = 20_000;

text_enum! {
    /// A text of a product, by WooCommerce's name.
    pub enum TextField {
        Name = "name",
        Sku = "sku",
        Short = "short_description",
        Long = "description",
    }
}

impl TextField {
    /// What a product has there, as the store shows it; empty for none.
    #[must_use]
    pub fn of(self, product: &Product) -> &str {
        match self {
            Self::Name => &product.name,
            Self::Sku => &product.sku,
            Self::Short => &product.short_description,
            Self::Long => &product.description,
        }
    }

    /// The form in which two values of this field are compared. A SKU is compared to the letter.
    #[must_use]
    pub fn settled(self, text: &str) -> String {
        if self == Self::Sku { text.trim().to_owned() } else { prose::plain(text) }
    }

    /// Whether visitors see something else than was typed: paragraphs, and what shortcodes stand for.
    #[must_use]
    pub const fn is_rendered(self) -> bool {
        matches!(self, Self::Short | Self::Long)
    }

    /// Whether a variation has it: it is called by what was chosen, and has one description.
    #[must_use]
    pub const fn is_of_variations(self) -> bool {
        matches!(self, Self::Sku | Self::Long)
    }

    /// Whether a product can have this text.
    ///
    /// # Errors
    /// The fault, by the field's name.
    pub fn check(self, text: &str) -> Result<(), Rejected> {
        let reject = |fault| Err(Rejected { field: self.as_str(), fault });
        let longest = match self {
            Self::Name => LONGEST_NAME,
            Self::Sku => LONGEST_SKU,
            Self::Short | Self::Long => LONGEST_TEXT,
        };
        readable(self.as_str(), text, longest)?;
        match self {
            Self::Name if text.trim().is_empty() => reject(EditFault::Empty),
            Self::Name | Self::Sku if text.contains(['\n', '\r', '\t']) => reject(EditFault::BadText),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(field: TextField, text: &str) -> Option<EditFault> {
        field.check(text).err().map(|rejected| rejected.fault)
    }

    #[test]
    fn a_product_is_never_without_a_name_and_only_descriptions_have_lines() {
        assert_eq!(fault(TextField::Name, "  "), Some(EditFault::Empty));
        for field in [TextField::Sku, TextField::Short, TextField::Long] {
            assert_eq!(fault(field, ""), None, "{field}");
        }
        assert_eq!(fault(TextField::Sku, "A\nB"), Some(EditFault::BadText));
        assert_eq!(fault(TextField::Long, "A\nB"), None);
        assert_eq!(fault(TextField::Long, "\u{0}"), Some(EditFault::BadText));
        assert_eq!(fault(TextField::Name, &"x".repeat(201)), Some(EditFault::TooLong));
    }

    #[test]
    fn numbers_of_articles_are_compared_to_the_letter_and_texts_by_what_they_say() {
        assert_ne!(TextField::Sku.settled("A--1"), TextField::Sku.settled("A-1"));
        assert_eq!(TextField::Long.settled("<p>Tea &amp; cups</p>\n"), TextField::Long.settled("Tea & cups"));
    }
}
