//! Bearer tokens of 256 random bits, of which only the digest is kept.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// A new token: 43 characters that are safe in a URL.
#[must_use]
pub fn fresh() -> String {
    URL_SAFE_NO_PAD.encode(crate::random::bytes::<32>())
}

/// What is stored in place of the token. Equality of digests may be checked by an index: nobody can choose a digest.
#[must_use]
pub fn digest(token: &str) -> [u8; 32] {
    crate::digest::sha256(token.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn tokens_are_long_url_safe_and_never_repeat() {
        let tokens: HashSet<String> = (0..10_000).map(|_| fresh()).collect();
        assert_eq!(tokens.len(), 10_000);
        for token in &tokens {
            assert_eq!(token.len(), 43);
            assert!(token.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        }
    }
}
