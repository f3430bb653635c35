//! OAuth 1.0a with one leg: the only way in over plain http.
//!
//! The base string is made of the shop's own home address, never of the host that was asked for, and of every parameter of the query, of
//! a form body and of the header. JSON bodies are not signed.

use std::collections::{BTreeMap, HashMap};

use aws_lc_rs::{constant_time, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::http::Ask;
use crate::model::profile::{ApiKey, Profile};
use crate::query::{Query, decode, percent_decode, percent_encode};
use crate::rest::error::ApiError;

/// A timestamp may be so many seconds old or young, and a nonce is remembered so long.
const WINDOW: i64 = 15 * 60;

const REQUIRED: [&str; 5] =
    ["oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method"];

/// The nonces used lately, by key; each with its timestamp.
#[derive(Debug, Default)]
pub struct Nonces(HashMap<String, BTreeMap<String, i64>>);

impl Nonces {
    /// Takes a nonce; `false` when the key has used it already.
    fn take(&mut self, key: &str, nonce: &str, timestamp: i64, now: i64) -> bool {
        let used = self.0.entry(key.to_owned()).or_default();
        used.retain(|_, at| *at >= now - WINDOW);
        if used.contains_key(nonce) {
            return false;
        }
        used.insert(nonce.to_owned(), timestamp);
        true
    }
}

/// The parameters of a request as PHP sees them: later ones replace earlier ones of the same name, lists are numbered.
#[derive(Debug)]
pub struct Signed(Vec<(String, String)>);

impl Signed {
    /// The parameters, if any of OAuth's is among them.
    ///
    /// # Errors
    /// 401 when some of OAuth's are there and others are not.
    pub fn read(ask: &Ask) -> Result<Option<Self>, ApiError> {
        let mut all = Self(Vec::new());
        all.take(&ask.query);
        if ask.header("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            all.take(&Query::parse(&String::from_utf8_lossy(&ask.body)));
        }
        for (name, value) in ask.header("authorization").map(header_parameters).unwrap_or_default() {
            all.put(name, value);
        }
        let missing: Vec<&str> = REQUIRED.into_iter().filter(|name| all.get(name).is_none_or(str::is_empty)).collect();
        if missing.len() == REQUIRED.len() {
            return Ok(None);
        }
        if missing.is_empty() {
            return Ok(Some(all));
        }
        let plural = if missing.len() == 1 { "" } else { "s" };
        let message = format!("Missing OAuth parameter{plural} {}", missing.join(", "));
        Err(ApiError::new(401, "woocommerce_rest_authentication_missing_parameter", message))
    }

    /// The key it was signed for.
    #[must_use]
    pub fn key(&self) -> &str {
        self.get("oauth_consumer_key").unwrap_or_default()
    }

    /// Whether it was signed with this secret, now, for the first time.
    ///
    /// # Errors
    /// 401 with WooCommerce's reason.
    pub fn verify(
        &self,
        ask: &Ask,
        profile: &Profile,
        pair: &ApiKey,
        nonces: &mut Nonces,
        now: i64,
    ) -> Result<(), ApiError> {
        let algorithm = match self.get("oauth_signature_method") {
            Some("HMAC-SHA1") => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Some("HMAC-SHA256") => hmac::HMAC_SHA256,
            _ => return Err(refused("Invalid signature - signature method is invalid.")),
        };
        let key = hmac::Key::new(algorithm, format!("{}&", pair.secret).as_bytes());
        let expected = STANDARD.encode(hmac::sign(&key, self.base_string(ask, profile).as_bytes()));
        let given = percent_decode(&self.get("oauth_signature").unwrap_or_default().replace(' ', "+"));
        if constant_time::verify_slices_are_equal(expected.as_bytes(), given.as_bytes()).is_err() {
            return Err(refused("Invalid signature - provided signature does not match."));
        }
        // A timestamp that is no number is as old as can be.
        let timestamp = self.get("oauth_timestamp").and_then(|text| text.parse().ok()).unwrap_or(0);
        if !(now - WINDOW..=now + WINDOW).contains(&timestamp) {
            return Err(refused("Invalid timestamp."));
        }
        if !nonces.take(&pair.key, self.get("oauth_nonce").unwrap_or_default(), timestamp, now) {
            return Err(refused("Invalid nonce - nonce has already been used."));
        }
        Ok(())
    }

    fn base_string(&self, ask: &Ask, profile: &Profile) -> String {
        let address = format!("{}{}", profile.address(ask.is_ssl()), ask.path);
        let mut signed: Vec<&(String, String)> = self.0.iter().filter(|(name, _)| name != "oauth_signature").collect();
        // By the name of the list, not of its item; items keep their order.
        signed.sort_by(|(a, _), (b, _)| list_name(a).cmp(list_name(b)));
        let pairs: Vec<String> = signed
            .into_iter()
            .map(|(name, value)| percent_encode(&format!("{}={}", percent_encode(name), percent_encode(value))))
            .collect();
        format!("{}&{}&{}", ask.sent_method, percent_encode(&address), pairs.join("%26"))
    }

    fn take(&mut self, query: &Query) {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for (name, value) in query.pairs() {
            match name.strip_suffix("[]") {
                Some(list) => {
                    let count = counts.entry(list).or_default();
                    self.put(format!("{list}[{count}]"), value.to_owned());
                    *count += 1;
                }
                None => self.put(name.to_owned(), value.to_owned()),
            }
        }
    }

    fn put(&mut self, name: String, value: String) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, field)) => *field = value,
            None => self.0.push((name, value)),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// `include` of `include[0]`.
