//! Who calls: WooCommerce's ladder of keys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;

use crate::http::Ask;
use crate::model::profile::{Keys, Permission};
use crate::rest::error::ApiError;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Nobody we know. Keys over plain http, and unknown keys, are as good as none.
    Anonymous,
    Keyed,
}

/// Finds out who calls. Keys are only looked at over TLS, and those in the query win over the Basic header.
///
/// # Errors
/// A known key with a wrong secret, or one that may not do this.
pub fn caller(ask: &Ask, keys: &Keys) -> Result<Caller, ApiError> {
    if !ask.is_tls {
        return Ok(Caller::Anonymous);
    }
    let in_query = ask
        .query
        .get("consumer_key")
        .map(|key| (key.to_owned(), ask.query.get("consumer_secret").unwrap_or_default().to_owned()));
    let Some((key, secret)) = in_query.or_else(|| basic(ask)) else { return Ok(Caller::Anonymous) };
    let Some(pair) = keys.find(&key) else { return Ok(Caller::Anonymous) };
    if pair.secret != secret {
        return Err(refused("Consumer secret is invalid."));
    }
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

fn basic(ask: &Ask) -> Option<(String, String)> {
    let encoded = ask.header("authorization")?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (key, secret) = text.split_once(':')?;
    Some((key.to_owned(), secret.to_owned()))
}

/// What a stranger is told, by what was tried.
#[must_use]
pub fn stranger(method: &Method, is_collection: bool, is_batch: bool) -> ApiError {
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
    ApiError::new(401, format!("woocommerce_rest_cannot_{verb}"), message)
}
