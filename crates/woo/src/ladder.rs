//! The ladder of ways to give a store its keys, walked once: at the connection, and when the known way stops to reach.

use reqwest::Method;
use storewire_domain::AuthScheme;
use tracing::instrument;
use url::Url;

use crate::{
    Failure, Keys, Outbound, StoreClient, WooError,
    answer::Answer,
    call::{Call, Plaintext},
    endpoint::endpoint,
    judge::judge,
    signer::Signer,
};

/// Over https, the simplest first: the header, which some hosts drop; the query, which both ignore where PHP does not know
/// that it is behind TLS, and which ends up in access logs; a signature; and a signature for PHP that believes in http.
const OVER_HTTPS: &[AuthScheme] = &[AuthScheme::Basic, AuthScheme::Query, AuthScheme::OAuth, AuthScheme::OAuthPlain];

/// Over plain http a store looks at signatures only.
const OVER_HTTP: &[AuthScheme] = &[AuthScheme::OAuth];

/// Where the ladder leans and with what it is climbed.
pub(crate) struct Ladder<'a> {
    pub(crate) outbound: &'a Outbound,
    pub(crate) rest_root: &'a Url,
    pub(crate) home_url: &'a Url,
    pub(crate) keys: &'a Keys,
    pub(crate) plaintext: Plaintext,
}

impl Ladder<'_> {
    /// The first way that reaches WooCommerce, with its answer: the newest order, since orders are what we live from.
    ///
    /// A refusal of the keys themselves ends the walk where they were sent as they are. Where they were signed, it may as
    /// well be the address that was signed, so the next rung is tried.
    pub(crate) async fn climb(&self) -> Result<(Signer, Answer), WooError> {
        let rungs = if self.rest_root.scheme() == "https" { OVER_HTTPS } else { OVER_HTTP };
        let mut fault = None;
        for scheme in rungs {
            let signer = Signer::new(*scheme, self.keys, self.home_url, self.plaintext, self.outbound.clock());
            let error = match self.newest_order(&signer).await {
                Ok(answer) => return Ok((signer, answer)),
                Err(error) => error,
            };
            let is_signed = matches!(scheme, AuthScheme::OAuth | AuthScheme::OAuthPlain);
            match error.class {
                Failure::AuthNotReaching => fault = fault.or(Some(error)),
                // Who knows the keys enough to reject them was reached: that says more than the rungs before.
                Failure::AuthRejected if is_signed => fault = Some(error),
                _ => return Err(error),
            }
        }
        Err(fault.unwrap_or_else(|| WooError::new(Failure::AuthNotReaching)))
    }

    async fn newest_order(&self, signer: &Signer) -> Result<Answer, WooError> {
        let params = vec![
            ("per_page", "1".to_owned()),
            ("_fields", "id,version,currency,total".to_owned()),
            ("_skip_cache", "1".to_owned()),
        ];
        let url = endpoint(self.rest_root, "wc/v3/orders", &params);
        let call = Call { method: Method::GET, ..Call::get(url.clone()) };
        judge(signer.send(self.outbound, call).await?, &url)
    }
}

impl StoreClient {
    /// Walks the ladder anew, for a store that no longer hears its keys. The way that works is for the caller to keep: this
    /// client goes on as it was made.
    ///
    /// # Errors
    /// `AuthNotReaching` where no way works, `AuthRejected` where the store was reached and knows no such keys.
    #[instrument(name = "woo.store.climb", skip_all, fields(store.host = self.host()), err(level = "debug"))]
    pub async fn find_auth(&self) -> Result<AuthScheme, WooError> {
        let site = self.site();
        let ladder = Ladder {
            outbound: self.outbound(),
            rest_root: &site.rest_root,
            home_url: &site.home_url,
            keys: &site.keys,
            plaintext: Plaintext::chosen(site.plain_http),
        };
        ladder.climb().await.map(|(signer, _)| signer.scheme)
    }
}