fn list_name(name: &str) -> &str {
    name.split('[').next().unwrap_or(name)
}

/// The pairs of `OAuth oauth_nonce="a", oauth_timestamp="1"`; anything but OAuth's own is left out.
fn header_parameters(header: &str) -> Vec<(String, String)> {
    let Some(rest) = header.trim().strip_prefix("OAuth ") else { return Vec::new() };
    let pairs = rest.split(',').filter_map(|part| part.trim().split_once('='));
    pairs
        .filter(|(name, _)| name.starts_with("oauth_"))
        .map(|(name, value)| (name.to_owned(), decode(value.trim_matches('"'))))
        .collect()
}

fn refused(message: &str) -> ApiError {
    ApiError::new(401, "woocommerce_rest_authentication_error", message)
}

#[cfg(test)]
mod tests {
    use hyper::Method;

    use super::*;

    const QUERY: &str = "per_page=2&status=processing&oauth_consumer_key=ck&oauth_timestamp=1000&oauth_nonce=n1&oauth_signature_method=HMAC-SHA256";

    fn shop() -> Profile {
        Profile::new(1, 1, "127.0.0.1:9100")
    }

    fn signed(query: &str) -> (Ask, Signed) {
        let ask = Ask::of(Method::GET, &format!("/wp-json/wc/v3/orders?{query}&oauth_signature=x"));
        let signed = Signed::read(&ask).unwrap().unwrap();
        (ask, signed)
    }

    #[test]
    fn the_base_string_is_of_the_shops_home_and_the_sorted_parameters() {
        let (ask, signed) = signed(QUERY);
        assert_eq!(
            signed.base_string(&ask, &shop()),
            "GET&https%3A%2F%2F127.0.0.1%3A9100%2Fs%2F1%2Fwp-json%2Fwc%2Fv3%2Forders&oauth_consumer_key%3Dck%26oauth_nonce%3Dn1\
             %26oauth_signature_method%3DHMAC-SHA256%26oauth_timestamp%3D1000%26per_page%3D2%26status%3Dprocessing"
        );
    }

    #[test]
    fn lists_are_signed_with_their_numbers() {
        let (ask, signed) = signed(&format!("include[]=7&include[]=5&{QUERY}"));
        let text = signed.base_string(&ask, &shop());
        assert!(text.contains("include%255B0%255D%3D7%26include%255B1%255D%3D5%26oauth_consumer_key"), "{text}");
    }

    #[test]
    fn what_is_missing_is_named() {
        let ask = Ask::of(Method::GET, "/wp-json/wc/v3/orders?oauth_nonce=1&oauth_signature=2");
        let error = Signed::read(&ask).unwrap_err();
        assert_eq!(
            (error.status, error.message.as_str()),
            (401, "Missing OAuth parameters oauth_consumer_key, oauth_timestamp, oauth_signature_method")
        );
        assert!(Signed::read(&Ask::of(Method::GET, "/wp-json/wc/v3/orders?page=1")).unwrap().is_none());
    }

    #[test]
    fn a_header_holds_the_same_parameters() {
        let read = header_parameters(r#"OAuth realm="x", oauth_nonce="n", oauth_signature="a%2Fb%3D""#);
        assert_eq!(read, [("oauth_nonce".into(), "n".into()), ("oauth_signature".into(), "a/b=".into())]);
        assert!(header_parameters("Basic abc").is_empty());
    }

    #[test]
    fn a_nonce_serves_once_and_is_forgotten_after_the_window() {
        let mut nonces = Nonces::default();
        assert!(nonces.take("k", "n", 1000, 1000) && !nonces.take("k", "n", 1001, 1001));
        assert!(nonces.take("other", "n", 1000, 1000));
        assert!(nonces.take("k", "n", 2000, 1000 + WINDOW + 1));
    }
}
