//! A request that changes something: its body, strictly read, and the key that makes a retry of it happen once.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, error::PayloadError, http::header, web};
use serde::{Deserialize, de::DeserializeOwned};
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
            Ok(Self { body, once: Once { key: key(&request)?, digest: fingerprint(&request, &bytes) } })
        })
    }
}

fn unreadable(error: &actix_web::Error) -> WebError {
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

/// What makes it this request. The body is taken as sent: who retries sends the same bytes.
fn fingerprint(request: &HttpRequest, bytes: &[u8]) -> [u8; 32] {
    let head = format!("{} {}\n", request.method(), request.uri());
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
    }
}
