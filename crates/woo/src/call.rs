//! A request to be made, before it is signed and sent.

use reqwest::{Method, header::HeaderValue};
use url::Url;

/// Whether a call may go over plain http. Only a person's explicit choice for one store allows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plaintext {
    Refused,
    Allowed,
}

impl Plaintext {
    /// As a person chose for a store.
    pub(crate) const fn chosen(plain_http: bool) -> Self {
        if plain_http { Self::Allowed } else { Self::Refused }
    }
}

#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) accept: &'static str,
    /// The whole `Authorization` value, marked sensitive.
    pub(crate) authorization: Option<HeaderValue>,
    /// A JSON body.
    pub(crate) json: Option<String>,
    /// The method that the store shall take a POST for.
    pub(crate) stands_for: Option<Method>,
    pub(crate) plaintext: Plaintext,
}

impl Call {
    pub(crate) const fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            accept: "application/json",
            authorization: None,
            json: None,
            stands_for: None,
            plaintext: Plaintext::Refused,
        }
    }

    /// The same change asked for by POST, for firewalls that let no other method through. Where the header too is
    /// stripped, an update stays an update; but a deletion would silently become one, so that says it in its query as well.
    pub(crate) fn into_post(mut self) -> Self {
        if self.method == Method::DELETE {
            self.url.query_pairs_mut().append_pair("_method", "DELETE");
        }
        let stands_for = Some(self.method);
        Self { method: Method::POST, stands_for, ..self }
    }
}
