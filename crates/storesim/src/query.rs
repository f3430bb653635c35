//! Query strings and form bodies, with PHP's list notation (`include[]=1`, `include[0]=1`, `include=1,2`).

use std::fmt::Write as _;

/// The pairs of a query, decoded, in their order.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads `a=1&b=x%20y`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Self(pairs.collect())
    }

    /// The last value of a name, as PHP has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The items of a list parameter in any of its notations; `None` when it is absent.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<Vec<String>> {
        let mut found = false;
        let mut items = Vec::new();
        for (key, value) in &self.0 {
            if key == name {
                found = true;
                items.extend(value.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned));
            } else if is_item_of(key, name) {
                found = true;
                items.push(value.clone());
            }
        }
        found.then_some(items)
    }

    /// Whether a switch is on.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "yes"))
    }

    /// All pairs.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Whether `key` is `name[]` or `name[3]`.
#[must_use]
pub fn is_item_of(key: &str, name: &str) -> bool {
    key.strip_prefix(name).and_then(|rest| rest.strip_prefix('[')).is_some_and(|rest| rest.ends_with(']'))
}

/// Percent-decodes, `+` as a space; malformed escapes stay as they are.
#[must_use]
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = (*first == b'%').then(|| tail.get(..2)).flatten().and_then(|pair| std::str::from_utf8(pair).ok());
        match (first, escaped.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (_, Some(byte)) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
                continue;
            }
            (b'+', None) => bytes.push(b' '),
            (other, None) => bytes.push(*other),
        }
        rest = tail;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Percent-decodes and leaves `+` as it is (PHP's `rawurldecode`).
#[must_use]
pub fn percent_decode(text: &str) -> String {
    decode(&text.replace('+', "%2B"))
}

/// Percent-encodes all but the unreserved letters (RFC 3986).
#[must_use]
pub fn percent_encode(text: &str) -> String {
    encode(text).replace('+', "%20").replace("%7E", "~")
}

/// Percent-encodes as PHP's `urlencode` does.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_in_three_notations() {
        let query = Query::parse("include=1,2&include[]=3&include%5B0%5D=4&status=any");
        assert_eq!(query.list("include").unwrap(), ["1", "2", "3", "4"]);
        assert_eq!(query.list("exclude"), None);
    }

    #[test]
    fn an_unescaped_plus_is_a_space_and_broken_escapes_survive() {
        assert_eq!(Query::parse("at=08:00+03:00").get("at"), Some("08:00 03:00"));
        assert_eq!(decode("a%2Bb%zz%"), "a+b%zz%");
        assert_eq!(encode("a:b é/"), "a%3Ab+%C3%A9%2F");
        assert_eq!((percent_encode("a b+~").as_str(), percent_decode("a+b%2F").as_str()), ("a%20b%2B~", "a+b/"));
    }
}
