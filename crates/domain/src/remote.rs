//! What a store keeps that we copy, and enums whose text form is their stored form.

use serde::{Deserialize, Serialize};

/// Declares an enum that is text in the database, in JSON and in URLs alike.
macro_rules! text_enum {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The text that is stored and sent.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::remote::UnknownText;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
                    .ok_or_else(|| $crate::remote::UnknownText { kind: stringify!($name), text: text.to_owned() })
            }
        }
    };
}
pub(crate) use text_enum;

/// A text that stands for none of an enum's values.
#[derive(Debug, thiserror::Error)]
#[error("{text:?} is no {kind}")]
pub struct UnknownText {
    /// The enum's name.
    pub kind: &'static str,
    /// What was given.
    pub text: String,
}

text_enum! {
    /// A kind of record that a store lists.
    pub enum Resource {
        Orders = "orders",
        Products = "products",
        /// Listed under their parents; what changes about them is told by the parent's listing or not at all.
        Variations = "variations",
        Coupons = "coupons",
        /// Listed without dates of change: read by webhook, by id and newest first, never on a checkpoint.
        Customers = "customers",
    }
}
