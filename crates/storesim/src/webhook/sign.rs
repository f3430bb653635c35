//! The signature and the (not unique) id of a delivery.

use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Base64 of HMAC-SHA256 over the raw bytes.
#[must_use]
pub fn signature(body: &[u8], secret: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, body))
}

/// A hash of webhook and second: all deliveries of one webhook in one second share it.
#[must_use]
pub fn delivery_id(webhook_id: u64, now: i64) -> String {
    let mut id = hex::encode(digest::digest(&digest::SHA256, format!("{webhook_id}{now}").as_bytes()));
    id.truncate(32);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_captured_delivery_verifies_with_its_secret() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../testkit/captures/woocommerce-11.0.1/webhooks");
        let body = std::fs::read(format!("{folder}/0020-order.updated.body")).unwrap();
        let head = std::fs::read_to_string(format!("{folder}/0020-order.updated.head")).unwrap();
        let signed = signature(&body, "whsec_ce7b911fa3d024be204ddeb2eb281ec9");
        assert!(head.contains(&format!("X-WC-Webhook-Signature: {signed}")), "{signed}");
    }

    #[test]
    fn the_delivery_id_repeats_within_a_second_only() {
        assert_eq!(delivery_id(1, 5), delivery_id(1, 5));
        assert_ne!(delivery_id(1, 5), delivery_id(1, 6));
        assert_ne!(delivery_id(1, 5), delivery_id(2, 5));
        assert_eq!(delivery_id(1, 5).len(), 32);
    }
}
