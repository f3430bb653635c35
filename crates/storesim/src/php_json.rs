//! JSON as PHP writes it: keys in the order given, `/` as `\/`, everything beyond ASCII as `\uXXXX`.
//!
//! A webhook's signature is over these bytes, so a receiver that verifies a re-serialised body fails here as it does on a real shop.

use std::fmt::Write as _;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::Value;

/// A JSON value whose objects keep the order of their keys.
#[derive(Clone, Debug)]
pub enum Json {
    Null,
    Bool(bool),
    Int(i64),
    Number(Decimal),
    Static(&'static str),
    Shared(Arc<str>),
    Text(String),
    List(Vec<Json>),
    Object(Object),
}

/// The pairs of one object, in order.
#[derive(Clone, Debug, Default)]
pub struct Object(Vec<(Key, Json)>);

/// Field names are fixed; keys of free metadata are not.
#[derive(Clone, Debug)]
enum Key {
    Static(&'static str),
    Text(String),
}

impl Key {
    fn as_str(&self) -> &str {
        match self {
            Self::Static(name) => name,
            Self::Text(name) => name,
        }
    }
}

impl Object {
    /// Adds a pair at the end.
    pub fn push(&mut self, name: &'static str, value: impl Into<Json>) {
        self.0.push((Key::Static(name), value.into()));
    }

    /// Adds a pair whose name is only known at run time.
    pub fn push_named(&mut self, name: String, value: impl Into<Json>) {
        self.0.push((Key::Text(name), value.into()));
    }

    /// Adds the pairs of another object.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Keeps only the fields asked for by `_fields`; `a.b` keeps `b` inside `a`.
    #[must_use]
    pub fn only(self, fields: &[String]) -> Self {
        let kept = self.0.into_iter().filter_map(|(key, value)| {
            let name = key.as_str();
            if fields.iter().any(|field| field == name) {
                return Some((key, value));
            }
            let inner: Vec<String> = fields
                .iter()
                .filter_map(|field| field.strip_prefix(name)?.strip_prefix('.').map(str::to_owned))
                .collect();
            if inner.is_empty() {
                return None;
            }
            Some(match value {
                Json::Object(object) => (key, Json::Object(object.only(&inner))),
                // WordPress looks for the name among the places of the list, where it never is.
                Json::List(_) => (key, Json::none()),
                scalar => (key, scalar),
            })
        });
        Self(kept.collect())
    }

    /// Changes the value of a field that is there.
    pub fn set(&mut self, name: &str, value: impl Into<Json>) {
        if let Some((_, field)) = self.0.iter_mut().find(|(key, _)| key.as_str() == name) {
            *field = value.into();
        }
    }

    /// All fields.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(key, _)| key.as_str() == name).map(|(_, value)| value)
    }
}

impl Json {
    /// An empty list.
    #[must_use]
    pub const fn none() -> Self {
        Self::List(Vec::new())
    }

    /// The text PHP's `json_encode` gives.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::with_capacity(1024);
        self.write(&mut out);
        out
    }

    /// Appends the text to `out`.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Int(number) => {
                let _ = write!(out, "{number}");
            }
            Self::Number(number) => {
                let _ = write!(out, "{}", number.normalize());
            }
            Self::Static(text) => write_text(out, text),
            Self::Shared(text) => write_text(out, text),
            Self::Text(text) => write_text(out, text),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(object) => {
                out.push('{');
                for (at, (key, value)) in object.0.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    write_text(out, key.as_str());
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let mut plain_from = 0;
    for (at, letter) in text.char_indices() {
        if letter.is_ascii() && !matches!(letter, '"' | '\\' | '/') && letter >= ' ' {
            continue;
        }
        out.push_str(text.get(plain_from..at).unwrap_or_default());
        plain_from = at + letter.len_utf8();
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '/' => out.push_str("\\/"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push_str(text.get(plain_from..).unwrap_or_default());
    out.push('"');
}

/// Builds a [`Json`] object: `object! { "id" => 7, "name" => name }`.
macro_rules! object {
    ($($name:literal => $value:expr),* $(,)?) => {{
        let mut object = $crate::php_json::Object::default();
        $(object.push($name, $value);)*
        object
    }};
}
pub(crate) use object;

macro_rules! from {
    ($($source:ty => |$value:ident| $json:expr;)*) => {
        $(impl From<$source> for Json {
            fn from($value: $source) -> Self {
                $json
            }
        })*
    };
}

from! {
    bool => |value| Self::Bool(value);
    i64 => |value| Self::Int(value);
    i32 => |value| Self::Int(value.into());
    u32 => |value| Self::Int(value.into());
    u64 => |value| Self::Int(i64::try_from(value).unwrap_or(i64::MAX));
    Decimal => |value| Self::Number(value);
    &'static str => |value| Self::Static(value);
    Arc<str> => |value| Self::Shared(value);
    &Arc<str> => |value| Self::Shared(Arc::clone(value));
    String => |value| Self::Text(value);
    Object => |value| Self::Object(value);
    &Value => |value| match value {
        Value::Null => Self::Null,
        Value::Bool(flag) => Self::Bool(*flag),
        Value::Number(number) => number.to_string().parse().map_or(Self::Null, Self::Number),
        Value::String(text) => Self::Text(text.clone()),
        Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
        // PHP has one kind of array: an empty map comes out as an empty list.
        Value::Object(map) if map.is_empty() => Self::none(),
        Value::Object(map) => {
            Self::Object(Object(map.iter().map(|(key, item)| (Key::Text(key.clone()), Self::from(item))).collect()))
        }
    };
}

impl<T: Into<Self>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_letters_beyond_ascii_are_escaped_as_php_does() {
        let json = Json::from(object! { "url" => "https://a/b", "name" => "Ayşe 📚 \"x\"\n" });
        assert_eq!(json.to_text(), r#"{"url":"https:\/\/a\/b","name":"Ay\u015fe \ud83d\udcda \"x\"\n"}"#);
    }

    #[test]
    fn numbers_lose_their_trailing_zeros_and_empty_maps_become_lists() {
        let json = Json::List(vec![
            Decimal::new(1700, 2).into(),
            Decimal::new(8906, 2).into(),
            (&serde_json::json!({})).into(),
        ]);
        assert_eq!(json.to_text(), "[17,89.06,[]]");
    }

    #[test]
    fn fields_may_reach_into_an_object() {
        let whole = object! { "id" => 1, "billing" => object! { "email" => "a@b", "city" => "X" }, "total" => "1" };
        let kept = whole.only(&["id".to_owned(), "billing.email".to_owned()]);
        assert_eq!(Json::Object(kept).to_text(), r#"{"id":1,"billing":{"email":"a@b"}}"#);
        let links =
            object! { "_links" => object! { "self" => 1, "up" => 2 }, "lines" => vec![object! { "sku" => "a" }] };
        let kept = links.only(&["_links.self".to_owned(), "lines.sku".to_owned()]);
        assert_eq!(Json::Object(kept).to_text(), r#"{"_links":{"self":1},"lines":[]}"#);
    }
}
