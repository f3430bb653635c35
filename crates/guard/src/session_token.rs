//! The session token: a JWT that names a user and a session, and nothing else. Role and tenant are read from rows.
//!
//! Algorithm, key id, issuer and audience are pinned; the time comes from the caller, with no leeway.

use std::{collections::HashSet, time::Duration};

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use storewire_domain::{SessionId, UserId};
use uuid::Uuid;

use crate::seal::Keyring;

const ISSUER: &str = "storewire";
const AUDIENCE: &str = "storewire";
/// Ours have some 330 bytes.
const MAX_BYTES: usize = 1024;

/// Who is logged in, by which login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionClaims {
    pub sub: UserId,
    pub sid: SessionId,
}

/// Why a token was turned away. Told to nobody but the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token is no token of ours")]
    Malformed,
    #[error("the token was signed with a key that is not in the key file")]
    UnknownKey,
    #[error("the token was altered, or made for another issuer or audience")]
    Refused,
    #[error("the token has expired")]
    Expired,
}

/// The keys that sign session tokens: the newest signs, older ones still verify.
pub struct SessionKeys(Vec<SessionKey>);

struct SessionKey {
    id: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    exp: i64,
}

impl SessionKeys {
    /// Derives the signing keys from the installation's key file.
    #[must_use]
    pub fn from_keyring(keyring: &Keyring) -> Self {
        let keys = keyring.derive("storewire session token 1").into_iter().map(|(id, bytes)| SessionKey {
            id,
            encoding: EncodingKey::from_secret(bytes.as_slice()),
            decoding: DecodingKey::from_secret(bytes.as_slice()),
        });
        Self(keys.collect())
    }

    /// A token that is valid from `now` for `ttl`.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a keyring is never empty, and HMAC over plain claims cannot fail")]
    pub fn issue(&self, claims: SessionClaims, now: Timestamp, ttl: Duration) -> String {
        let key = self.0.first().expect("a keyring holds a key");
        let iat = now.as_second();
        let ttl = i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX);
        let body = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: claims.sub.uuid(),
            sid: claims.sid.uuid(),
            iat,
            exp: iat.saturating_add(ttl),
        };
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &body, &key.encoding).expect("the claims can be signed")
    }

    /// The claims of a token that is ours, whole, and not expired at `now`.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<SessionClaims, TokenError> {
        if token.len() > MAX_BYTES {
            return Err(TokenError::Malformed);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Malformed)?;
        let key_id = header.kid.ok_or(TokenError::UnknownKey)?;
        let key = self.0.iter().find(|key| key.id == key_id).ok_or(TokenError::UnknownKey)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.decoding, &validation())
            .map_err(|_| TokenError::Refused)?
            .claims;
        // A token from the future was not issued by this clock; a token ends at `exp`, to the second.
        let now = now.as_second();
        if claims.iat > now || claims.exp < claims.iat {
            return Err(TokenError::Refused);
        }
        if claims.exp <= now {
            return Err(TokenError::Expired);
        }
        Ok(SessionClaims { sub: UserId(claims.sub), sid: SessionId(claims.sid) })
    }
}

impl std::fmt::Debug for SessionKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.id)).finish()
    }
}

fn validation() -> Validation {
    let mut rules = Validation::new(Algorithm::HS256);
    rules.required_spec_claims = HashSet::from(["exp", "iss", "aud", "sub"].map(str::to_owned));
    rules.set_issuer(&[ISSUER]);
    rules.set_audience(&[AUDIENCE]);
    rules.leeway = 0;
    // The caller's clock decides, not the machine's.
    rules.validate_exp = false;
    rules
}

#[cfg(test)]
mod tests;
