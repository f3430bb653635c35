//! Deliveries that a shop signed and nobody can read: each must be kept, set aside, and hold up nothing.

use anyhow::Result;
use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, StatusCode, header};
use rand::rngs::StdRng;

use super::api::Api;
use super::plan::one_of;
use super::shops::Shop;

/// Stands in every poisonous body, so that it is known again wherever it is kept.
pub const MARK: &str = "chaos-poison-";

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poison {
    Page,
    Truncated,
    List,
    WrongId,
    WrongAmount,
    HalfRecord,
    NotUtf8,
    Deep,
}

impl Poison {
    pub fn draw(rng: &mut StdRng) -> Self {
        use Poison::*;
        one_of(rng, &[Page, Truncated, List, WrongId, WrongAmount, HalfRecord, NotUtf8, Deep], Page)
    }

    /// The body of poison number `number`; no two are equal.
    #[must_use]
    pub fn body(self, number: usize) -> Vec<u8> {
        let mark = format!("{MARK}{number}");
        match self {
            Self::Page => format!("<html><body>{mark}</body></html>").into(),
            Self::Truncated => format!(r#"{{"id":7,"number":"{mark}","status":"proc"#).into(),
            Self::List => format!(r#"[{{"id":7,"number":"{mark}"}}]"#).into(),
            Self::WrongId => format!(r#"{{"id":"12abc","number":"{mark}"}}"#).into(),
            Self::WrongAmount => format!(r#"{{"id":7,"number":"{mark}","total":{{"a":1}}}}"#).into(),
            Self::HalfRecord => format!(r#"{{"id":7,"number":"{mark}","status":"processing"}}"#).into(),
            Self::NotUtf8 => [br#"{"id":7,"number":""#.as_slice(), mark.as_bytes(), b"\xff\xfe\0\"}"].concat(),
            Self::Deep => format!("{}{mark}{}", "[".repeat(3_000), "]".repeat(3_000)).into(),
        }
    }

    /// Delivers it as the shop would, to the binary itself.
    ///
    /// # Errors
    /// If no answer comes.
    pub async fn deliver(self, api: &Api, shop: &Shop, number: usize) -> Result<StatusCode> {
        let body = self.body(number);
        let key = hmac::Key::new(hmac::HMAC_SHA256, shop.secret.as_bytes());
        let request = Request::post(format!("/hooks/woo/{}", shop.token))
            .header(header::HOST, "storewire.test")
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-wc-webhook-source", format!("{}/", shop.info.home_url))
            .header("x-wc-webhook-topic", "order.updated")
            .header("x-wc-webhook-resource", "order")
            .header("x-wc-webhook-event", "updated")
            .header("x-wc-webhook-signature", STANDARD.encode(hmac::sign(&key, &body)))
            .header("x-wc-webhook-id", "1")
            .header("x-wc-webhook-delivery-id", format!("{number:032x}"))
            .body(Full::new(Bytes::from(body)))?;
        Ok(api.send(request).await?.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_carries_the_mark_and_its_number() {
        use Poison::*;
        for poison in [Page, Truncated, List, WrongId, WrongAmount, HalfRecord, NotUtf8, Deep] {
            let body = poison.body(31);
            assert!(String::from_utf8_lossy(&body).contains("chaos-poison-31"), "{poison:?}");
        }
    }
}
