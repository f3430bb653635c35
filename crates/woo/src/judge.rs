//! What an answer that is no success means.

use reqwest::header::WWW_AUTHENTICATE;
use url::Url;

use crate::{Failure, WooError, answer::Answer, decode::Fields, markers::page_class};

/// The longest error code that is kept.
const LONGEST_CODE: usize = 100;

/// Passes a success on and names everything else. `url` is what was asked for, to resolve a redirect against.
pub(crate) fn judge(answer: Answer, url: &Url) -> Result<Answer, WooError> {
    match answer.status {
        200 | 201 => Ok(answer),
        _ => Err(failure(&answer, url)),
    }
}

fn failure(answer: &Answer, url: &Url) -> WooError {
    let code = error_code(&answer.body);
    WooError {
        status: Some(answer.status),
        retry_after: answer.retry_after(),
        moved_to: moved_to(answer, url),
        ..WooError::new(class(answer, code.as_deref()))
    }
    .maybe_code(code)
}

impl WooError {
    fn maybe_code(self, code: Option<String>) -> Self {
        Self { code, ..self }
    }
}

fn class(answer: &Answer, code: Option<&str>) -> Failure {
    let page = || page_class(answer);
    match (answer.status, code) {
        (202..=299, _) => Failure::Maintenance,
        (300..=399, _) => Failure::Moved,
        (401, Some("woocommerce_rest_authentication_error")) => Failure::AuthRejected,
        // A password of the web server itself, such as before a staging copy.
        (401, None) if answer.is_html() || answer.headers.contains_key(WWW_AUTHENTICATE) => Failure::Blocked,
        (401, _) => Failure::AuthNotReaching,
        (403, Some(_)) => Failure::Forbidden,
        (404, Some(code)) if is_missing_record(code) => Failure::Gone,
        (404, None) => page().filter(|class| *class == Failure::Maintenance).unwrap_or(Failure::NoRoute),
        (404, Some(_)) => Failure::NoRoute,
        (408, _) => Failure::Timeout,
        (410, _) => Failure::Gone,
        (413, _) => Failure::TooLarge,
        (429, _) => Failure::Throttled,
        (400..=499 | 501, Some(_)) => Failure::BadRequest,
        // 403, 406, 415, 455 and whatever else a firewall invents.
        (400..=499, None) => page().unwrap_or(Failure::Blocked),
        (501, None) => page().unwrap_or(Failure::Blocked),
        (_, None) if answer.is_html() => page().unwrap_or(Failure::Overloaded),
        _ => Failure::Overloaded,
    }
}

/// `woocommerce_rest_shop_order_invalid_id`, `…_product_invalid_id`, `woocommerce_rest_invalid_id`,
/// `woocommerce_rest_product_variation_invalid_id`, `woocommerce_rest_invalid_order`.
fn is_missing_record(code: &str) -> bool {
    code.ends_with("_invalid_id") || code.starts_with("woocommerce_rest_invalid_")
}

/// The `code` of the error envelope. Anything that does not look like one is not kept: it would end up in logs.
pub(crate) fn error_code(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let code = Fields::parse(text.trim_start_matches('\u{feff}')).ok()?.text("code");
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (!code.is_empty() && code.len() <= LONGEST_CODE && code.bytes().all(sound)).then_some(code)
}

/// The names of the parameters that a 400 complains about.
pub(crate) fn refused_params(body: &[u8]) -> Vec<String> {
    let names = || {
        let text = std::str::from_utf8(body).ok()?;
        let data = Fields::parse(text).ok()?.object("data")?;
        Some(data.object("params")?.names().map(str::to_owned).collect())
    };
    names().unwrap_or_default()
}

fn moved_to(answer: &Answer, url: &Url) -> Option<String> {
    if !(300..=399).contains(&answer.status) {
        return None;
    }
    let mut target = url.join(answer.location()?).ok()?;
    target.set_query(None);
    target.set_fragment(None);
    // Fails only for URLs that cannot have a user name anyway.
    let _ = target.set_username("");
    let _ = target.set_password(None);
    Some(target.to_string()).filter(|text| text.len() <= 500)
}
