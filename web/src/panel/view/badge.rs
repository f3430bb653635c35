//! A state as icon and word: colour is never the only sign.

use askama::{Template, filters::HtmlSafe};

use crate::panel::filters;

/// A state's badge.
#[derive(Clone, Debug, Template)]
#[template(path = "components/badge.html")]
pub struct Badge {
    pub word: String,
    /// `good`, `warn`, `bad`, `info` or `calm`.
    pub tone: &'static str,
    pub icon: &'static str,
}

impl HtmlSafe for Badge {}
