//! A parcel that an order was sent in.

use crate::Canonical;

/// One parcel, as far as its store tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The carrier's name, or the plugin's word for it; may be empty.
    pub provider: String,
    /// By which the carrier finds it; never empty.
    pub number: String,
    /// Where it can be followed: a web address, nothing else.
    pub url: Option<String>,
}

impl Parcel {
    pub(super) fn canonical(&self) -> Canonical {
        let mut out = Canonical::of("parcel");
        out.text("provider", &self.provider)
            .text("number", &self.number)
            .text("url", self.url.as_deref().unwrap_or_default());
        out
    }
}
