//! Letters to merchants: what staff wrote to them in a ticket. What staff note among themselves is in none.

use super::Words;

/// Staff have opened a ticket with the merchant.
pub(in crate::desk) fn opened(number: i64, subject: &str, by: &str, text: &str, files: usize) -> Words {
    let said = format!("{by} has opened ticket T-{number} with you, about {subject}:");
    Words::of(format!("T-{number}: {subject}"), &[&said, text, &attached(files), ANSWER])
}

/// Staff have written in a ticket.
pub(in crate::desk) fn said(number: i64, subject: &str, by: &str, text: &str, files: usize) -> Words {
    let said = format!("{by} has written in ticket T-{number}, about {subject}:");
    Words::of(format!("Re: T-{number}: {subject}"), &[&said, text, &attached(files), ANSWER])
}

/// Nobody reads what is sent back to the desk's address.
const ANSWER: &str = "Please answer in the ticket itself: answers to this letter are not read.";

/// Files stay where it is known who may see them.
fn attached(files: usize) -> String {
    match files {
        0 => String::new(),
        1 => "A file is attached there.".to_owned(),
        _ => format!("{files} files are attached there."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_holds_what_was_said_and_says_where_to_answer() {
        let words = said(7, "A cracked mug", "Ada", "We send another.\n", 0);
        assert_eq!(words.subject, "Re: T-7: A cracked mug");
        let body = "Ada has written in ticket T-7, about A cracked mug:\n\nWe send another.\n\nPlease answer in the ticket itself: \
                    answers to this letter are not read.\n";
        assert_eq!(words.body, body);
        assert_eq!(opened(7, "A cracked mug", "Ada", "", 0).subject, "T-7: A cracked mug");
    }

    #[test]
    fn files_are_counted_and_not_sent() {
        let body = |files| opened(7, "A cracked mug", "Ada", "Look.", files).body;
        assert!(!body(0).contains("attached"));
        assert!(body(1).contains("A file is attached there."));
        assert!(body(3).contains("3 files are attached there."));
    }
}
