//! A JSON scalar read as what we need, whatever type a plugin gave it.

use std::{borrow::Cow, fmt};

use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, Visitor};
use serde_json::value::RawValue;
use storewire_domain::RemoteId;

/// The most digits a number may have, sign and point included; a `Decimal` holds 28 or 29.
const LONGEST_NUMBER: usize = 64;

/// A JSON string in which a lone surrogate (half an emoji, cut by a plugin) and NUL become U+FFFD, because neither can
/// be kept as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'a>(pub Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Asked for bytes, serde_json passes a lone surrogate on as ill-formed UTF-8 instead of failing.
        deserializer.deserialize_bytes(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Text<'de>, E> {
        Ok(Text(without_nul(String::from_utf8_lossy(bytes))))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(without_nul(String::from_utf8_lossy(bytes)).into_owned())))
    }
}

fn without_nul(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { text }
}

/// The value as text: strings as they are, numbers by their digits, `true` as `true`; `false`, `null`, lists and
/// objects are no text.
pub fn text(raw: &RawValue) -> Option<String> {
    shown(raw).map(Cow::into_owned)
}

/// The same, borrowed where it is told without an escape, as nearly all is.
pub fn shown(raw: &RawValue) -> Option<Cow<'_, str>> {
    let json = raw.get();
    match json.as_bytes().first()? {
        b'"' => match json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            // Between the quotes of a value that was read as JSON there is neither a quote nor a control character, then.
            Some(plain) if !plain.as_bytes().contains(&b'\\') => Some(Cow::Borrowed(plain)),
            _ => serde_json::from_str::<Text<'_>>(json).ok().map(|text| text.0),
        },
        b't' => Some(Cow::Borrowed("true")),
        b'-' | b'0'..=b'9' => Some(Cow::Borrowed(json)),
        _ => None,
    }
}

/// The value as an exact number; `None` for what WooCommerce and plugins use to say "none" (`null`, `""`, `false`).
pub fn decimal(raw: &RawValue) -> Result<Option<Decimal>, &'static str> {
    match raw.get().as_bytes().first() {
        Some(b'[' | b'{') => return Err("not a number"),
        Some(b't') => return Ok(Some(Decimal::ONE)),
        _ => {}
    }
    match shown(raw) {
        None => Ok(None),
        Some(text) if text.trim().is_empty() => Ok(None),
        Some(text) => exact(text.trim()).map(Some),
    }
}

fn exact(text: &str) -> Result<Decimal, &'static str> {
    if text.len() > LONGEST_NUMBER {
        return Err("number too long");
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned.starts_with(|first: char| first.is_ascii_digit()) && unsigned.contains(['e', 'E']) {
        return Err("number in scientific notation");
    }
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits_only = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !digits_only(whole) || !digits_only(fraction) {
        return Err("not a number");
    }
    let is_usual = !text.starts_with('+') && !whole.is_empty() && !unsigned.ends_with('.') && fraction.len() <= 28;
    let plain = if is_usual { Cow::Borrowed(text) } else { Cow::Owned(usual(text, whole, fraction)) };
    let mut number = Decimal::from_str_exact(&plain).map_err(|_| "number out of range")?;
    if number.is_zero() {
        number.set_sign_positive(true);
    }
    Ok(number)
}

/// A number's text as `Decimal` reads it. Zeros beyond what one can hold say nothing.
fn usual(text: &str, whole: &str, fraction: &str) -> String {
    let fraction = if fraction.len() > 28 { fraction.trim_end_matches('0') } else { fraction };
    let sign = if text.starts_with('-') { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// The value as a record's id; `None` for `0`, `null`, `""` and `false`, which all mean "none".
pub fn id(raw: &RawValue) -> Result<Option<RemoteId>, &'static str> {
    if matches!(raw.get().as_bytes().first(), Some(b'[' | b'{' | b't')) {
        return Err("not an id");
    }
    let Some(text) = shown(raw) else { return Ok(None) };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let id: u64 = text.trim().parse().map_err(|_| "not an id")?;
    Ok((id != 0).then(|| RemoteId::from(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    fn number(json: &str) -> Result<Option<Decimal>, &'static str> {
        decimal(&raw(json))
    }

    #[test]
    fn numbers_come_exactly_from_their_text_whatever_their_type() {
        for (json, expected) in [
            ("\"510.68\"", "510.68"),
            ("510.68", "510.68"),
            ("\"-58.34\"", "-58.34"),
            ("0.1", "0.1"),
            ("\" 12.50 \"", "12.50"),
            ("\".5\"", "0.5"),
            ("\"7.\"", "7"),
            ("\"+3\"", "3"),
            ("true", "1"),
            ("\"-0.00\"", "0.00"),
            ("12345678901234567890.123456", "12345678901234567890.123456"),
            ("0.10000000000000000000000000000000000", "0.1"),
        ] {
            assert_eq!(number(json).unwrap().unwrap().to_string(), expected, "{json}");
        }
        for json in ["null", "\"\"", "false", "\"  \""] {
            assert_eq!(number(json), Ok(None), "{json}");
        }
    }

    #[test]
    fn numbers_that_cannot_be_exact_are_refused_with_their_reason() {
        assert_eq!(number("1e999999"), Err("number in scientific notation"));
        assert_eq!(number("\"1.5E+3\""), Err("number in scientific notation"));
        assert_eq!(number("99999999999999999999999999999999"), Err("number out of range"));
        assert_eq!(number(&format!("\"{}\"", "9".repeat(1000))), Err("number too long"));
        for json in
            ["\"abc\"", "\"12,50\"", "\"1,234.56\"", "\"1.2.3\"", "[]", "{}", "\"NaN\"", "\"-\"", "\"١٢\"", "\"--5\""]
        {
            assert_eq!(number(json), Err("not a number"), "{json}");
        }
    }

    #[test]
    fn text_survives_lone_surrogates_nul_and_other_types() {
        assert_eq!(text(&raw(r#""a\ud83d""#)).unwrap(), "a\u{fffd}\u{fffd}\u{fffd}");
        assert_eq!(text(&raw(r#""a\u0000b""#)).unwrap(), "a\u{fffd}b");
        assert_eq!(text(&raw(r#""\ud83d\udcda \/""#)).unwrap(), "📚 /");
        assert_eq!(text(&raw("12.50")).unwrap(), "12.50");
        assert_eq!(text(&raw("false")), None);
        assert_eq!(text(&raw("{}")), None);
    }

    #[test]
    fn ids_are_whole_positive_numbers_in_any_clothes() {
        assert_eq!(id(&raw("451")), Ok(Some(RemoteId::from(451))));
        assert_eq!(id(&raw("\"451\"")), Ok(Some(RemoteId::from(451))));
        assert_eq!(id(&raw("0")), Ok(None));
        assert_eq!(id(&raw("null")), Ok(None));
        for json in ["\"12abc\"", "-1", "1.5", "1e3", "[1]", "true", "\"../1\"", "99999999999999999999999"] {
            assert_eq!(id(&raw(json)), Err("not an id"), "{json}");
        }
    }
}
