//! JSON out of an answer that may carry a byte order mark, PHP notices or a cache's comment around it.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::{Failure, Item, Poison, WooError, answer::Answer, judge::error_code, markers::page_class};

/// Where in front of the JSON we stop looking for it, and how many brackets in the noise we try.
const LONGEST_JUNK: usize = 64 * 1024;
const MOST_TRIES: usize = 64;

/// A body's one JSON value.
#[derive(Debug)]
pub(crate) struct Json<'a> {
    pub(crate) text: Cow<'a, str>,
    /// Something stood around it that does not belong there.
    pub(crate) dirty: bool,
}

/// Finds the JSON of a successful answer. `lenient` only for reads: noise around the answer to a write means that the
/// store's PHP is not well, and the write must be checked by reading.
pub(crate) fn json(answer: &Answer, lenient: bool) -> Result<Json<'_>, WooError> {
    if answer.body.trim_ascii().is_empty() {
        return Err(fault(answer, Failure::Maintenance).with_code("empty_answer"));
    }
    let text = String::from_utf8_lossy(&answer.body);
    let is_clean = matches!(text, Cow::Borrowed(_));
    if is_clean && serde_json::from_str::<&RawValue>(&text).is_ok() {
        return Ok(Json { text, dirty: false });
    }
    if lenient && let Some(found) = search(&text) {
        return Ok(Json { text: Cow::Owned(found.to_owned()), dirty: true });
    }
    if !answer.is_html() {
        return Err(fault(answer, Failure::BadJson));
    }
    match page_class(answer) {
        Some(class) => Err(fault(answer, class)),
        // A page that does not say who wrote it.
        None => Err(fault(answer, Failure::Blocked).with_code("html_answer")),
    }
}

/// The one record that an answer should hold; `lenient` as for [`json`].
pub(crate) fn record<T>(
    answer: &Answer,
    lenient: bool,
    decode: impl FnOnce(&[u8]) -> Result<Item<T>, Poison>,
) -> Result<Item<T>, WooError> {
    let Json { text, dirty } = json(answer, lenient)?;
    match decode(text.as_bytes()) {
        Ok(item) => Ok(Item { dirty, ..item }),
        Err(poison) => {
            let code = error_code(text.as_bytes()).unwrap_or_else(|| "undecodable".to_owned());
            Err(WooError { cause: Some(Box::new(poison)), ..fault(answer, Failure::BadJson).with_code(&code) })
        }
    }
}

pub(crate) fn fault(answer: &Answer, class: Failure) -> WooError {
    WooError { status: Some(answer.status), retry_after: answer.retry_after(), ..WooError::new(class) }
}

/// The first value that reaches to the end of the body, or to a trailing comment or notice.
pub(crate) fn search(text: &str) -> Option<&str> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let starts = text.match_indices(['[', '{']).map(|(at, _)| at);
    for at in starts.take_while(|at| *at <= LONGEST_JUNK).take(MOST_TRIES) {
        let rest = text.get(at..)?;
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        let Some(Ok(value)) = values.next() else {
            // The real start, cut off: a whole value further inside is only a part of it.
            let is_start = at == 0 || rest.starts_with("{\"") || rest.starts_with("[{\"");
            if is_start {
                return None;
            }
            continue;
        };
        let tail = rest.get(values.byte_offset()..).unwrap_or_default().trim();
        if tail.is_empty() || tail.starts_with('<') {
            return Some(value.get());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str) -> Answer {
        Answer { status: 200, headers: reqwest::header::HeaderMap::new(), body: body.as_bytes().to_vec() }
    }

    #[test]
    fn noise_around_json_is_forgiven_to_reads_only() {
        for body in [
            "\u{feff}[{\"id\":1}]",
            "<br />\n<b>Notice</b>: Undefined index: [foo] in <b>/x.php</b> on line <b>3</b><br />\n[{\"id\":1}]",
            "PHP Warning: offset [0] {main}\n[{\"id\":1}]",
            "[{\"id\":1}]\n<!-- cached by a plugin -->",
        ] {
            let answer = answer(body);
            let found = json(&answer, true).unwrap();
            assert_eq!((found.text.as_ref(), found.dirty), ("[{\"id\":1}]", true), "{body}");
            assert!(json(&answer, false).is_err(), "{body}");
        }
        let clean = answer(" [] \n");
        assert!(!json(&clean, true).unwrap().dirty);
    }

    #[test]
    fn what_holds_no_json_is_named_by_what_it_is() {
        let class = |body: &str| json(&answer(body), true).unwrap_err().class;
        assert_eq!(class(""), Failure::Maintenance);
        assert_eq!(class("  \n"), Failure::Maintenance);
        assert_eq!(class("<html>Briefly unavailable for scheduled maintenance.</html>"), Failure::Maintenance);
        assert_eq!(class("<html><script src=/cdn-cgi/challenge-platform/x></script></html>"), Failure::Blocked);
        assert_eq!(class("<form id=loginform action=/wp-login.php>"), Failure::Blocked);
        assert_eq!(class("<!doctype html><title>Shop</title>"), Failure::Blocked);
        assert_eq!(class("[{\"id\":1},{\"id\":"), Failure::BadJson);
        assert_eq!(class("[{\"id\":1,\"line_items\":[{\"id\":5}]"), Failure::BadJson);
        assert_eq!(class("Notice: x\n[{\"id\":1,\"line_items\":[{\"id\":5}]"), Failure::BadJson);
        assert_eq!(class("oops"), Failure::BadJson);
    }
}
