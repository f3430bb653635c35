//! Letters to who asked for something: how it ended.

use super::Words;

/// Staff have rejected it, for this reason of theirs.
pub(in crate::desk) fn rejected(number: i64, about: &str, by: &str, reason: &str) -> Words {
    let said = format!("{by} has rejected your request R-{number} about {about}:");
    Words::of(format!("R-{number} was rejected: {about}"), &[&said, reason])
}

/// Nobody decided it in time.
pub(in crate::desk) fn expired(number: i64, about: &str) -> Words {
    let said = format!("Nobody decided your request R-{number} about {about} in time, and it has expired.");
    Words::of(
        format!("R-{number} has expired: {about}"),
        &[&said, "Nothing was changed. If it still matters, ask again."],
    )
}

/// The store holds what was approved.
pub(in crate::desk) fn applied(number: i64, about: &str) -> Words {
    let said = format!("Your request R-{number} about {about} was approved, and the store holds it now.");
    Words::of(format!("R-{number} is done: {about}"), &[&said])
}

/// It was approved, and the store does not hold it. `reason` is the intent's.
pub(in crate::desk) fn failed(number: i64, about: &str, reason: Option<&str>) -> Words {
    let said = format!("Your request R-{number} about {about} was approved, but could not be written to the store.");
    let why = match reason {
        Some("conflict") => "The store held something else by then.".to_owned(),
        Some("gone") => "The store no longer has it.".to_owned(),
        Some("cancelled") => "It was taken back before it was sent.".to_owned(),
        Some(code) => format!("The reason on record: {code}."),
        None => String::new(),
    };
    let next = "Our people can decide it again on what the store holds now; you need not ask again.";
    Words::of(format!("R-{number} could not be written: {about}"), &[&said, &why, next])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_names_what_it_is_about_and_says_why() {
        let words = rejected(12, "Filter paper", "Ada", "there is no pallet\n");
        assert_eq!(words.subject, "R-12 was rejected: Filter paper");
        assert_eq!(words.body, "Ada has rejected your request R-12 about Filter paper:\n\nthere is no pallet\n");
        for words in [expired(12, "Filter paper"), applied(12, "Filter paper"), failed(12, "Filter paper", None)] {
            assert!(words.subject.contains("R-12") && words.subject.contains("Filter paper"), "{words:?}");
            assert!(words.body.contains("R-12") && words.body.contains("Filter paper"), "{words:?}");
        }
    }

    #[test]
    fn a_failure_is_told_in_words_where_there_are_some() {
        let body = |reason| failed(1, "Filter paper", reason).body;
        assert!(body(Some("conflict")).contains("held something else"));
        assert!(body(Some("woocommerce_rest_invalid")).contains("woocommerce_rest_invalid"));
        assert!(!body(None).contains("reason"));
    }
}
