//! Gives a store its keys, in the one way that was found to reach it.
//!
//! Over plain http only OAuth is used, whose secret stays here, and only where a person chose it for the store. OAuth
//! carries the time of day: a store whose clock is far off refuses the stamp, and tells its own time in the same answer,
//! by which the request is signed once more. A refused request was not carried out, so this holds for writes too.

use std::sync::atomic::{AtomicI64, Ordering};

use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use storewire_domain::{AuthScheme, Clock};
use url::Url;

use crate::{
    Failure, Keys, Outbound, UrlRefused, WooError,
    answer::Answer,
    call::{Call, Plaintext},
    judge::{AUTHENTICATION_ERROR, error_code},
    oauth::{Signing, signed_address},
};

/// From here on a refusal may be due to the clocks; stores tolerate 900 seconds.
const SUSPICIOUS_SKEW_SECONDS: i64 = 300;

pub(crate) struct Signer {
    pub(crate) scheme: AuthScheme,
    keys: Keys,
    home_url: Url,
    plaintext: Plaintext,
    clock: Clock,
    /// The store's clock less ours, in seconds, once a refusal taught it.
    skew: AtomicI64,
}

impl Signer {
    pub(crate) fn new(scheme: AuthScheme, keys: &Keys, home_url: &Url, plaintext: Plaintext, clock: &Clock) -> Self {
        Self {
            scheme,
            keys: keys.clone(),
            home_url: home_url.clone(),
            plaintext,
            clock: clock.clone(),
            skew: AtomicI64::new(0),
        }
    }

    /// Signs and sends a call; a second time only where the store refused the time of the first.
    pub(crate) async fn send(&self, outbound: &Outbound, call: Call) -> Result<Answer, WooError> {
        let stamp = self.store_seconds();
        let answer = outbound.send(self.signed(call.clone(), stamp)?).await?;
        if !self.learns_skew(&answer, stamp) {
            return Ok(answer);
        }
        outbound.send(self.signed(call, self.store_seconds())?).await
    }

    fn signed(&self, mut call: Call, stamp: i64) -> Result<Call, WooError> {
        let is_https = call.url.scheme() == "https";
        call.plaintext = self.plaintext;
        match self.scheme {
            AuthScheme::Basic | AuthScheme::Query if !is_https => {
                return Err(WooError::unsent(Failure::Refused, UrlRefused::Plaintext));
            }
            AuthScheme::Basic => {
                let unfit = || WooError::unsent(Failure::AuthRejected, "keys cannot be sent as a header");
                call.authorization = Some(self.keys.basic().ok_or_else(unfit)?);
            }
            AuthScheme::Query => self.keys.add_to(&mut call.url),
            AuthScheme::OAuth => self.add_oauth(&mut call, if is_https { "https" } else { "http" }, stamp)?,
            AuthScheme::OAuthPlain => self.add_oauth(&mut call, "http", stamp)?,
        }
        Ok(call)
    }

    fn add_oauth(&self, call: &mut Call, scheme: &str, timestamp: i64) -> Result<(), WooError> {
        let signing = Signing {
            method: &call.method,
            address: &signed_address(&self.home_url, &call.url, scheme),
            keys: &self.keys,
            timestamp,
            nonce: &nonce()?,
        };
        signing.add_to(&mut call.url);
        Ok(())
    }

    fn store_seconds(&self) -> i64 {
        self.clock.now().as_second().saturating_add(self.skew.load(Ordering::Relaxed))
    }

    /// Whether the answer refuses a time that its own clock shows to be far off; then that difference is kept.
    fn learns_skew(&self, answer: &Answer, stamp: i64) -> bool {
        let is_refusal = matches!(self.scheme, AuthScheme::OAuth | AuthScheme::OAuthPlain)
            && answer.status == 401
            && error_code(&answer.body).as_deref() == Some(AUTHENTICATION_ERROR);
        let Some(store_now) = answer.store_now().filter(|_| is_refusal) else { return false };
        if store_now.as_second().abs_diff(stamp) <= SUSPICIOUS_SKEW_SECONDS.unsigned_abs() {
            return false;
        }
        self.skew.store(store_now.as_second().saturating_sub(self.clock.now().as_second()), Ordering::Relaxed);
        true
    }
}

/// 128 random bits.
fn nonce() -> Result<String, WooError> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).map_err(|_| WooError::unsent(Failure::Refused, "no randomness for a nonce"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
