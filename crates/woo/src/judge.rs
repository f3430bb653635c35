//! What an answer that is no success means.

use reqwest::header::WWW_AUTHENTICATE;
use url::Url;

use crate::{Failure, WooError, answer::Answer, decode::Fields, markers::page_class, salvage};

/// The longest error code that is kept.
const LONGEST_CODE: usize = 100;

/// WooCommerce's one code for a wrong secret, signature, time or nonce, and for a key without the right to read or write.
pub(crate) const AUTHENTICATION_ERROR: &str = "woocommerce_rest_authentication_error";

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
        (401, Some(AUTHENTICATION_ERROR)) => Failure::AuthRejected,
        // A password of the web server itself, such as before a staging copy.
        (401, None) if answer.is_html() || answer.headers.contains_key(WWW_AUTHENTICATE) => Failure::Blocked,
        (401, _) => Failure::AuthNotReaching,
        (403, Some(_)) => Failure::Forbidden,
        // A variation under the address of products: it is there, but not to be written like that.
        (404, Some("woocommerce_rest_invalid_product_id")) => Failure::BadRequest,
        (404, Some(code)) if is_missing_record(code) => Failure::Gone,
        // An update of a missing record is a 400.
        (400, Some(code)) if code.ends_with("_invalid_id") => Failure::Gone,
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

/// The `code` of WordPress's error envelope, with PHP's notices around it or not. Only the whole envelope counts: a
/// firewall's `{"code":1020}`, or a script inside a page, is not the store's word. Nor is a code kept that does not look
/// like one: it would end up in logs.
pub(crate) fn error_code(body: &[u8]) -> Option<String> {
    let envelope = Fields::parse(salvage::search(std::str::from_utf8(body).ok()?)?).ok()?;
    let code = envelope.text("code");
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let is_word = code.starts_with(|first: char| first.is_ascii_alphabetic()) && code.bytes().all(sound);
    let is_whole = envelope.has("message") && envelope.has("data");
    (is_whole && is_word && code.len() <= LONGEST_CODE).then_some(code)
}

/// The names of the parameters that a 400 complains about.
pub(crate) fn refused_params(body: &[u8]) -> Vec<String> {
    let names = || {
        let text = salvage::search(std::str::from_utf8(body).ok()?)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_wordpresss_own_envelope_is_its_word() {
        let envelope = r#"{"code":"rest_no_route","message":"Yok.","data":{"status":404}}"#;
        for body in
            [envelope.to_owned(), format!("\u{feff}{envelope}"), format!("<b>Notice</b>: [x]<br />\n{envelope}")]
        {
            assert_eq!(error_code(body.as_bytes()).as_deref(), Some("rest_no_route"), "{body}");
        }
        for body in [
            "",
            "{}",
            r#"{"code":"blocked","message":"by the firewall"}"#,
            r#"{"code":1020,"message":"x","data":null}"#,
            r#"{"code":"a b","message":"x","data":null}"#,
            r#"<html><script>{"code":"challenge","ray":"1"}</script></html>"#,
            r#"[{"code":"x","message":"x","data":null}]"#,
        ] {
            assert_eq!(error_code(body.as_bytes()), None, "{body}");
        }
        let long = envelope.replace("rest_no_route", &"a".repeat(LONGEST_CODE + 1));
        assert_eq!(error_code(long.as_bytes()), None);
    }
}
