//! A record as the store sent it, indented for reading. Digits and spellings stay untouched, so it is not parsed.

const SHOWN_BYTES: usize = 200_000;

/// Raw JSON for staff.
#[derive(Clone, Debug)]
pub struct Raw {
    pub text: String,
    pub is_cut: bool,
}

impl Raw {
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
    fn an_endless_or_broken_record_is_cut_and_shown() {
        let raw = Raw::new(&"[".repeat(1_000_000));
        assert!(raw.is_cut && raw.text.len() < SHOWN_BYTES + 100);
        assert_eq!(Raw::new("]]}").text.trim(), "]\n]\n}");
    }
}
