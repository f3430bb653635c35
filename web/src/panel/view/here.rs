//! Who else is on a record's page.

use askama::Template;
use storewire_actors::desk::{Doing, Here, Part};

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
            Doing::Editing(part) => editing(part, t),
            Doing::Typing => t.get("here-typing"),
        };
        Self { name: here.name.clone(), doing, is_busy: here.doing != Doing::Viewing }
    }
}

fn editing(part: Option<Part>, t: &Words) -> String {
    t.get(match part {
        None => "here-editing",
        Some(Part::Stock) => "here-editing-stock",
        Some(Part::Price) => "here-editing-price",
        Some(Part::Status) => "here-editing-status",
        Some(Part::Categories) => "here-editing-categories",
        Some(Part::Texts) => "here-editing-texts",
        Some(Part::Variation) => "here-editing-variation",
        Some(Part::Account) => "here-editing-account",
        Some(Part::Billing) => "here-editing-billing",
        Some(Part::Shipping) => "here-editing-shipping",
        Some(Part::Tags) => "here-editing-tags",
        Some(Part::Note) => "here-editing-note",
        Some(Part::Tracking) => "here-editing-tracking",
        Some(Part::Charges) => "here-editing-charges",
        Some(Part::Decision) => "here-editing-decision",
        Some(Part::Message) => "here-editing-message",
    })
}

/// `POST /here`.
#[derive(Template)]
#[template(path = "components/_here.html")]
pub struct HereFragment {
    pub place: String,
    pub people: Vec<HereView>,
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use serde::{Deserialize as _, de::value::StrDeserializer};

    use super::*;

    fn named(folder: &Path, parts: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                named(&path, parts);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let found = text.split("data-part=\"").skip(1).filter_map(|rest| rest.split('"').next());
            parts.extend(found.map(str::to_owned));
        }
    }

    #[test]
    fn every_part_that_a_page_names_is_known_and_said_in_words_of_its_own() {
        let mut parts = Vec::new();
        named(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), &mut parts);
        // One field's form names its part by the address that it is of.
        parts.retain(|part| !part.starts_with("{{"));
        parts.extend(["account", "billing", "shipping"].map(str::to_owned));
        parts.sort_unstable();
        parts.dedup();
        let t = Words::default();
        let said: std::collections::BTreeSet<String> = parts
            .iter()
            .map(|part| {
                let read = Part::deserialize(StrDeserializer::<serde::de::value::Error>::new(part));
                editing(Some(read.unwrap_or_else(|_| panic!("{part} is no part"))), &t)
            })
            .collect();
        assert_eq!(said.len(), parts.len(), "{said:?}");
        assert!(parts.len() > 10 && !said.contains(&editing(None, &t)), "{said:?}");
    }
}
