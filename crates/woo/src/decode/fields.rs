//! One JSON object, opened one level deep, with accessors that forgive a plugin's choice of types.

use std::{borrow::Cow, fmt};

use jiff::{Timestamp, tz::TimeZone};
use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use storewire_domain::{Address, RemoteId};

use super::{NOT_JSON, Reason, scalar, scalar::Text, time};

/// The members of an object as they came; of duplicate names the last one counts, as in PHP and JavaScript. A record has some sixty and
/// is asked for each of them once: a walk along them is cheaper than a table of them would be.
pub struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// Opens an object; an empty list counts as an empty object, since PHP cannot tell them apart.
    pub fn parse(json: &'a str) -> Result<Self, &'static str> {
        let raw: &RawValue = serde_json::from_str(json).map_err(|_| NOT_JSON)?;
        Self::of(raw)
    }

    /// Opens a value that may be an object.
    pub fn of(raw: &'a RawValue) -> Result<Self, &'static str> {
        match raw.get().as_bytes().first() {
            Some(b'{') => serde_json::from_str::<Members<'a>>(raw.get())
                .map(|members| Self(members.0))
                .map_err(|_| "not a readable object"),
            Some(b'[') if elements(raw).is_ok_and(|items| items.is_empty()) => Ok(Self(Vec::new())),
            _ => Err("not an object"),
        }
    }

    /// The member itself; `null` counts as absent.
    pub fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.sent(name).filter(|raw| raw.get() != "null")
    }

    /// Whether the member was sent at all, `null` included.
    pub fn has(&self, name: &str) -> bool {
        self.sent(name).is_some()
    }

    fn sent(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().rfind(|(known, _)| known == name).map(|(_, raw)| *raw)
    }

    /// The names of all members; one that was sent twice comes twice.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_ref())
    }

    /// The member as text; empty if it is none.
    pub fn text(&self, name: &str) -> String {
        self.shown(name).unwrap_or_default().into_owned()
    }

    /// The member as text, unless it is none.
    fn shown(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name).and_then(scalar::shown)
    }

    /// Whether the member says yes, in any of PHP's ways.
    pub fn is_true(&self, name: &str) -> bool {
        matches!(self.shown(name).as_deref(), Some("true" | "yes" | "1" | "on"))
    }

    /// The member as an id, if it names one.
    pub fn id(&self, name: &str) -> Result<Option<RemoteId>, Reason> {
        self.get(name).map_or(Ok(None), |raw| scalar::id(raw).map_err(|fault| format!("{name}: {fault}")))
    }

    /// The record's own id.
    pub fn own_id(&self) -> Result<RemoteId, Reason> {
        self.id("id")?.ok_or_else(|| "id: missing".to_owned())
    }

    /// The member as a number, if it is one.
    pub fn decimal(&self, name: &str) -> Result<Option<Decimal>, Reason> {
        self.get(name).map_or(Ok(None), |raw| scalar::decimal(raw).map_err(|fault| format!("{name}: {fault}")))
    }

    /// The member as an amount; absent and blank are zero.
    pub fn amount(&self, name: &str) -> Result<Decimal, Reason> {
        Ok(self.decimal(name)?.unwrap_or_default())
    }

    /// A UTC time from `<name>_gmt`, or from its site-local twin `<name>` where the site's zone is known.
    pub fn time(&self, name: &str, zone: Option<&TimeZone>) -> Option<Timestamp> {
        let is_twin = |known: &str| known.strip_suffix("_gmt") == Some(name);
        let gmt = self.0.iter().rfind(|(known, _)| is_twin(known)).and_then(|(_, raw)| scalar::shown(raw));
        gmt.as_deref().and_then(time::gmt).or_else(|| time::local(&self.shown(name)?, zone))
    }

    /// The members of a list; `null`, `""` and `false` are empty, and an object with numbers for keys (a PHP array that
    /// lost its sequence) is the list of its values.
    pub fn list(&self, name: &str) -> Result<Vec<&'a RawValue>, Reason> {
        self.get(name).map_or(Ok(Vec::new()), |raw| elements(raw).map_err(|fault| format!("{name}: {fault}")))
    }

    /// Each object of a list, read by `read`; a fault is told with its place.
    pub fn each<T>(
        &self,
        name: &str,
        mut read: impl FnMut(&Fields<'a>) -> Result<T, Reason>,
    ) -> Result<Vec<T>, Reason> {
        let mut out = Vec::new();
        for (place, raw) in self.list(name)?.into_iter().enumerate() {
            let value = Self::of(raw).map_err(str::to_owned).and_then(|fields| read(&fields));
            out.push(value.map_err(|fault| format!("{name}[{place}].{fault}"))?);
        }
        Ok(out)
    }

    /// The objects of a list that can be opened; for lists that only decorate a record.
    pub fn objects(&self, name: &str) -> Vec<Fields<'a>> {
        self.list(name).unwrap_or_default().into_iter().filter_map(|raw| Self::of(raw).ok()).collect()
    }

    /// The member as an object, if it is one.
    pub fn object(&self, name: &str) -> Option<Fields<'a>> {
        self.get(name).and_then(|raw| Self::of(raw).ok())
    }

    /// The member as a postal address; blank if it is none.
    pub fn address(&self, name: &str) -> Address {
        let Some(fields) = self.object(name) else { return Address::default() };
        Address {
            first_name: fields.text("first_name"),
            last_name: fields.text("last_name"),
            company: fields.text("company"),
            address_1: fields.text("address_1"),
            address_2: fields.text("address_2"),
            city: fields.text("city"),
            state: fields.text("state"),
            postcode: fields.text("postcode"),
            country: fields.text("country"),
            email: fields.text("email"),
            phone: fields.text("phone"),
        }
    }
}

