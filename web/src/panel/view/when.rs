//! A moment: UTC for machines and for readers without scripts; scripts turn it into the reader's own time.

use askama::{Template, filters::HtmlSafe};
use jiff::Timestamp;

/// A moment in one of the ways the panel writes them.
#[derive(Clone, Debug, Template)]
#[template(path = "components/when.html")]
pub struct When {
    pub at: String,
    pub style: &'static str,
    pub text: String,
}

impl When {
    /// Day and time, as short as today allows.
    #[must_use]
    pub fn moment(at: Timestamp) -> Self {
        Self { at: at.to_string(), style: "moment", text: at.strftime("%Y-%m-%d %H:%M UTC").to_string() }
    }

    /// To the millisecond, for following a change on its way.
    #[must_use]
    pub fn exact(at: Timestamp) -> Self {
        Self { at: at.to_string(), style: "exact", text: at.strftime("%Y-%m-%d %H:%M:%S%.3f UTC").to_string() }
    }

    /// How long ago; scripts keep it true.
    #[must_use]
    pub fn ago(at: Timestamp) -> Self {
        Self { at: at.to_string(), style: "ago", text: at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string() }
    }
}

impl HtmlSafe for When {}
