//! An icon of the sprite, for the eye only.

use askama::{Template, filters::HtmlSafe};

/// An icon by its name in the sprite.
#[derive(Clone, Debug, Template)]
#[template(path = "components/icon.html")]
pub struct Icon {
    name: String,
}

impl Icon {
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned() }
    }
}

impl HtmlSafe for Icon {}
