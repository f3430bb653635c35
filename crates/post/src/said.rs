//! A server's words, fit to be kept: short, on one line, and without whom a letter is for or who we are to the server.

use crate::compose::one_line;

const LONGEST: usize = 200;
/// A hidden text of fewer characters is only looked for as a whole word: its letters are everywhere.
const TELLING: usize = 4;

/// The words without those that hold an address or one of the `hidden`. Servers like to repeat what they were told.
pub(crate) fn tidy(words: &str, hidden: &[&str]) -> String {
    let hidden: Vec<String> = hidden.iter().flat_map(|text| text.split_whitespace()).map(str::to_lowercase).collect();
    let words = one_line(words, usize::MAX);
    let kept: Vec<&str> = words
        .split_whitespace()
        .map(|word| if is_telling(&word.to_lowercase(), &hidden) { "…" } else { word })
        .collect();
    kept.join(" ").chars().take(LONGEST).collect()
}

fn is_telling(word: &str, hidden: &[String]) -> bool {
    let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
    word.contains('@')
        || word.contains("%40")
        || hidden.iter().any(|text| {
            let is_part = text.chars().count() >= TELLING && word.contains(text.as_str());
            word == text || bare == text || is_part
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIDDEN: [&str; 4] = ["mary@example.com", "mary", "relay", "pa55-word"];

    #[test]
    fn words_that_tell_of_an_address_or_a_login_are_left_out() {
        let table = [
            ("5.1.1 <mary@example.com>: Recipient address rejected", "5.1.1 … Recipient address rejected"),
            ("user 'Mary' is unknown", "user … is unknown"),
            ("see https://block.example/?who=mary%40example.com for why", "see … for why"),
            ("relay-user pa55-word is wrong", "… … is wrong"),
            ("2.0.0 Ok: queued as 4F9D195432C", "2.0.0 Ok: queued as 4F9D195432C"),
            ("two\r\nlines\tand\0more", "two lines and more"),
            ("", ""),
        ];
        for (words, kept) in table {
            assert_eq!(tidy(words, &HIDDEN), kept, "{words}");
        }
    }

    #[test]
    fn a_short_name_is_hidden_as_a_word_and_leaves_other_words_alone() {
        assert_eq!(tidy("no mailbox al here, also none", &["al"]), "no mailbox … here, also none");
        assert_eq!(tidy("nothing to hide", &["", ""]), "nothing to hide");
    }

    #[test]
    fn long_words_are_cut() {
        assert_eq!(tidy(&"ü".repeat(5_000), &[]).chars().count(), LONGEST);
    }
}
