//! WooCommerce's webhook signature: base64 of HMAC-SHA256 over the raw body.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Whether `header` signs `body` with any of the live `secrets`. Takes the same time whichever secret fits.
///
/// An empty secret never fits: anyone could sign with it.
#[must_use]
pub fn verify(body: &[u8], header: &str, secrets: &[impl AsRef<[u8]>]) -> bool {
    let Ok(tag) = STANDARD.decode(header) else { return false };
    let mut fits = false;
    for secret in secrets.iter().map(AsRef::as_ref).filter(|secret| !secret.is_empty()) {
        fits |= hmac::verify(&key(secret), body, &tag).is_ok();
    }
    fits
}

/// The header that a store would send for `body`; also used to sign what we send ourselves.
#[must_use]
pub fn sign(body: &[u8], secret: &[u8]) -> String {
    STANDARD.encode(hmac::sign(&key(secret), body))
}

fn key(secret: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"the store's own secret";
    const BODY: &[u8] = br#"{"id":727,"status":"processing"}"#;

    #[test]
    fn any_live_secret_opens_during_a_rotation() {
        let old = sign(BODY, b"old");
        let new = sign(BODY, b"new");
        assert!(verify(BODY, &old, &["old", "new"]));
        assert!(verify(BODY, &new, &["old", "new"]));
        assert!(!verify(BODY, &old, &["new"]));
        assert!(!verify(BODY, &old, &[] as &[&str]));
    }

    #[test]
    fn an_empty_secret_signs_nothing() {
        assert!(!verify(BODY, &sign(BODY, b""), &[""]));
    }

    #[test]
    fn a3_of_ten_thousand_forged_signatures_none_is_accepted() {
        let good = sign(BODY, SECRET);
        assert!(verify(BODY, &good, &[SECRET]));
        let tag = STANDARD.decode(&good).unwrap();
        let mut forged: Vec<String> = vec![
            String::new(),
            hex::encode(&tag),
            hex::encode(&tag).to_uppercase(),
            format!("sha256={good}"),
            format!(" {good}"),
            format!("{good} "),
            format!("{good},{good}"),
            good.trim_end_matches('=').to_owned(),
            good.to_lowercase(),
            STANDARD.encode(good.as_bytes()),
            STANDARD.encode([0; 32]),
            STANDARD.encode(crate::digest::sha256(BODY)),
            "null".to_owned(),
            "\u{0}".repeat(44),
        ];
        forged.extend((0..tag.len()).map(|end| STANDARD.encode(&tag[..end])));
        forged.extend((0..good.len()).map(|end| good[..end].to_owned()));
        forged.extend((0..tag.len() * 8).map(|bit| {
            let mut flipped = tag.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            STANDARD.encode(flipped)
        }));
        // Every single character of the header replaced by each other letter of the alphabet.
        for at in 0..good.len() {
            for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ ".chars() {
                let mut text: Vec<char> = good.chars().collect();
                text[at] = letter;
                forged.push(text.into_iter().collect());
            }
        }
        // Right form, other secrets.
        forged.extend((0..8_000).map(|n| sign(BODY, format!("another store's secret {n}").as_bytes())));
        forged.retain(|header| *header != good);
        assert!(forged.len() >= 10_000, "only {} variants", forged.len());
        for header in &forged {
            assert!(!verify(BODY, header, &[SECRET]), "accepted {header:?}");
        }
    }

    #[test]
    fn a3_a_body_changed_in_any_bit_no_longer_fits() {
        let good = sign(BODY, SECRET);
        for bit in 0..BODY.len() * 8 {
            let mut body = BODY.to_vec();
            body[bit / 8] ^= 1 << (bit % 8);
            assert!(!verify(&body, &good, &[SECRET]));
        }
    }
}
