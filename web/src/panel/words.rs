//! Every word that people read, from the message files in `web/locales`.

use std::{
    borrow::Cow,
    collections::HashMap,
    hash::{Hash, Hasher},
    sync::{LazyLock, PoisonError, RwLock},
};

use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue};
use serde_json::Value;

const MAX_TOLD_CHARS: usize = 200;

fluent_templates::static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        // Names given by stores are isolated by <bdi> in the templates.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// One of our languages, with its messages that have nothing to fill in as they were first looked up. A look-up negotiates the language
/// and puts the message together anew, and a page holds a hundred of them. No more are kept than the code has ids.
#[derive(Debug)]
struct Language {
    id: LanguageIdentifier,
    plain: RwLock<HashMap<String, String>>,
}

static FALLBACK: LazyLock<Language> = LazyLock::new(|| Language::new(LOCALES.fallback()));

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| LOCALES.locales().map(Language::new).collect());

impl Language {
    fn new(id: &LanguageIdentifier) -> Self {
        Self { id: id.clone(), plain: RwLock::default() }
    }

    fn plain(&self, id: &str) -> String {
        if let Some(text) = self.plain.read().unwrap_or_else(PoisonError::into_inner).get(id) {
            return text.clone();
        }
        let text = LOCALES.lookup(&self.id, id);
        self.plain.write().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), text.clone());
        text
    }

    /// Tries this language before the negotiation, which finds it in the end.
    fn filled(&self, id: &str, values: &HashMap<Cow<'static, str>, FluentValue<'_>>) -> String {
        let ours = LOCALES.lookup_single_language(&self.id, id, Some(values));
        ours.unwrap_or_else(|_| LOCALES.lookup_with_args(&self.id, id, values))
    }
}

/// The messages of one language.
#[derive(Clone, Debug)]
pub struct Words(&'static Language);

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for Words {}

impl Hash for Words {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.id.hash(state);
    }
}

impl Default for Words {
    fn default() -> Self {
        Self(&FALLBACK)
    }
}

impl Words {
    /// The messages for a locale such as `en` or `tr-TR`; English where we have none.
    #[must_use]
    pub fn for_locale(locale: &str) -> Self {
        let Ok(wanted) = locale.parse::<LanguageIdentifier>() else { return Self::default() };
        LANGUAGES.iter().find(|ours| ours.id.language == wanted.language).map_or_else(Self::default, Self)
    }

    /// The language as HTML's `lang` wants it.
    #[must_use]
    pub fn tag(&self) -> String {
        self.0.id.to_string()
    }

    /// A message without anything to fill in.
    #[must_use]
    pub fn get(&self, id: &str) -> String {
        self.0.plain(id)
    }

    /// A message with one text to fill in.
    #[must_use]
    pub fn with(&self, id: &str, name: &'static str, value: &str) -> String {
        self.filled(id, [(name, FluentValue::from(value))])
    }

    /// A message with two texts to fill in.
    #[must_use]
    pub fn with_two(&self, id: &str, first: (&'static str, &str), second: (&'static str, &str)) -> String {
        self.filled(id, [(first.0, FluentValue::from(first.1)), (second.0, FluentValue::from(second.1))])
    }

    /// A message with any number of texts and numbers to fill in, taken by name from `detail`; what is not there is a dash.
    #[must_use]
    pub fn told(&self, id: &str, names: &[&'static str], detail: &Value) -> String {
        let value = |name: &str| match detail.get(name) {
            Some(Value::Number(number)) => number.as_f64().map_or_else(|| FluentValue::from("–"), FluentValue::from),
            Some(Value::String(text)) => FluentValue::from(shortened(text)),
            Some(Value::Array(values)) => FluentValue::from(shortened(&list(values))),
            _ => FluentValue::from("–"),
        };
        let values = names.iter().map(|name| (Cow::Borrowed(*name), value(name))).collect();
        self.0.filled(id, &values)
    }

    /// A message that depends on a number.
    #[must_use]
    pub fn count(&self, id: &str, n: i64) -> String {
        self.filled(id, [("n", FluentValue::from(n))])
    }

    /// A message in the form that `n` takes, with `{n}` where a script will put the number.
    #[must_use]
    pub fn pattern(&self, id: &str, n: i64) -> String {
        self.filled(id, [("n", FluentValue::from(n)), ("shown", FluentValue::from("{n}"))])
    }

    fn filled<const N: usize>(&self, id: &str, values: [(&'static str, FluentValue<'_>); N]) -> String {
        let values: HashMap<Cow<'static, str>, FluentValue<'_>> =
            values.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
        self.0.filled(id, &values)
    }
}

/// The texts of a list, one after the other.
fn list(values: &[Value]) -> String {
    values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}

/// What a store says of itself may be of any length.
fn shortened(text: &str) -> String {
    let short: String = text.chars().take(MAX_TOLD_CHARS).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_language_falls_back_to_english() {
        for locale in ["xx", "", "not a locale", "en-ZA"] {
            assert_eq!(Words::for_locale(locale).get("nav-orders"), "Orders", "{locale}");
        }
    }

    #[test]
    fn a_number_chooses_its_form() {
        let t = Words::default();
        assert_eq!(t.count("product-variations", 1), "1 variation");
        assert_eq!(t.count("product-variations", 3), "3 variations");
        assert_eq!(t.pattern("new-orders", 1), "{n} new order");
        assert_eq!(t.pattern("new-orders", 2), "{n} new orders");
    }
}
