//! Lists in pages: the envelope, its bounds, and the opaque mark after which the next page starts.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::WebError;

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;
const MAX_FILTER_CHARS: usize = 200;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it as `after` to get the next page; null on the last one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of at most `limit` of the rows; one row more than that says that there is a next page.
    pub fn of<R>(mut rows: Vec<R>, limit: u32, mark: impl Fn(&R) -> String, item: impl Fn(R) -> T) -> Self {
        let limit = limit as usize;
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| has_more).map(mark);
        Self { items: rows.into_iter().map(item).collect(), next }
    }
}

/// The page's length that was asked for, within its bounds.
pub fn limit(asked: Option<u32>) -> Result<u32, WebError> {
    match asked {
        None => Ok(DEFAULT_LIMIT),
        Some(limit @ 1..=MAX_LIMIT) => Ok(limit),
        Some(_) => Err(WebError::BadRequest(format!("limit must be from 1 to {MAX_LIMIT}"))),
    }
}

/// A filter's text: short, and without the characters that no stored text holds.
pub fn filter(name: &str, text: Option<String>) -> Result<Option<String>, WebError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > MAX_FILTER_CHARS || text.contains(char::is_control) {
        return Err(WebError::BadRequest(format!("{name} is too long or holds control characters")));
    }
    Ok(Some(text))
}

/// Writes a mark.
#[must_use]
pub fn mark(place: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default())
}

/// Reads a mark that we wrote.
pub fn place<T: DeserializeOwned>(mark: Option<&str>) -> Result<Option<T>, WebError> {
    let Some(mark) = mark else { return Ok(None) };
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(mark).ok()?;
        let value: Value = serde_json::from_slice(&bytes).ok()?;
        // What a mark holds goes into a query: a NUL, which no stored text can hold, is none of ours.
        let has_nul = |part: &Value| part.as_str().is_some_and(|text| text.contains('\0'));
        if value.as_array()?.iter().any(has_nul) {
            return None;
        }
        serde_json::from_value(value).ok()
    };
    read().map(Some).ok_or_else(|| WebError::BadRequest("after is no mark of this list".to_owned()))
}

/// The id in a mark of a list that is ordered by id alone.
pub fn id(mark: Option<&str>) -> Result<Option<Uuid>, WebError> {
    Ok(place::<(Uuid,)>(mark)?.map(|(id,)| id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_at_its_limit_and_marks_the_next_only_if_there_is_one() {
        let page = |rows: Vec<u32>| Page::of(rows, 2, ToString::to_string, |row| row);
        let full = page(vec![1, 2, 3]);
        assert_eq!((full.items, full.next.as_deref()), (vec![1, 2], Some("2")));
        let last = page(vec![1, 2]);
        assert_eq!((last.items, last.next), (vec![1, 2], None));
        assert_eq!(page(vec![]).next, None);
    }

    #[test]
    fn marks_come_back_as_written_and_anything_else_is_refused() {
        for name in ["ünïcode", r"\u0000", "\"quoted\"", ""] {
            assert_eq!(place(Some(&mark(&(name, 7)))).unwrap(), Some((name.to_owned(), 7)));
        }
        let written = mark(&("name", 7));
        assert_eq!(place::<(String, u32)>(None).unwrap(), None);
        for foreign in ["", "x", "%%%", &mark(&"other"), &mark(&("a\u{0}b", 1)), &format!("{written}=")] {
            assert!(place::<(String, u32)>(Some(foreign)).is_err(), "{foreign}");
        }
    }

    #[test]
    fn bounds_are_kept() {
        assert_eq!(limit(None).unwrap(), 50);
        assert_eq!(limit(Some(200)).unwrap(), 200);
        assert!(limit(Some(0)).is_err());
        assert!(limit(Some(201)).is_err());
        assert!(filter("q", Some("a\u{0}".to_owned())).is_err());
        assert!(filter("q", Some("x".repeat(201))).is_err());
        assert_eq!(filter("q", Some(String::new())).unwrap(), None);
    }
}
