//! OAuth 1.0a with one leg, as WooCommerce checks it: every request is signed with the consumer secret, and the secret
//! itself never travels.
//!
//! What is signed (RFC 5849, 3.4.1) is the method, the address and every query parameter; a JSON body is not. The address
//! is not the one asked for but the one that WordPress believes it has: its own home URL and the path below.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use secrecy::ExposeSecret;
use url::{Position, Url};

use crate::Keys;

/// What goes into one signature beside the query.
pub(crate) struct Signing<'a> {
    pub(crate) method: &'a Method,
    /// As [`signed_address`] makes it.
    pub(crate) address: &'a str,
    pub(crate) keys: &'a Keys,
    /// Unix seconds by the store's clock, which allows 15 minutes of difference.
    pub(crate) timestamp: i64,
    /// Good for one request; a store remembers each for 15 minutes.
    pub(crate) nonce: &'a str,
}

impl Signing<'_> {
    /// Adds the signature and what it needs to a URL whose query is complete.
    pub(crate) fn add_to(&self, url: &mut Url) {
        url.query_pairs_mut()
            .append_pair("oauth_consumer_key", self.keys.consumer_key.expose_secret())
            .append_pair("oauth_nonce", self.nonce)
            .append_pair("oauth_signature_method", "HMAC-SHA256")
            .append_pair("oauth_timestamp", &self.timestamp.to_string());
        let signature = self.signature(&self.base_string(url));
        url.query_pairs_mut().append_pair("oauth_signature", &signature);
    }

    fn base_string(&self, url: &Url) -> String {
        let mut params: Vec<(String, String)> =
            url.query_pairs().map(|(name, value)| (percent(&name), percent(&value))).collect();
        params.sort_unstable();
        let params: Vec<String> = params.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{}&{}&{}", self.method, percent(self.address), percent(&params.join("&")))
    }

    fn signature(&self, base_string: &str) -> String {
        // There is no token, so its secret, after the ampersand, is empty.
        let secret = format!("{}&", self.keys.consumer_secret.expose_secret());
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        STANDARD.encode(hmac::sign(&key, base_string.as_bytes()))
    }
}

/// The address that WordPress signs for a request to `url`: its home URL under `scheme`, and what follows in the path.
pub(crate) fn signed_address(home_url: &Url, url: &Url, scheme: &str) -> String {
    let home_path = home_url.path().trim_end_matches('/');
    let authority = &home_url[Position::BeforeHost..Position::AfterPort];
    let below = url.path().strip_prefix(&format!("{home_path}/")).unwrap_or(url.path()).trim_start_matches('/');
    let home = format!("{scheme}://{authority}{home_path}");
    if below.is_empty() { home } else { format!("{home}/{below}") }
}

/// RFC 3986: everything but letters, digits, `-`, `.`, `_` and `~`.
fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn the_address_is_the_home_and_the_path_below_it() {
        for (home, asked, scheme, expected) in [
            (
                "https://s.example",
                "https://s.example/wp-json/wc/v3/orders?a=b",
                "https",
                "https://s.example/wp-json/wc/v3/orders",
            ),
            ("https://s.example/", "https://s.example/wp-json/x", "http", "http://s.example/wp-json/x"),
            ("https://s.example:8443", "https://10.0.0.7/wp-json/x", "http", "http://s.example:8443/wp-json/x"),
            ("http://s.example/butik", "http://s.example/butik/wp-json/x", "http", "http://s.example/butik/wp-json/x"),
            ("http://s.example/butik", "http://proxy.example/wp-json/x", "http", "http://s.example/butik/wp-json/x"),
            ("http://s.example/b", "http://s.example/butik/x", "http", "http://s.example/b/butik/x"),
            // WordPress writes its home without a slash where nothing follows.
            ("https://s.example/", "https://s.example/?rest_route=/wc/v3/orders", "https", "https://s.example"),
            (
                "https://s.example/b/",
                "https://s.example/b/index.php?rest_route=/",
                "https",
                "https://s.example/b/index.php",
            ),
        ] {
            assert_eq!(signed_address(&url(home), &url(asked), scheme), expected, "{home} {asked}");
        }
    }

    /// Both signatures were computed by another implementation.
    #[test]
    fn method_address_and_every_parameter_are_signed() {
        let keys = Keys::new("ck_canary_key_7f3a", "cs_canary_secret_91bc");
        let get = "http://10.0.0.7/butik/index.php?rest_route=%2Fwc%2Fv3%2Forders&per_page=100&include=4%2C5\
                   &search=Kahve+%26+%C3%87ay+%2B1+%7E50%25&_fields=id%2Cstatus";
        for (method, asked, home, expected) in [
            (Method::GET, get, "https://s.example:8443/butik", "KEWc0Jfeps0uuJrHQK8taDsM+p5cOZbTPCSD+4Q9fjQ="),
            (
                Method::PUT,
                "http://s.example/wp-json/wc/v3/products/10",
                "https://s.example",
                "Zc0crqwM8AIolAnIQomn5cKUIfKVb9kBH1J28QCin5A=",
            ),
        ] {
            let mut url = url(asked);
            let scheme = if method == Method::PUT { "https" } else { "http" };
            let address = &signed_address(&self::url(home), &url, scheme);
            let signing =
                Signing { method: &method, address, keys: &keys, timestamp: 1_795_240_693, nonce: "n0nce-_~" };
            signing.add_to(&mut url);
            let (_, signature) = url.query_pairs().find(|(name, _)| name == "oauth_signature").unwrap();
            assert_eq!(signature, expected, "{method}");
            assert!(!url.as_str().contains("cs_canary"));
        }
    }

    #[test]
    fn only_unreserved_characters_stay_as_they_are() {
        assert_eq!(percent("aZ09-._~"), "aZ09-._~");
        assert_eq!(percent(" +%/&=:,*'()[]Ç"), "%20%2B%25%2F%26%3D%3A%2C%2A%27%28%29%5B%5D%C3%87");
    }
}
