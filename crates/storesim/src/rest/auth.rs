//! Who calls: WooCommerce's ladder of keys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;

use crate::faults::Faults;
use crate::http::Ask;
use crate::model::profile::{ApiKey, Permission, Profile};
use crate::rest::error::ApiError;
use crate::rest::oauth::Signed;
use crate::store::{Store, lock};

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Nobody we know. Keys over plain http, and unknown keys, are as good as none.
    Anonymous,
    Keyed,
}

/// Finds out who calls. Plain keys are only looked at when PHP knows of TLS, and those in the query win over the Basic header; without
/// them a signature counts, by http or https.
///
/// # Errors
/// A known key with a wrong secret or signature, or one that may not do this.
pub fn caller(ask: &Ask, store: &Store, profile: &Profile) -> Result<Caller, ApiError> {
    let found = match plain(ask, profile)? {
        Some(pair) => Some(pair),
        None => signed(ask, store, profile)?,
    };
    found.map_or(Ok(Caller::Anonymous), |pair| permit(ask, &pair))
}

/// By a key pair as it is.
fn plain(ask: &Ask, profile: &Profile) -> Result<Option<ApiKey>, ApiError> {
    if !ask.is_ssl() {
        return Ok(None);
    }
    let in_query = ask
        .query
        .get("consumer_key")
        .map(|key| (key.to_owned(), ask.query.get("consumer_secret").unwrap_or_default().to_owned()));
    let Some((key, secret)) = in_query.or_else(|| basic(ask)) else { return Ok(None) };
    let Some(pair) = find(&ask.faults, profile, &key) else { return Ok(None) };
    if pair.secret != secret {
        return Err(refused("Consumer secret is invalid."));
    }
    Ok(Some(pair))
}

fn basic(ask: &Ask) -> Option<(String, String)> {
    let encoded = ask.header("authorization")?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (key, secret) = text.split_once(':')?;
    Some((key.to_owned(), secret.to_owned()))
}

/// By a signature.
fn signed(ask: &Ask, store: &Store, profile: &Profile) -> Result<Option<ApiKey>, ApiError> {
    let Some(signed) = Signed::read(ask)? else { return Ok(None) };
    let Some(pair) = find(&ask.faults, profile, signed.key()) else {
        return Err(refused("Consumer key is invalid."));
    };
    signed.verify(ask, profile, &pair, &mut lock(&store.nonces), store.now())?;
    Ok(Some(pair))
}

/// The pair of a key as the shop has it now.
fn find(faults: &Faults, profile: &Profile, key: &str) -> Option<ApiKey> {
    let mut pair = profile.keys.find(key).filter(|_| !faults.status_401)?.clone();
    if faults.wrong_secret {
        pair.secret.push_str("-made-anew");
    }
    if faults.read_only_key {
        pair.permission = Permission::Read;
    }
    Some(pair)
}

fn permit(ask: &Ask, pair: &ApiKey) -> Result<Caller, ApiError> {
    let is_read = matches!(ask.method, Method::GET | Method::HEAD);
    match pair.permission {
        Permission::Read if !is_read && ask.method != Method::OPTIONS => {
            Err(refused("The API key provided does not have write permissions."))
        }
        Permission::Write if is_read => Err(refused("The API key provided does not have read permissions.")),
        _ => Ok(Caller::Keyed),
    }
}

fn refused(message: &str) -> ApiError {
    ApiError::new(401, "woocommerce_rest_authentication_error", message)
}

/// What somebody without the right is told, by what was tried: 401 for a stranger, 403 for a known user.
#[must_use]
pub fn not_allowed(status: u16, method: &Method, is_collection: bool, is_batch: bool) -> ApiError {
    let (verb, message) = match (method, is_collection, is_batch) {
        (_, _, true) => ("batch", "Sorry, you are not allowed to batch manipulate this resource."),
        (&Method::POST, true, _) => ("create", "Sorry, you are not allowed to create resources."),
        (&Method::PUT | &Method::PATCH | &Method::POST, ..) => {
            ("edit", "Sorry, you are not allowed to edit this resource.")
        }
        (&Method::DELETE, ..) => ("delete", "Sorry, you are not allowed to delete this resource."),
        (_, true, _) => ("view", "Sorry, you cannot list resources."),
        (_, false, _) => ("view", "Sorry, you cannot view this resource."),
    };
    ApiError::new(status, format!("woocommerce_rest_cannot_{verb}"), message)
}
