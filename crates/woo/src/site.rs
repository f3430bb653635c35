//! A connected store as the client needs it: where, with which keys, in which zone.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use storewire_domain::AuthScheme;
use url::Url;

/// A pair of REST keys.
#[derive(Clone, Debug)]
pub struct Keys {
    pub consumer_key: SecretString,
    pub consumer_secret: SecretString,
}

impl Keys {
    /// Takes keys as people paste them, with the white space around.
    #[must_use]
    pub fn new(consumer_key: &str, consumer_secret: &str) -> Self {
        let secret = |text: &str| SecretString::from(text.trim().to_owned());
        Self { consumer_key: secret(consumer_key), consumer_secret: secret(consumer_secret) }
    }

    /// The value of an `Authorization` header.
    pub(crate) fn basic(&self) -> Option<HeaderValue> {
        let pair = format!("{}:{}", self.consumer_key.expose_secret(), self.consumer_secret.expose_secret());
        let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair))).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// Adds the keys to a query, for hosts that drop the header.
    pub(crate) fn add_to(&self, url: &mut Url) {
        url.query_pairs_mut()
            .append_pair("consumer_key", self.consumer_key.expose_secret())
            .append_pair("consumer_secret", self.consumer_secret.expose_secret());
    }
}

/// What a client needs to know of a store.
#[derive(Clone)]
pub struct Site {
    /// As found by [`crate::discover()`].
    pub rest_root: Url,
    /// As the store itself writes it: part of what OAuth signs.
    pub home_url: Url,
    /// As found by [`crate::probe()`].
    pub auth: AuthScheme,
    pub keys: Keys,
    /// A person chose for this store that it may be spoken to over plain http. Even then only OAuth is used there, and what
    /// is read and written can be seen by everyone on the way.
    pub plain_http: bool,
    /// An IANA name or an offset, see [`crate::site_zone`].
    pub timezone: String,
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site")
            .field("rest_root", &self.rest_root.as_str())
            .field("home_url", &self.home_url.as_str())
            .field("auth", &self.auth)
            .field("plain_http", &self.plain_http)
            .field("timezone", &self.timezone)
            .finish_non_exhaustive()
    }
}
