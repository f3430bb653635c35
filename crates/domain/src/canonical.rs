//! The canonical projection of a record: the bytes whose hash decides whether two versions are the same.
//!
//! Numbers are normalised (`1.50` = `1.5`), absent and empty text are the same, children come sorted. Fields that a store
//! changes from call to call (`related_ids`) are never written here.

use std::fmt::Write as _;

use jiff::Timestamp;
use rust_decimal::Decimal;

/// Collects `name=value` lines, each value escaped so that no text can imitate a neighbour.
#[derive(Debug, Default)]
pub struct Canonical(String);

impl Canonical {
    /// Starts a projection of `kind`; the kind is part of it.
    #[must_use]
    pub fn of(kind: &str) -> Self {
        let mut this = Self::default();
        this.text("kind", kind);
        this
    }

    /// Adds text; empty text is the same as none.
    pub fn text(&mut self, name: &str, value: &str) -> &mut Self {
        if !value.is_empty() {
            self.line(name, value);
        }
        self
    }

    /// Adds a number in its shortest form; none leaves the line out.
    pub fn decimal(&mut self, name: &str, value: Option<Decimal>) -> &mut Self {
        if let Some(value) = value {
            let _ = writeln!(self.0, "{name}={}", value.normalize());
        }
        self
    }

    /// Adds a time to the second, the finest that WooCommerce keeps.
    pub fn time(&mut self, name: &str, value: Option<Timestamp>) -> &mut Self {
        if let Some(value) = value {
            let _ = writeln!(self.0, "{name}={}", value.as_second());
        }
        self
    }

    /// Adds child projections in an order that does not depend on how they were sent.
    pub fn children(&mut self, name: &str, children: impl Iterator<Item = Canonical>) -> &mut Self {
        let mut texts: Vec<String> = children.map(|child| child.0).collect();
        texts.sort_unstable();
        for text in texts {
            self.line(name, &text);
        }
        self
    }

    fn line(&mut self, name: &str, value: &str) {
        self.0.push_str(name);
        self.0.push('=');
        escape(&mut self.0, value);
        self.0.push('\n');
    }

    /// The bytes to hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// As `str::escape_debug`, many times as fast: nearly all text is plain, and children are escaped once more with each parent.
fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !is_plain(byte)) {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        // One that is ASCII by itself; others with those behind them, since some are escaped only where they begin a text.
        let behind = |from: &str| from.bytes().position(|byte| byte.is_ascii()).unwrap_or(from.len());
        let (special, after) = from.split_at(behind(from).max(1));
        match special {
            "\n" => out.push_str("\\n"),
            "\\" => out.push_str("\\\\"),
            "\"" => out.push_str("\\\""),
            "'" => out.push_str("\\'"),
            _ if special.is_ascii() || from.len() == text.len() => {
                let _ = write!(out, "{}", special.escape_debug());
            }
            _ => out.extend(format!("x{special}").escape_debug().skip(1)),
        }
        rest = after;
    }
    out.push_str(rest);
}

/// Whether a byte stands for itself wherever it is: printable ASCII but quotes and backslashes, and the letters of U+00C0 to U+027F and
/// U+0400 to U+047F, which two bytes make.
const fn is_plain(byte: u8) -> bool {
    match byte {
        b'\\' | b'"' | b'\'' => false,
        // What follows a first byte is met only where that was plain.
        b' '..=b'~' | 0x80..=0xbf | 0xc3..=0xc9 | 0xd0..=0xd1 => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_as_the_standard_library_does_it() {
        let every: String = (0..=u8::MAX).map(char::from).collect();
        let samples =
            ["", "plain", "it's \"so\"\n", "\\\\\t\0\u{7f}", "Åse\u{301} Ö", "\u{301}first", &every, &every[..128]];
        for sample in samples {
            assert_eq!(escaped(sample), sample.escape_debug().to_string());
        }
    }

    #[test]
    fn every_character_is_escaped_so_alone_first_and_between_others() {
        for character in '\0'..='\u{ffff}' {
            for sample in [format!("{character}b"), format!("a{character}\u{301}"), format!("'{character}")] {
                assert_eq!(escaped(&sample), sample.escape_debug().to_string(), "{character:?}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_escaped_so(text in "[a-z '\"\\\\\n\u{0}-\u{600}\u{2000}-\u{206f}\u{1f300}-\u{1f6ff}]{0,40}") {
            proptest::prop_assert_eq!(escaped(&text), text.escape_debug().to_string());
        }
    }

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        escape(&mut out, text);
        out
    }
}
