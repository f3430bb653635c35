//! Reads what a list is narrowed to from its address. An address can be typed by anyone.

use serde::Deserialize;
use storewire_domain::StoreId;
use uuid::Uuid;

use super::view::Narrowing;
use crate::error::WebError;

/// Rows on a page.
pub const PAGE: u32 = 50;
const MAX_SEARCH_CHARS: usize = 100;
const MAX_WORD_CHARS: usize = 40;

/// The parameters that lists share. Each may be absent or empty.
#[derive(Debug, Deserialize)]
pub struct ListQuery {
    store: Option<String>,
    status: Option<String>,
    stock: Option<String>,
    state: Option<String>,
    topic: Option<String>,
    tag: Option<String>,
    customer: Option<String>,
    q: Option<String>,
    pub after: Option<String>,
}

impl ListQuery {
    /// The list's narrowing. A store or status that cannot exist is a page that does not exist.
    pub fn narrowing(&self) -> Result<Narrowing, WebError> {
        let store: Option<StoreId> =
            given(self.store.as_deref()).map(str::parse).transpose().map_err(|_| WebError::NotFound)?;
        let choice = [&self.status, &self.stock, &self.state].into_iter().find_map(|word| given(word.as_deref()));
        if choice.is_some_and(|word| !is_machine_word(word)) {
            return Err(WebError::NotFound);
        }
        Ok(Narrowing {
            store,
            choice: choice.map(str::to_owned).or_else(|| self.tag()),
            q: given(self.q.as_deref()).map(clean).filter(|text| !text.is_empty()),
            customer: given(self.customer.as_deref()).map(str::parse).transpose().map_err(|_| WebError::NotFound)?,
            is_further: given(self.after.as_deref()).is_some(),
        })
    }
}

impl ListQuery {
    /// A customer's tag. It may hold what no other filter does, so it stands in the place of the list's choice as it was typed.
    pub fn tag(&self) -> Option<String> {
        given(self.tag.as_deref()).map(clean).map(|tag| tag.to_lowercase()).filter(|tag| !tag.is_empty())
    }

    /// A webhook topic, such as `order.updated`. One that cannot exist is a page that does not exist.
    pub fn topic(&self) -> Result<Option<String>, WebError> {
        let topic = given(self.topic.as_deref());
        let is_topic = |text: &str| text.split('.').count() == 2 && text.split('.').all(is_machine_word);
        if topic.is_some_and(|text| !is_topic(text)) {
            return Err(WebError::NotFound);
        }
        Ok(topic.map(str::to_owned))
    }

    /// Where a list that is ordered by id alone goes on; garbage begins anew.
    pub fn before(&self) -> Option<Uuid> {
        given(self.after.as_deref())?.parse().ok()
    }
}

/// Splits a page's end into its two keys.
pub fn split_key(after: Option<&str>) -> Option<(&str, &str)> {
    given(after)?.split_once('_')
}

/// Cuts the row that only told whether there is a further page; if there is one, the key of the last row that is left.
pub fn last<T>(rows: &mut Vec<T>, key: impl Fn(&T) -> String) -> Option<String> {
    let has_more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    rows.last().filter(|_| has_more).map(key)
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// PostgreSQL's text holds no NUL, and nobody searches for a control character.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_SEARCH_CHARS).collect()
}

fn is_machine_word(word: &str) -> bool {
    word.len() <= MAX_WORD_CHARS && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Narrowing, WebError> {
        actix_web::web::Query::<ListQuery>::from_query(query).unwrap().narrowing()
    }

    #[test]
    fn empty_parameters_narrow_nothing() {
        let narrowing = read("store=&status=&q=%20&after=").unwrap();
        assert!(narrowing.store.is_none() && narrowing.choice.is_none() && narrowing.q.is_none());
        assert!(!narrowing.is_further);
    }

    #[test]
    fn what_cannot_exist_is_not_found() {
        for bad in ["state=%22", "store=7", "store=%00", "status=a%27b", "status=%F0%9F%98%80", "stock=a+b"] {
            assert!(matches!(read(bad), Err(WebError::NotFound)), "{bad}");
        }
    }

    #[test]
    fn a_search_holds_no_control_characters_and_has_an_end() {
        assert_eq!(read("q=a%00b%0A").unwrap().q.as_deref(), Some("ab"));
        let long = format!("q={}", "%C4%B0".repeat(500));
        assert_eq!(read(&long).unwrap().q.unwrap().chars().count(), MAX_SEARCH_CHARS);
    }

    #[test]
    fn the_row_beyond_the_page_is_cut() {
        let mut rows: Vec<u32> = (1..=PAGE + 1).collect();
        assert_eq!(last(&mut rows, u32::to_string), Some(PAGE.to_string()));
        assert_eq!(rows.len(), PAGE as usize);
        assert_eq!(last(&mut rows, u32::to_string), None);
    }
}
