//! What a store sent, byte for byte, as JSON can carry it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;
use utoipa::ToSchema;

/// A body as it was received: one of the two is there.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RawBody {
    /// As text, if the bytes are UTF-8.
    pub body: Option<String>,
    /// In base64, if they are not.
    pub body_base64: Option<String>,
}

impl From<Vec<u8>> for RawBody {
    fn from(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self { body: Some(text), body_base64: None },
            Err(bytes) => Self { body: None, body_base64: Some(STANDARD.encode(bytes.as_bytes())) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text_and_anything_else_is_carried_whole() {
        let text = RawBody::from("{\"id\":1}\u{0}".as_bytes().to_vec());
        assert_eq!(text, RawBody { body: Some("{\"id\":1}\u{0}".to_owned()), body_base64: None });
        assert_eq!(RawBody::from(vec![0xff, 0x00]), RawBody { body: None, body_base64: Some("/wA=".to_owned()) });
    }
}
