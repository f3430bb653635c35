//! One page of a listing.

use jiff::Timestamp;

use crate::{Item, Poison, answer::Answer};

/// The records of one page, each for itself, and what the headers say about the rest.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub items: Vec<Result<Item<T>, Poison>>,
    /// `X-WP-Total`; 0 on a page past the end of some stores.
    pub total: Option<u64>,
    /// `X-WP-TotalPages`; 0 on a page past the end of some stores.
    pub total_pages: Option<u32>,
    /// The store's own clock when it answered.
    pub store_now: Option<Timestamp>,
    /// The JSON came with noise around it: the store's PHP is not well.
    pub dirty: bool,
    /// A `Link` to a next page.
    pub has_next_link: bool,
}

impl<T> Page<T> {
    pub(crate) fn new(answer: &Answer, dirty: bool, items: Vec<Result<Item<T>, Poison>>) -> Self {
        let number = |name| answer.header(name).and_then(|text| text.trim().parse().ok());
        Self {
            items,
            total: number("x-wp-total"),
            total_pages: number("x-wp-totalpages").and_then(|pages| u32::try_from(pages).ok()),
            store_now: answer.store_now(),
            dirty,
            has_next_link: answer.link("next").is_some(),
        }
    }

    /// Whether no page follows `page`. Never judged by how full the page is: records that the keys may not read are
    /// left out of a page after it was cut.
    #[must_use]
    pub fn is_last(&self, page: u32) -> bool {
        match self.total_pages {
            Some(pages) => page >= pages,
            None if self.has_next_link => false,
            None => self.items.is_empty(),
        }
    }

    /// The records that could be decoded.
    pub fn good(&self) -> impl Iterator<Item = &Item<T>> {
        self.items.iter().filter_map(|item| item.as_ref().ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(total_pages: Option<u32>, has_next_link: bool, items: usize) -> Page<()> {
        let item = Ok(Item { value: (), raw: String::new(), dirty: false });
        Page { items: vec![item; items], total: None, total_pages, store_now: None, dirty: false, has_next_link }
    }

    #[test]
    fn the_end_is_told_by_headers_and_never_by_a_short_page() {
        assert!(!page(Some(3), false, 0).is_last(2));
        assert!(page(Some(3), true, 100).is_last(3));
        assert!(page(Some(0), false, 0).is_last(99));
        assert!(!page(None, true, 1).is_last(1));
        assert!(!page(None, true, 0).is_last(1));
        assert!(!page(None, false, 1).is_last(1));
        assert!(page(None, false, 0).is_last(4));
    }
}