/// The values of a list, see [`Fields::list`].
pub fn elements(raw: &RawValue) -> Result<Vec<&RawValue>, &'static str> {
    match raw.get().as_bytes().first() {
        Some(b'[') => {
            serde_json::from_str::<Values<'_>>(raw.get()).map(|values| values.0).map_err(|_| "not a readable list")
        }
        Some(b'{') => {
            let members = serde_json::from_str::<Members<'_>>(raw.get()).map_err(|_| "not a readable list")?;
            let numbered = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
            if members.0.iter().all(|(name, _)| numbered(name)) {
                Ok(members.0.into_iter().map(|(_, value)| value).collect())
            } else {
                Err("not a list")
            }
        }
        Some(b'n' | b'f') => Ok(Vec::new()),
        _ if raw.get() == "\"\"" => Ok(Vec::new()),
        _ => Err("not a list"),
    }
}

/// The values of a text that is a list and nothing else; `None` for anything else.
pub fn plain_list(text: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str::<Values<'_>>(text).map(|values| values.0).ok()
}

struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);
struct Values<'a>(Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut out = Vec::new();
                while let Some((name, value)) = map.next_entry::<Text<'de>, _>()? {
                    out.push((name.0, value));
                }
                Ok(Members(out))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

impl<'de> Deserialize<'de> for Values<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Values<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut out = Vec::new();
                while let Some(value) = seq.next_element()? {
                    out.push(value);
                }
                Ok(Values(out))
            }
        }
        deserializer.deserialize_seq(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_found_in_every_form_that_php_gives_them() {
        let fields =
            Fields::parse(r#"{"a":[1,2],"b":{"0":1,"5":2},"c":null,"d":"","e":false,"f":{"x":1},"g":7}"#).unwrap();
        let count = |name| fields.list(name).map(|items| items.len());
        assert_eq!(count("a"), Ok(2));
        assert_eq!(count("b"), Ok(2));
        for empty in ["c", "d", "e", "absent"] {
            assert_eq!(count(empty), Ok(0), "{empty}");
        }
        assert_eq!(count("f"), Err("f: not a list".to_owned()));
        assert_eq!(count("g"), Err("g: not a list".to_owned()));
    }

    #[test]
    fn odd_keys_and_duplicates_do_not_stop_an_object() {
        let fields = Fields::parse(r#"{"\ud83d":1,"a":"first","a":"last","\u0000":2}"#).unwrap();
        assert_eq!(fields.text("a"), "last");
        assert_eq!(fields.names().collect::<Vec<_>>(), ["\u{fffd}\u{fffd}\u{fffd}", "a", "a", "\u{fffd}"]);
    }

    #[test]
    fn depth_costs_nothing() {
        let deep = format!(r#"{{"id":1,"meta":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(Fields::parse(&deep).unwrap().own_id().unwrap().as_str(), "1");
    }
}
