//! What the desk writes to people by e-mail, in plain text: one function for each letter.
//!
//! A letter is written in the transaction of what it tells of, and sent by the notifier afterwards.

mod again;
pub(super) mod requests;
pub(super) mod tickets;

/// A letter's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) body: String,
}

impl Words {
    /// Paragraphs, each a text of one or more lines. Empty ones are left out.
    pub(super) fn of(subject: String, paragraphs: &[&str]) -> Self {
        let told: Vec<&str> = paragraphs.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        Self { subject, body: told.join("\n\n") + "\n" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_stand_apart_and_empty_ones_are_left_out() {
        let words = Words::of("R-1".to_owned(), &["one\ntwo", "  ", "three\n"]);
        assert_eq!(words.body, "one\ntwo\n\nthree\n");
    }
}
