//! A request that changes something: its body, strictly read, and the key that makes a retry of it happen once.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, error::PayloadError, http::header, web};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Map;
use storewire_guard::digest;
use utoipa::ToSchema;

use crate::{api::once::Once, error::WebError};

const KEY: &str = "idempotency-key";
const MAX_KEY_CHARS: usize = 200;

/// What a person wants done. No body is an empty object.
#[derive(Debug)]
pub struct Write<T> {
    pub body: T,
    pub once: Once,
    /// The version that was seen, from `If-Match`.
    pub version: Option<i64>,
}

/// A body that has nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoBody {}

impl<T: DeserializeOwned + 'static> FromRequest for Write<T> {
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, WebError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = web::Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let bytes = bytes.await.map_err(|error| unreadable(&error))?;
            let body = parse(&request, &bytes)?;
            Ok(Self { body, once: once(&request, &bytes)?, version: version(&request)? })
        })
    }
}

/// The version that a write must name, because it is about something that others change too.
pub fn needed(version: Option<i64>) -> Result<i64, WebError> {
    version.ok_or_else(version_needed)
}

/// Says that a version must be named.
#[must_use]
pub fn version_needed() -> WebError {
    WebError::unseen("say which version you saw, as If-Match", Map::new())
}

/// Refuses a version where nothing has one: what was seen of a store's record is said field by field, in `expected`.
pub fn unversioned(version: Option<i64>) -> Result<(), WebError> {
    version.map_or(Ok(()), |_| {
        Err(WebError::BadRequest("this has no version for If-Match; say in `expected` what you saw".to_owned()))
    })
}

/// What makes a retry of a request with this body happen once.
pub(super) fn once(request: &HttpRequest, body: &[u8]) -> Result<Once, WebError> {
    Ok(Once { key: key(request)?, digest: fingerprint(request, body) })
}

/// Why a body could not be taken in.
pub(super) fn unreadable(error: &actix_web::Error) -> WebError {
    match error.as_error() {
        Some(PayloadError::Overflow) => WebError::TooLarge,
        _ => WebError::BadRequest("the body could not be read".to_owned()),
    }
}

fn parse<T: DeserializeOwned>(request: &HttpRequest, bytes: &[u8]) -> Result<T, WebError> {
    let is_empty = bytes.is_empty();
    if !is_empty && !is_json(request) {
        return Err(WebError::UnsupportedMedia);
    }
    serde_json::from_slice(if is_empty { b"{}" } else { bytes }).map_err(|error| super::unfit(&error))
}

fn is_json(request: &HttpRequest) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn key(request: &HttpRequest) -> Result<Option<String>, WebError> {
    let Some(value) = request.headers().get(KEY) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    if (1..=MAX_KEY_CHARS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(Some(text.to_owned()));
    }
    Err(WebError::BadRequest(format!("Idempotency-Key must be 1 to {MAX_KEY_CHARS} visible ASCII characters")))
}

/// The version in `If-Match`, as its `ETag` was written or bare. `*` would say that any will do, and a weak one never matches (RFC 9110,
/// 13.1.1).
fn version(request: &HttpRequest) -> Result<Option<i64>, WebError> {
    let Some(value) = request.headers().get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let number = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    let is_plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let version = number.parse().ok().filter(|_| is_plain);
    version.map(Some).ok_or_else(|| WebError::BadRequest("If-Match must be one version, such as \"17\"".to_owned()))
}

/// What makes it this request. The body is taken as sent: who retries sends the same bytes and names the same version.
fn fingerprint(request: &HttpRequest, bytes: &[u8]) -> [u8; 32] {
    let seen = request.headers().get(header::IF_MATCH).map(|seen| format!(" {seen:?}")).unwrap_or_default();
    let head = format!("{} {}{seen}\n", request.method(), request.uri());
    digest::sha256(&[head.as_bytes(), bytes].concat())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    async fn read<T: DeserializeOwned + 'static>(request: TestRequest) -> Result<Write<T>, WebError> {
        let (request, mut payload) = request.to_http_parts();
        Write::from_request(&request, &mut payload).await
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        amount: u32,
    }

    #[actix_web::test]
    async fn a_body_is_read_strictly_and_may_be_left_out_where_nothing_is_asked() {
        let json = |body: &'static str| {
            TestRequest::post().insert_header(("content-type", "application/json; charset=utf-8")).set_payload(body)
        };
        assert_eq!(read::<Body>(json(r#"{"amount":3}"#)).await.unwrap().body.amount, 3);
        assert!(read::<NoBody>(TestRequest::post()).await.is_ok());
        assert!(read::<NoBody>(json("{}")).await.is_ok());
        for (body, code) in [
            ("{", "bad_request"),
            (r#"{"amount":-1}"#, "invalid_body"),
            (r#"{"amount":1,"more":2}"#, "invalid_body"),
            ("", "invalid_body"),
        ] {
            assert_eq!(read::<Body>(json(body)).await.unwrap_err().code(), code, "{body}");
        }
        let plain = TestRequest::post().insert_header(("content-type", "text/plain")).set_payload(r#"{"amount":3}"#);
        assert_eq!(read::<Body>(plain).await.unwrap_err().code(), "unsupported_media");
    }

    #[actix_web::test]
    async fn a_key_is_short_and_visible_and_the_fingerprint_tells_requests_apart() {
        let keyed = |key: &str| TestRequest::post().uri("/a").insert_header((KEY, key.to_owned()));
        assert_eq!(read::<NoBody>(keyed("k-1")).await.unwrap().once.key.as_deref(), Some("k-1"));
        assert_eq!(read::<NoBody>(TestRequest::post()).await.unwrap().once.key, None);
        for bad in ["", "a b", &"x".repeat(201)] {
            assert_eq!(read::<NoBody>(keyed(bad)).await.unwrap_err().code(), "bad_request", "{bad}");
        }
        let digest = async |request: TestRequest| read::<NoBody>(request).await.unwrap().once.digest;
        let first = digest(keyed("k-1")).await;
        assert_eq!(digest(keyed("k-2")).await, first, "the key is no part of it");
        assert_ne!(digest(TestRequest::post().uri("/b")).await, first);
        assert_ne!(digest(TestRequest::patch().uri("/a")).await, first);
        assert_ne!(digest(keyed("k-1").insert_header(("if-match", "1"))).await, first, "another version was seen");
    }

    #[actix_web::test]
    async fn the_version_that_was_seen_is_one_number_with_or_without_quotes() {
        let seen = async |value: &str| {
            let request = TestRequest::patch().insert_header(("if-match", value.to_owned()));
            read::<NoBody>(request).await.map(|write| write.version)
        };
        for (value, version) in [("17", 17), ("\"17\"", 17), (" \"1\" ", 1)] {
            assert_eq!(seen(value).await.unwrap(), Some(version), "{value}");
        }
        for bad in ["*", "", "\"\"", "\"17", "W/\"17\"", "\"1\", \"2\"", "-1", "+1", "1.0", "99999999999999999999"] {
            assert_eq!(seen(bad).await.unwrap_err().code(), "bad_request", "{bad}");
        }
        let write = read::<NoBody>(TestRequest::patch()).await.unwrap();
        assert_eq!(write.version, None);
        assert_eq!(needed(write.version).unwrap_err().code(), "version_needed");
        assert_eq!(needed(Some(17)).unwrap(), 17);
        assert!(unversioned(None).is_ok());
        assert_eq!(unversioned(Some(17)).unwrap_err().code(), "bad_request");
    }
}
