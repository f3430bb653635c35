//! A record as the store sent it, indented for reading. Digits and spellings stay untouched, so it is not parsed.

const SHOWN_BYTES: usize = 200_000;

/// Raw JSON for staff.
#[derive(Clone, Debug)]
pub struct Raw {
    pub text: String,
    pub is_cut: bool,
}

impl Raw {
    /// Bytes as they arrived: JSON is indented, anything else is shown line by line. What a screen would not show, or would let turn the
    /// text around, is spelled out.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let plain = text.trim_start_matches('\u{feff}').trim_start();
        let looks_like_json = plain.starts_with(['{', '[']);
        let raw = if looks_like_json { Self::new(&text) } else { Self::cut(&text) };
        Self { text: raw.text.chars().fold(String::with_capacity(raw.text.len()), spelled_out), ..raw }
    }

    fn cut(text: &str) -> Self {
        let end = text.char_indices().map(|(place, _)| place).find(|place| *place > SHOWN_BYTES);
        Self { text: text.get(..end.unwrap_or(text.len())).unwrap_or_default().to_owned(), is_cut: end.is_some() }
    }

    #[must_use]
    pub fn new(json: &str) -> Self {
        let mut text = String::new();
        let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
        for letter in json.chars() {
            if text.len() > SHOWN_BYTES {
                return Self { text, is_cut: true };
            }
            if in_text {
                text.push(letter);
                in_text = escaped || letter != '"';
                escaped = letter == '\\' && !escaped;
                continue;
            }
            match letter {
                '{' | '[' => {
                    depth += 1;
                    text.push(letter);
                    new_line(&mut text, depth);
                }
                '}' | ']' => {
                    depth = depth.saturating_sub(1);
                    new_line(&mut text, depth);
                    text.push(letter);
                }
                ',' => {
                    text.push(letter);
                    new_line(&mut text, depth);
                }
                ':' => text.push_str(": "),
                ' ' | '\n' | '\r' | '\t' => {}
                _ => {
                    in_text = letter == '"';
                    text.push(letter);
                }
            }
        }
        Self { text, is_cut: false }
    }
}

fn spelled_out(mut text: String, letter: char) -> String {
    let is_invisible =
        matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    if is_invisible || (letter.is_control() && !matches!(letter, '\n' | '\t')) {
        text.push_str(&format!("⟨U+{:04X}⟩", u32::from(letter)));
    } else {
        text.push(letter);
    }
    text
}

fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    // Depth comes from outside: an indent is a courtesy, not worth a megabyte of spaces.
    text.extend(std::iter::repeat_n("  ", depth.min(12)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indenting_changes_no_value() {
        let json = r#"{"total":12.10,"note":"a {\"b\": [1,2]} \\","items":[]}"#;
        let raw = Raw::new(json);
        assert_eq!(
            raw.text,
            "{\n  \"total\": 12.10,\n  \"note\": \"a {\\\"b\\\": [1,2]} \\\\\",\n  \"items\": [\n    \n  ]\n}"
        );
        assert!(!raw.is_cut);
        let before: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&raw.text).unwrap(), before);
    }

    #[test]
    fn bytes_that_hide_something_are_spelled_out() {
        assert_eq!(Raw::of_bytes(b"{\"a\":\"\xe2\x80\xae\"}").text, "{\n  \"a\": \"⟨U+202E⟩\"\n}");
        assert_eq!(Raw::of_bytes(b"webhook_id=1\0").text, "webhook_id=1⟨U+0000⟩");
        assert_eq!(Raw::of_bytes(b"\xff\xfe<html>").text, "\u{fffd}\u{fffd}<html>");
        assert_eq!(Raw::of_bytes(b"\xef\xbb\xbf{}").text, "⟨U+FEFF⟩{\n  \n}");
        let long = Raw::of_bytes(&vec![b'x'; 1_000_000]);
        assert!(long.is_cut && long.text.len() < SHOWN_BYTES + 100);
    }

    #[test]
    fn an_endless_or_broken_record_is_cut_and_shown() {
        let raw = Raw::new(&"[".repeat(1_000_000));
        assert!(raw.is_cut && raw.text.len() < SHOWN_BYTES + 100);
        assert_eq!(Raw::new("]]}").text.trim(), "]\n]\n}");
    }
}
