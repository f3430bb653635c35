//! Who else is on a record's page.

use askama::Template;
use storewire_actors::desk::{Doing, Here};

use crate::panel::{filters, words::Words};

/// One of them.
#[derive(Clone, Debug)]
pub struct HereView {
    pub name: String,
    pub doing: String,
    /// They write, so that who acts now may be too fast for them.
    pub is_busy: bool,
}

impl HereView {
    #[must_use]
    pub fn new(here: &Here, t: &Words) -> Self {
        let doing = match here.doing {
            Doing::Viewing => t.get("here-viewing"),
            Doing::Editing => t.get("here-editing"),
            Doing::Typing => t.get("here-typing"),
        };
        Self { name: here.name.clone(), doing, is_busy: here.doing != Doing::Viewing }
    }
}

/// `POST /here`.
#[derive(Template)]
#[template(path = "components/_here.html")]
pub struct HereFragment {
    pub place: String,
    pub people: Vec<HereView>,
}
